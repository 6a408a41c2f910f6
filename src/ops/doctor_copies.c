/* What is known of the copies that would be left when this machine goes: backups, standbys, and whether leaving was rehearsed (doctor.def).
 */
#include "ops/doctor.h"

#include "base/clock.h"
#include "config/config.h"
#include "core/media_store.h"
#include "core/site.h"
#include "move/origin.h"
#include "move/vault.h"
#include "ops/drill_clock.h"
#include "ops/keeper.h"
#include "store/local_state.h"
#include "store/standby.h"

#include <stdio.h>

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

struct place {
	struct str to;
	struct backup_keys keys;
	struct store_means means;
	bool used; /* a backup was made there before */
};

/* Its head is read, which tries the way there, the place and the key. One without a head is fine where it was never used. */
static void open_place(struct probe *p) {
	struct place *place = p->question;
	struct vault *vault = NULL;
	err e = vault_open(&vault, place->to, &place->means, &place->keys, false);
	if (e && (e->code != ERR_NOT_FOUND || place->used))
		probe_failed(p, e);
	vault_close(&vault);
	explicit_bzero(&place->keys, sizeof place->keys);
}

void ask_backup(struct doctor *d) {
	struct str to = setting(d, SET_backup_to);
	if (str_empty(to))
		return;
	struct probe *p = d->asked[PARTY_backup][0] = probe_new();
	struct place *place = arena_one(p->arena, struct place);
	place->to = arena_str(p->arena, to);
	place->used = d->c->db && noted(d, S(BACKUP_MADE));
	err e = backup_keys_read(p->arena, setting(d, SET_backup_key), &place->keys);
	if (!e)
		e = media_store_means(p->arena, d->c->site, false, &place->means);
	if (e) {
		probe_failed(p, e);
		return;
	}
	p->question = place;
	if (!probe_start(p, open_place))
		snprintf(p->cause, sizeof p->cause, "no thread can be had");
}

void tell_backup(struct doctor *d) {
	struct probe *p = d->asked[PARTY_backup][0];
	struct str rest = setting(d, SET_backup_to), place = str_cut(&rest, '?'), why;
	if (!p) {
		doctor_say(d, PARTY_backup, SAY_no_backup, STR_NONE);
		return;
	}
	if (!p->question) /* it was not even asked */
		doctor_say(d, PARTY_backup, SAY_no_place, place)->what = arena_str(d->c->arena, str_of(p->cause));
	else if (!doctor_answered(d, p, &why))
		doctor_say(d, PARTY_backup, SAY_no_place, place)->what = why;
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

/* Heard lately, it may be far behind all the same. */
static void tell_one(struct doctor *d, const struct standby_row *r) {
	int64_t now = clock_ms(), silence = now - r->heard_at, waits = 0;
	if (store_journal_rest(d->c->db, r->xid, r->seq, &waits))
		waits = 0;
	int64_t behind = waits ? now - waits : 0;
	if (silence > SILENT_MS)
		doctor_say(d, PARTY_standby, SAY_standby_silent, r->name)->n = silence / MINUTE_MS;
	else if (behind > SILENT_MS)
		doctor_say(d, PARTY_standby, SAY_standby_behind, r->name)->n = behind / MINUTE_MS;
	else
		doctor_say(d, PARTY_standby, SAY_follows, r->name)->n = silence / 1000;
}

void tell_standby(struct doctor *d) {
	struct standby_row *v;
	size_t n, followers = 0;
	int64_t newest = 0;
	if (!d->c->db || store_standby_list(d->c->arena, d->c->db, &v, &n))
		return;
	for (size_t i = 0; i < n && followers < ASKED_MAX; i++) {
		if (!v[i].joined || standby_rehearses(v[i].name))
			continue;
		tell_one(d, &v[i]);
		newest = v[i].heard_at > newest ? v[i].heard_at : newest;
		followers++;
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
