/* The ways out for mails and text messages: whether each answers, and what waits (doctor.def). */
#include "ops/doctor.h"

#include "config/config.h"
#include "core/mail.h"
#include "core/mail_routes.h"
#include "core/site.h"
#include "core/sms.h"
#include "net/sms.h"
#include "net/smtp.h"

/* A route whose password cannot be read was not asked at all. */
static bool route_answers(struct doctor *d, enum party party, size_t i, struct str *why) {
	struct probe *p = d->asked[party][i];
	*why = doctor_words(d, p->cause);
	return (p->failed && p->cause[0]) ? false : doctor_answered(d, p, why);
}

/* silent: what is said of a route while others answer. */
static size_t tell_routes(struct doctor *d, enum party party, struct routes *routes, enum saying silent) {
	size_t n = routes_count(routes), well = 0;
	struct str why[ASKED_MAX];
	bool good[ASKED_MAX];
	for (size_t i = 0; i < n; i++)
		well += good[i] = route_answers(d, party, i, &why[i]);
	for (size_t i = 0; i < n; i++) {
		enum saying say = !good[i] ? well ? silent : SAY_silent : n == 1 ? SAY_one_route : SAY_answers;
		doctor_say(d, party, say, routes_state(routes, i).name)->what = why[i];
	}
	return n;
}

static void tell_waiting(struct doctor *d, enum party party, const struct routes_kind *kind, enum saying say) {
	int64_t n = 0, since = 0;
	if (!d->c->db || routes_away_since(d->c, kind, &since) || store_job_waiting(d->c->db, str_of(kind->job), &n))
		return;
	if (n && since)
		doctor_say(d, party, say, STR_NONE)->n = n;
}

/* ── mail ── */

static void greet(struct probe *p) {
	err e = smtp_ask(p->question);
	if (e)
		probe_failed(p, e);
}

void ask_mail(struct doctor *d) {
	for (size_t i = 0; i < routes_count(d->c->site->mail); i++) {
		struct probe *p = probe_new();
		struct smtp_route *route = arena_one(p->arena, struct smtp_route);
		err e = mail_route_get(d->c, i, p->arena, route);
		route->timeout_ms = DOCTOR_PATIENCE_MS;
		p->question = route;
		d->asked[PARTY_mail][i] = p;
		if (e)
			probe_failed(p, e);
		else
			doctor_ask(d, PARTY_mail, (int)i, p, greet);
	}
}

void tell_mail(struct doctor *d) {
	if (!tell_routes(d, PARTY_mail, d->c->site->mail, SAY_route_silent)) {
		bool needed = str_eq(config_text(d->c->site->config, SET_registrations_confirm), S("email"));
		doctor_say(d, PARTY_mail, needed ? SAY_no_route : SAY_not_needed, STR_NONE);
	}
	tell_waiting(d, PARTY_mail, &mail_routes, SAY_mails_wait);
}

/* ── text messages ── */

static void knock(struct probe *p) {
	err e = sms_ask(p->question);
	if (e)
		probe_failed(p, e);
}

void ask_sms(struct doctor *d) {
	for (size_t i = 0; i < routes_count(d->c->site->sms); i++) {
		struct probe *p = probe_new();
		struct sms_route *route = arena_one(p->arena, struct sms_route);
		sms_route_get(d->c, i, p->arena, route);
		p->question = route;
		doctor_ask(d, PARTY_sms, (int)i, p, knock);
	}
}

void tell_sms(struct doctor *d) {
	if (!tell_routes(d, PARTY_sms, d->c->site->sms, SAY_sms_silent))
		doctor_say(d, PARTY_sms, SAY_no_sms, STR_NONE);
	tell_waiting(d, PARTY_sms, &sms_routes, SAY_sms_wait);
	int64_t sent;
	bool full;
	if (d->c->db && !sms_full(d->c, false, &sent, &full) && full)
		doctor_say(d, PARTY_sms, SAY_sms_capped, STR_NONE)->n = sent;
}
