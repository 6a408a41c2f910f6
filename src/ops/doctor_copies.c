/* What is known of the copies that would be left when this machine goes: backups, standbys, and whether leaving was rehearsed (doctor.def).
 */
#include "ops/doctor.h"

#include "base/clock.h"
#include "config/config.h"
#include "core/site.h"
#include "move/origin.h"
#include "ops/drill_clock.h"
#include "ops/keeper.h"
#include "store/local_state.h"
#include "store/standby.h"

enum {
	MINUTE_MS = 60 * 1000,
	HOUR_MS = 60 * MINUTE_MS,
	DAY_MS = 24 * HOUR_MS,
	SILENT_MS = MINUTE_MS, /* a standby asks every few seconds */
	REHEARSED_DAYS = 100,
};

static struct str setting(const struct doctor *d, enum setting s) { return config_text(d->c->site->config, s); }

static int64_t noted(struct doctor *d, struct str key) {
	struct str text;
	int64_t ms;
	return !store_local_get(d->c->arena, d->c->db, key, &text) && str_i64(text, &ms) ? ms : 0;
}

/* ── backups ── */

static void tell_made(struct doctor *d, struct str place) {
	int64_t made = noted(d, S(BACKUP_MADE)), every = config_number(d->c->site->config, SET_backup_every) * 1000,
	        age = clock_ms() - made;
	if (!made)
		doctor_say(d, PARTY_backup, SAY_backup_never, place);
	else
		doctor_say(d, PARTY_backup, age > 2 * every + HOUR_MS ? SAY_backup_old : SAY_backup_made, place)->n = age / HOUR_MS;
}

static void tell_verified(struct doctor *d) {
	int64_t verified = noted(d, S(BACKUP_VERIFIED));
	enum saying say = noted(d, S(BACKUP_UNSOUND)) ? SAY_backup_unsound : verified ? SAY_backup_read : SAY_backup_unread;
	doctor_say(d, PARTY_backup, say, STR_NONE)->n = (clock_ms() - verified) / DAY_MS;
}

void tell_backup(struct doctor *d) {
	struct str rest = setting(d, SET_backup_to), place = str_cut(&rest, '?');
	struct keeper_facts f;
	keeper_facts(d->c->site->keeper, &f);
	if (str_empty(place)) {
		doctor_say(d, PARTY_backup, SAY_no_backup, STR_NONE);
		return;
	}
	if (f.wanted && !f.reachable)
		doctor_say(d, PARTY_backup, SAY_place_silent, place);
	if (!d->c->db)
		return;
	tell_made(d, place);
	tell_verified(d);
}

/* ── standbys ── */

static void tell_line(struct doctor *d, int64_t newest) {
	int64_t lease = config_number(d->c->site->config, SET_standby_lease), silence = (clock_ms() - newest) / 1000;
	if (!lease)
		doctor_say(d, PARTY_standby, SAY_no_lease, STR_NONE);
	else if (silence > lease)
		doctor_say(d, PARTY_standby, SAY_lease_over, STR_NONE)->n = silence;
}

void tell_standby(struct doctor *d) {
	struct standby_row *v;
	size_t n, followers = 0;
	int64_t newest = 0, now = clock_ms();
	if (!d->c->db || store_standby_list(d->c->arena, d->c->db, &v, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		if (!v[i].joined || str_starts(v[i].name, S(STANDBY_REHEARSAL)))
			continue;
		bool silent = now - v[i].heard_at > SILENT_MS;
		doctor_say(d, PARTY_standby, silent ? SAY_standby_silent : SAY_follows, v[i].name)->n =
		    (now - v[i].heard_at) / (silent ? MINUTE_MS : 1000);
		newest = v[i].heard_at > newest ? v[i].heard_at : newest;
		if (++followers == ASKED_MAX)
			break;
	}
	if (followers)
		tell_line(d, newest);
	else
		doctor_say(d, PARTY_standby, SAY_no_standby, STR_NONE);
}

/* ── the rehearsal ── */

void tell_rehearsal(struct doctor *d) {
	struct drill_facts f;
	if (!d->c->db || drill_last(d->c->arena, d->c->db, &f))
		return;
	int64_t days = (clock_ms() - f.at) / DAY_MS;
	enum saying say = SAY_rehearsed;
	if (!f.any)
		say = SAY_never_rehearsed;
	else if (!f.ok)
		say = SAY_rehearsal_failed;
	else if (days > REHEARSED_DAYS)
		say = SAY_rehearsed_long_ago;
	doctor_say(d, PARTY_rehearsal, say, STR_NONE)->n = days;
}
