/* What is asked of each party, and what is made of its answer (doctor.def). */
#include "ops/doctor.h"

#include "base/clock.h"
#include "blob/store.h"
#include "config/config.h"
#include "core/media_store.h"
#include "core/site.h"
#include "net/cert.h"
#include "store/site.h"
#include "wire/address.h"
#include "wire/url.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/timex.h>
#include <time.h>

enum { DAY_MS = 86400 * 1000, CERT_SOON_DAYS = 14, NAME_SOON_DAYS = 60, MAIL_LATE_MS = 60000 };

static struct str setting(const struct doctor *d, enum setting s) { return config_text(d->c->site->config, s); }

/* A library's words as a part of our sentence: one line, without an end. */
struct str doctor_words(const struct doctor *d, const char *text) {
	struct str in = str_trim(str_of(text)), out = {arena_zero(d->c->arena, in.n + 1), 0};
	char *to = (char *)(uintptr_t)out.p;
	for (size_t i = 0; i < in.n; i++) {
		bool blank = (unsigned char)in.p[i] <= ' ';
		if (!blank || (out.n && to[out.n - 1] != ' '))
			to[out.n++] = blank ? ' ' : in.p[i];
	}
	while (out.n && (to[out.n - 1] == '.' || to[out.n - 1] == ' '))
		out.n--;
	return str_starts(out, S("mail not sent: ")) ? str_skip(out, 15) : out;
}

/* The domain without a port; empty when none is set. */
static struct str host_of_domain(const struct doctor *d) {
	struct str domain = setting(d, SET_server_domain);
	return str_cut(&domain, ':');
}

struct probe *doctor_ask(struct doctor *d, enum party party, int i, struct probe *p, probe_fn fn) {
	if (!probe_start(p, fn))
		snprintf(p->cause, sizeof p->cause, "no thread can be had");
	return d->asked[party][i] = p;
}

bool doctor_answered(struct doctor *d, struct probe *p, struct str *why) {
	if (!probe_wait(p, d->deadline)) {
		*why = arena_printf(d->c->arena, "nothing within %d s", DOCTOR_PATIENCE_MS / 1000);
		return false;
	}
	*why = doctor_words(d, p->cause);
	return !p->failed;
}

static int64_t days_until(int64_t ms) {
	int64_t left = ms - clock_ms();
	return left >= 0 ? left / DAY_MS : -((-left + DAY_MS - 1) / DAY_MS);
}

/* ── the name ── */

static void look_up(struct probe *p) {
	struct addrinfo *found = NULL, hints = {.ai_socktype = SOCK_STREAM};
	int rc = getaddrinfo(p->question, NULL, &hints, &found);
	p->failed = rc != 0;
	if (rc)
		snprintf(p->cause, sizeof p->cause, "%s", gai_strerror(rc));
	size_t n = 0;
	for (const struct addrinfo *a = found; a && n + 60 < sizeof p->what; a = a->ai_next) {
		char text[INET6_ADDRSTRLEN] = "";
		getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
		n += (size_t)snprintf(p->what + n, sizeof p->what - n, "%s%s", n ? ", " : "", text);
	}
	if (found)
		freeaddrinfo(found);
}

void ask_dns(struct doctor *d) {
	struct str host = host_of_domain(d);
	struct probe *p;
	if (str_empty(host))
		return;
	p = probe_new();
	p->question = (void *)(uintptr_t)arena_str(p->arena, host).p;
	doctor_ask(d, PARTY_dns, 0, p, look_up);
}

void tell_dns(struct doctor *d) {
	struct probe *p = d->asked[PARTY_dns][0];
	struct str host = host_of_domain(d), why;
	if (!p) {
		doctor_say(d, PARTY_dns, SAY_no_domain, STR_NONE);
		return;
	}
	bool good = doctor_answered(d, p, &why);
	doctor_say(d, PARTY_dns, good ? SAY_leads : SAY_silent, host)->what = good ? doctor_words(d, p->what) : why;
}

/* "2027-05-01" was checked by config_read. */
static int64_t date_ms(struct str text) {
	struct tm tm = {0};
	char copy[16];
	snprintf(copy, sizeof copy, "%.*s", S_ARG(text));
	strptime(copy, "%Y-%m-%d", &tm);
	return (int64_t)timegm(&tm) * 1000;
}

void tell_registrar(struct doctor *d) {
	struct str who = setting(d, SET_server_registrar), until = setting(d, SET_server_registered_until);
	if (str_empty(host_of_domain(d)))
		return;
	if (str_empty(who) || str_empty(until)) {
		doctor_say(d, PARTY_registrar, SAY_not_told, who);
		return;
	}
	int64_t days = days_until(date_ms(until));
	enum saying say = days < 0 ? SAY_held_over : days < NAME_SOON_DAYS ? SAY_held_short : SAY_held;
	doctor_say(d, PARTY_registrar, say, who)->n = days < 0 ? -days : days;
}

/* ── the way in ── */

static void knock(struct probe *p) {
	err e = cert_of_server(str_of(p->question), DOCTOR_PATIENCE_MS, &p->ends);
	if (e)
		probe_failed(p, e);
}

void ask_address(struct doctor *d) {
	struct probe *p;
	if (str_empty(host_of_domain(d)) && str_empty(setting(d, SET_server_base_url)))
		return;
	p = probe_new();
	p->question = (void *)(uintptr_t)arena_printf(p->arena, "%.*s/health", S_ARG(d->c->site->base_url)).p;
	doctor_ask(d, PARTY_address, 0, p, knock);
}

void tell_address(struct doctor *d) {
	struct probe *p = d->asked[PARTY_address][0];
	struct str why;
	if (!p)
		return;
	bool good = doctor_answered(d, p, &why);
	doctor_say(d, PARTY_address, good ? SAY_answers : SAY_unsure, d->c->site->base_url)->what = good ? STR_NONE : why;
}

void ask_certificate(struct doctor *d) { (void)d; }

static void say_days(struct doctor *d, struct str name, int64_t ends) {
	int64_t days = days_until(ends);
	enum saying say = days < 0 ? SAY_ended : days < CERT_SOON_DAYS ? SAY_ends : SAY_good;
	doctor_say(d, PARTY_certificate, say, name)->n = days < 0 ? -days : days;
}

/* Our own, and the one that a front shows for us. */
void tell_certificate(struct doctor *d) {
	struct probe *p = d->asked[PARTY_address][0];
	struct str file = setting(d, SET_server_tls_cert), unused;
	int64_t ends = 0;
	if (file.n) {
		err e = cert_of_file(file, &ends);
		if (e)
			doctor_say(d, PARTY_certificate, SAY_unreadable, file)->what = doctor_words(d, e->text);
		else
			say_days(d, file, ends);
	} else if (p) {
		(void)doctor_answered(d, p, &unused);
		if (probe_wait(p, d->deadline) && p->ends)
			say_days(d, d->c->site->base_url, p->ends);
	}
}

/* ── what people wrote ── */

static struct str database_name(const struct doctor *d) {
	struct str url = setting(d, SET_database_url);
	struct url u;
	if (str_starts(url, S("sqlite:")))
		return S("SQLite");
	return url_split(url, &u) && u.host.n ? arena_printf(d->c->arena, "PostgreSQL at %.*s", S_ARG(u.host)) : S("PostgreSQL");
}

void tell_database(struct doctor *d) {
	struct str unused, name = database_name(d);
	err e = d->c->db ? store_site_get(d->c->arena, d->c->db, S("secret"), &unused) : d->trouble;
	if (e)
		doctor_say(d, PARTY_database, SAY_silent, name)->what = doctor_words(d, e->cause[0] ? e->cause : e->text);
	else
		doctor_say(d, PARTY_database, str_eq(name, S("SQLite")) ? SAY_inside : SAY_answers, name);
}

/* Any name will do: whether the store says yes or no, it answers. */
static void look_for_blob(struct probe *p) {
	struct blobs *blobs = p->question;
	struct blob_name name = {{0}};
	bool there;
	int64_t size;
	err e = blob_look(blobs, &name, &there, &size);
	if (e)
		probe_failed(p, e);
	blob_close(&blobs);
}

/* Where media go, which is not what the settings say once they were moved. */
static struct str store_address(struct doctor *d) {
	struct media_move m;
	bool found = false;
	err e = d->c->db ? media_move_get(d->c->arena, d->c->db, &m, &found) : NULL;
	return found && !e ? m.to : setting(d, SET_media_store);
}

void ask_store(struct doctor *d) {
	struct blobs *blobs;
	struct probe *p = probe_new();
	err e = media_store_open(&blobs, d->c->site, store_address(d), true);
	d->asked[PARTY_store][0] = p;
	p->question = blobs;
	if (e)
		probe_failed(p, e);
	else if (!probe_start(p, look_for_blob))
		blob_close(&blobs);
}

void tell_store(struct doctor *d) {
	struct probe *p = d->asked[PARTY_store][0];
	struct str address = store_address(d), rest = address, name = str_cut(&rest, '?'), why;
	if (p->failed && p->cause[0] && !p->question) {
		doctor_say(d, PARTY_store, SAY_unreadable, name)->what = doctor_words(d, p->cause);
		return;
	}
	if (!doctor_answered(d, p, &why))
		doctor_say(d, PARTY_store, SAY_silent, name)->what = why;
	else
		doctor_say(d, PARTY_store, str_starts(address, S("files:")) ? SAY_inside : SAY_answers, name);
}

/* ── time ── */

void tell_clock(struct doctor *d) {
	struct timex t = {0};
	int state = adjtimex(&t);
	doctor_say(d, PARTY_clock, state < 0 || state == TIME_ERROR || t.status & STA_UNSYNC ? SAY_adrift : SAY_in_step, STR_NONE);
}
