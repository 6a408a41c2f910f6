#include "core/sms.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/secret.h"
#include "core/site.h"
#include "core/site_text.h"
#include "store/member.h"
#include "store/phone.h"
#include "store/site.h"
#include "wire/phone.h"
#include "wire/url.h"

#include <sodium.h>

enum { DAY_MS = 86400 * 1000, TRIES = 12 };

#define SENT_KEY "sms_sent" /* in the site table: "DAY COUNT" */

err sms_settings_check(const struct site *site) {
	struct str prefixes = config_text(site->config, SET_sms_prefixes);
	if (site_confirms(site->config) == CONFIRM_PHONE && !routes_count(site->sms))
		return err_public(ERR_INVALID,
		                  "registrations.confirm = phone needs a way for text messages (sms.route): nobody could get in");
	while (prefixes.n) {
		struct str prefix = str_trim(str_cut(&prefixes, ','));
		if (prefix.n && !phone_is_prefix(prefix))
			return err_public(ERR_INVALID, "sms.prefixes: a prefix is + and digits as +49, not \"%.*s\"", S_ARG(prefix));
	}
	return NULL;
}

err sms_queue_code(struct tx *tx, int64_t account_id, struct str number) {
	TRY(store_job_forget_of(tx, S(SMS_JOB), account_id));
	return store_job_add(tx, S(SMS_JOB), 0, account_id, 0, number, NULL);
}

/* ── the day's cap ── */

static int64_t cap_of(const struct site *site) { return config_number(site->config, SET_sms_per_day); }

static err sent_today(struct arena *a, struct db *db, int64_t *n) {
	struct str rest, day;
	int64_t number = 0;
	*n = 0;
	TRY(store_site_get(a, db, S(SENT_KEY), &rest));
	day = str_cut(&rest, ' ');
	if (str_i64(day, &number) && number == clock_ms() / DAY_MS && !str_i64(rest, n))
		return err_private(ERR_INTERNAL, "the site's " SENT_KEY " is damaged");
	return NULL;
}

static err count(struct tx *tx, struct arena *a, int64_t n) {
	return store_site_set(tx_db(tx), S(SENT_KEY), arena_printf(a, "%lld %lld", (long long)(clock_ms() / DAY_MS), (long long)n));
}

err sms_full(struct ctx *c, bool waiting, int64_t *sent, bool *full) {
	int64_t queued = 0, cap = cap_of(c->site);
	TRY(sent_today(c->arena, c->db, sent));
	if (waiting)
		TRY(store_job_waiting(c->db, S(SMS_JOB), &queued));
	*full = cap && *sent + queued >= cap;
	return NULL;
}

err sms_delayed(struct ctx *c, bool *out) {
	int64_t since, sent;
	bool full;
	*out = false;
	if (!routes_count(c->site->sms))
		return NULL;
	TRY(routes_away_since(c, &sms_routes, &since));
	TRY(sms_full(c, false, &sent, &full));
	*out = since || full;
	return NULL;
}

bool sms_shut(struct site *site, struct db *db) {
	routes_count_waiting(site->sms, db);
	if (routes_shut(site->sms))
		return true;
	if (!cap_of(site) || !routes_waiting(site->sms))
		return false;
	struct arena *a = arena_new();
	int64_t sent;
	err e = sent_today(a, db, &sent);
	arena_free(&a);
	return !e && sent >= cap_of(site);
}

bool sms_away(struct site *site) { return routes_away(site->sms); }

/* ── one message ── */

struct texting {
	struct ctx *c;
	struct phone_row row;
	struct str number, code;
	bool wanted, full;
};

/* The account may have another number by now, be confirmed, or be gone. */
static err look(struct texting *t, struct db *db, int64_t account_id) {
	struct member_row m;
	TRY(store_phone_get(t->c->arena, db, account_id, &t->row, &t->wanted));
	t->wanted = t->wanted && t->row.state == PHONE_WAITS && str_eq(t->row.hash, secret_phone(t->c->arena, t->c->site, t->number));
	if (t->wanted)
		TRY(store_member_by_id(t->c->arena, db, account_id, &m, &t->wanted));
	t->wanted = t->wanted && !(m.flags & MEMBER_CONFIRMED) && site_confirms(t->c->site->config) == CONFIRM_PHONE;
	return NULL;
}

/* Writes the code down and counts the message, before it leaves. */
static err prepare(struct tx *tx, void *arg) {
	struct texting *t = arg;
	int64_t sent, cap = cap_of(t->c->site);
	TRY(tx_journal(tx, J_ONCE_CHANGED, t->row.account_id, 0, 0));
	TRY(look(t, tx_db(tx), t->row.account_id));
	TRY(sent_today(t->c->arena, tx_db(tx), &sent));
	t->full = cap && sent >= cap;
	if (!t->wanted || t->full)
		return NULL;
	TRY(count(tx, t->c->arena, sent + 1));
	t->row.code_hash = secret_phone_code(t->c->arena, t->c->site, t->row.account_id, t->code);
	t->row.code_until = clock_ms() + SMS_CODE_MS;
	t->row.tries = 0;
	return store_phone_put(tx, &t->row);
}

struct failing {
	struct texting *t;
	bool refused; /* for good */
};

/* It did not leave: it costs nothing, and its code is not good. */
static err take_back(struct tx *tx, void *arg) {
	const struct failing *f = arg;
	struct texting *t = f->t;
	struct str ours = secret_phone_code(t->c->arena, t->c->site, t->row.account_id, t->code);
	int64_t sent;
	TRY(tx_journal(tx, J_ONCE_CHANGED, t->row.account_id, 0, 0));
	TRY(sent_today(t->c->arena, tx_db(tx), &sent));
	if (sent)
		TRY(count(tx, t->c->arena, sent - 1));
	TRY(look(t, tx_db(tx), t->row.account_id));
	if (!t->wanted || !str_eq(t->row.code_hash, ours))
		return NULL;
	t->row.state = f->refused ? PHONE_REFUSED : PHONE_WAITS;
	t->row.code_hash = STR_NONE;
	return store_phone_put(tx, &t->row);
}

/* One part of 160 characters. Its last line is for browsers and telephones, which then offer the code on this site and on no other. */
static struct str words(struct texting *t, struct str locale) {
	struct url u = {0};
	struct str host = url_split(t->c->site->base_url, &u) ? u.host : t->c->site->domain;
	bool german = str_starts_ci(locale, S("de"));
	return arena_printf(t->c->arena, "%.*s %s %.*s. %s.\n\n@%.*s #%.*s", S_ARG(t->code),
	                    german ? "ist dein Code für" : "is your code for", S_ARG(host),
	                    german ? "Er gilt zehn Minuten" : "It is valid for ten minutes", S_ARG(host), S_ARG(t->code));
}

/* What became of it, in the database: e is how sending ended. */
static err settle(struct texting *t, const struct err *e, const struct job *job) {
	struct ctx *c = t->c;
	err noted = routes_note(c, c->site->sms, !e || e->code == ERR_INVALID);
	if (noted)
		log_warn("that text messages leave or not could not be noted: %s", noted->cause);
	if (!e)
		return NULL;
	struct failing f = {t, e->code == ERR_INVALID};
	TRY(tx_run(c->db, take_back, &f));
	if (f.refused) {
		log_warn("text message %lld is given up: its number is refused for good", (long long)job->id);
		return NULL;
	}
	if (job->tries + 1 < TRIES || routes_away(c->site->sms))
		return err_private(e->code, "%s", e->cause);
	log_warn("text message %lld is given up after %d tries", (long long)job->id, TRIES);
	return NULL;
}

err sms_job(struct ctx *c, const struct job *job) {
	struct texting t = {.c = c, .number = job->data, .row = {.account_id = job->a}};
	struct member_row m;
	bool found;
	TRY(store_member_by_id(c->arena, c->db, job->a, &m, &found));
	if (!found)
		return NULL;
	t.code = arena_printf(c->arena, "%0*u", SMS_CODE_DIGITS, randombytes_uniform(1000000));
	TRY(tx_run(c->db, prepare, &t));
	if (!t.wanted)
		return NULL;
	if (t.full)
		return err_private(ERR_UNAVAILABLE, "all text messages of today are sent (sms.per_day)");
	err e = sms_routes_send(c, t.number, words(&t, m.locale));
	struct err kept = e ? *e : (struct err){0};
	return settle(&t, e ? &kept : NULL, job);
}
