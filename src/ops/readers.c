#include "ops/readers.h"

#include "config/config.h"
#include "core/account_delete.h"
#include "core/mail.h"
#include "core/media.h"
#include "core/notifier.h"
#include "core/orphan.h"
#include "core/poll.h"
#include "core/search_index.h"
#include "core/site.h"
#include "core/sms.h"
#include "core/status_delete.h"
#include "core/upload.h"
#include "move/migrate.h"
#include "move/origin.h"
#include "move/transfer.h"
#include "ops/film_job.h"
#include "store/media.h"

#include <limits.h>

static const struct job_hold mail_hold = {.shut = mail_shut, .away = mail_away};
static const struct job_hold sms_hold = {.shut = sms_shut, .away = sms_away};

/* An old home that comes back takes writes until it is told: it is asked again soon, for as long as it takes. */
static bool never_shut(struct site *site, struct db *db) { return false; }
static bool always_away(struct site *site) { return true; }
static const struct job_hold tell_hold = {.shut = never_shut, .away = always_away};

void readers_register(struct runner *r, const struct site *site) {
	runner_reader(r, "notifications", notifier_kinds, notifier_read, 5);
	runner_job(r, MEDIA_SWEEP, media_sweep, 1, 20);
	runner_job(r, ORPHANS_JOB, orphans_sweep, 1, 20);
	runner_job(r, MEDIA_FILM, film_job, (int)config_number(site->config, SET_media_film_at_once), FILM_JOB_TRIES);
	runner_job(r, MEDIA_MIGRATE_JOB, migrate_job, 1, MIGRATE_TRIES);
	runner_job(r, TRANSFER_JOB, transfer_job, 2, TRANSFER_TRIES);
	runner_job(r, TRANSFER_SWEEP, transfer_sweep, 1, 20);
	runner_job(r, STANDBY_TELL_JOB, standby_tell_job, 1, 1);
	runner_hold(r, STANDBY_TELL_JOB, &tell_hold);
	runner_job(r, UPLOAD_SWEEP, upload_sweep, 1, 20);
	runner_reader(r, "search", search_index_kinds, search_index_read, 250);
	runner_job(r, POLL_END_JOB, poll_end_job, 1, 20);
	runner_job(r, MAIL_JOB, mail_send, 2, 12);
	runner_hold(r, MAIL_JOB, &mail_hold);
	/* Never buried: it gives up by itself, since a row that is kept would keep a number. */
	runner_job(r, SMS_JOB, sms_job, 4, INT_MAX);
	runner_hold(r, SMS_JOB, &sms_hold);
	runner_job(r, ACCOUNT_PURGE_JOB, account_purge, 1, 1000);
	runner_job(r, STATUS_PURGE_JOB, status_purge, 2, 1000);
	runner_job(r, SEARCH_FILL_JOB, search_fill_job, 1, 20);
}

err readers_begin(struct site *site) {
	struct ctx c = {.site = site, .arena = arena_new()};
	err e = db_open(&c.db, site->store);
	if (!e)
		e = search_index_begin(&c);
	if (!e)
		e = orphans_begin(&c);
	db_close(&c.db);
	arena_free(&c.arena);
	return e;
}
