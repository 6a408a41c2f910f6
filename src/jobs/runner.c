#include "jobs/runner.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "config/config.h"
#include "core/site.h"
#include "jobs/parts.h"
#include "store/cursor.h"

#include <pthread.h>
#include <stdlib.h>

enum { TRIM_EVERY_MS = 60 * 1000, TRIM_BATCH = 2000, TRIM_PAUSE_MS = 50 };

struct runner {
	struct site *site;
	struct bell *bell;
	struct leases *leases;
	struct readers *readers;
	struct queue *queue;
	int trim_lease;
	pthread_t trimmer;
};

static void ring(void *ctx, struct db *db, const struct journal_entry *e) { bell_ring(((struct runner *)ctx)->bell); }

struct runner *runner_new(struct site *site) {
	struct runner *r = xcalloc(1, sizeof *r);
	r->site = site;
	r->bell = bell_new();
	r->leases = leases_new(site->store);
	r->readers = readers_new(site, r->leases, r->bell);
	r->queue = queue_new(site, r->leases, r->bell);
	r->trim_lease = leases_add(r->leases, "trim");
	return r;
}

void runner_reader(struct runner *r, const char *name, const enum journal_kind *kinds, reader_fn fn, int64_t gather_ms) {
	readers_add(r->readers, name, kinds, fn, gather_ms);
}

void runner_job(struct runner *r, const char *kind, job_fn fn, int at_once, int tries) { queue_add(r->queue, kind, fn, at_once, tries); }

void runner_hold(struct runner *r, const char *kind, const struct job_hold *h) { queue_hold(r->queue, kind, h); }

/* In small transactions with pauses between, so that nobody waits long behind one. */
static err trim(struct runner *r, struct db *db) {
	int64_t now = clock_ms(), before = now - config_number(r->site->config, SET_journal_keep) * 1000,
	        heard = now - config_number(r->site->config, SET_standby_keep) * 1000;
	size_t n = TRIM_BATCH;
	while (n == TRIM_BATCH && leases_held(r->leases, r->trim_lease) && bell_pause(r->bell, TRIM_PAUSE_MS))
		TRY(store_journal_trim(db, before, heard, TRIM_BATCH, &n));
	return NULL;
}

static void *trimmer_main(void *arg) {
	struct runner *r = arg;
	struct db *db = NULL;
	while (bell_pause(r->bell, TRIM_EVERY_MS)) {
		err e = db ? NULL : db_open(&db, r->site->store);
		if (!e)
			e = trim(r, db);
		if (e)
			log_warn("the journal cannot be trimmed: %s", e->cause);
	}
	db_close(&db);
	return NULL;
}

void runner_start(struct runner *r) {
	store_on_commit(r->site->store, ring, r);
	leases_start(r->leases);
	readers_start(r->readers);
	queue_start(r->queue);
	must(thread_start(&r->trimmer, "trimmer", trimmer_main, r));
}

bool runner_stopping(struct runner *r) { return bell_stopped(r->bell); }

bool runner_stop(struct runner **out, int64_t grace_ms) {
	struct runner *r = *out;
	if (!r)
		return true;
	*out = NULL;
	store_off_commit(r->site->store, ring, r);
	bell_stop(r->bell);
	pthread_join(r->trimmer, NULL);
	readers_join(&r->readers);
	if (!queue_join(&r->queue, clock_mono_ms() + grace_ms))
		return false;
	leases_free(&r->leases);
	bell_free(&r->bell);
	free(r);
	return true;
}
