#include "core/mail_routes.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "config/config.h"
#include "core/mail.h"
#include "core/site.h"
#include "net/smtp.h"
#include "store/site.h"
#include "store/tx.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROUTES_MAX = 16, COUNT_EVERY_MS = 2000 };

#define AWAY_KEY "mail_away_since" /* in the site table */

struct route {
	struct str to, name;
	struct breaker breaker;
	int64_t sent, failed;
};

struct mail_routes {
	struct arena *arena;
	pthread_mutex_t lock; /* of breakers and counts */
	struct route routes[ROUTES_MAX];
	size_t n;
	enum told { TOLD_NOTHING, TOLD_WELL, TOLD_AWAY } told; /* what the database says, as far as this node knows */
	_Atomic int64_t waiting, counted;                      /* mails, and when (monotonic ms) */
};

static err add(struct mail_routes *r, struct str to) {
	BUF_AUTO name = {0};
	if (r->n == ROUTES_MAX)
		return err_public(ERR_INVALID, "mail.route: more than %d routes", ROUTES_MAX);
	smtp_route_name(&name, to);
	err e = smtp_route_check(to);
	if (e)
		return err_public(ERR_INVALID, "mail.route cannot be used: %.*s: %s", S_ARG(buf_str(&name)), e->text);
	r->routes[r->n++] = (struct route){.to = arena_str(r->arena, to), .name = arena_str(r->arena, buf_str(&name))};
	return NULL;
}

err mail_routes_new(struct mail_routes **out, const struct config *config) {
	struct mail_routes *r = *out = xcalloc(1, sizeof *r);
	struct str rest = config_text(config, SET_mail_route);
	r->arena = arena_new();
	pthread_mutex_init(&r->lock, NULL);
	while (rest.n) {
		err e = add(r, str_trim(str_cut(&rest, ',')));
		if (e) {
			struct err kept = *e;
			mail_routes_free(out);
			return err_public(kept.code, "%s", kept.text);
		}
	}
	return NULL;
}

void mail_routes_free(struct mail_routes **r) {
	if (!*r)
		return;
	pthread_mutex_destroy(&(*r)->lock);
	arena_free(&(*r)->arena);
	free(*r);
	*r = NULL;
}

size_t mail_routes_count(const struct mail_routes *r) { return r->n; }

bool mail_routes_shut(struct mail_routes *r) {
	int64_t now = clock_mono_ms();
	bool shut = r->n != 0;
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < r->n; i++)
		shut = shut && !breaker_ready(&r->routes[i].breaker, now);
	pthread_mutex_unlock(&r->lock);
	return shut;
}

bool mail_routes_away(struct mail_routes *r) {
	bool away = r->n != 0;
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < r->n; i++)
		away = away && r->routes[i].breaker.state != BREAKER_CLOSED;
	pthread_mutex_unlock(&r->lock);
	return away;
}

struct mail_route_state mail_route_state(struct mail_routes *r, size_t i) {
	must(i < r->n);
	pthread_mutex_lock(&r->lock);
	const struct route *t = &r->routes[i];
	struct mail_route_state s = {.name = t->name, .state = t->breaker.state, .sent = t->sent, .failed = t->failed};
	pthread_mutex_unlock(&r->lock);
	return s;
}

int64_t mail_routes_waiting(struct mail_routes *r) { return r->waiting; }

void mail_routes_count_waiting(struct mail_routes *r, struct db *db) {
	int64_t now = clock_mono_ms(), n;
	if (now - r->counted < COUNT_EVERY_MS)
		return;
	r->counted = now;
	err e = store_job_waiting(db, S(MAIL_JOB), &n);
	if (!e)
		r->waiting = n;
}

/* ── told to all nodes ── */

struct telling {
	struct str since;
};

static err tell(struct tx *tx, void *arg) {
	const struct telling *t = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	TRY(store_site_set(tx_db(tx), S(AWAY_KEY), t->since));
	return str_empty(t->since) ? store_job_sooner(tx, S(MAIL_JOB), clock_ms()) : NULL;
}

static err tell_all(struct ctx *c, bool away) {
	int64_t since;
	TRY(mail_routes_away_since(c, &since));
	if ((since != 0) == away)
		return NULL;
	struct telling t = {away ? arena_printf(c->arena, "%lld", (long long)clock_ms()) : STR_NONE};
	return tx_run(c->db, tell, &t);
}

/* Returns what was told before. */
static enum told retell(struct mail_routes *r, enum told now) {
	pthread_mutex_lock(&r->lock);
	enum told before = r->told;
	r->told = now;
	pthread_mutex_unlock(&r->lock);
	return before;
}

/* A failure while breakers are closed still, as after a start, says nothing yet. */
err mail_routes_note(struct ctx *c, bool answered) {
	struct mail_routes *r = c->site->mail;
	bool away = mail_routes_away(r);
	if (!away && !answered)
		return NULL;
	enum told now = away ? TOLD_AWAY : TOLD_WELL;
	if (retell(r, now) == now)
		return NULL;
	err e = tell_all(c, away);
	if (e)
		(void)retell(r, TOLD_NOTHING);
	return e;
}

err mail_routes_away_since(struct ctx *c, int64_t *ms) {
	struct str text;
	*ms = 0;
	TRY(store_site_get(c->arena, c->db, S(AWAY_KEY), &text));
	if (text.n && !str_i64(text, ms))
		return err_private(ERR_INTERNAL, "the site's " AWAY_KEY " is damaged");
	return NULL;
}

/* ── one route ── */

/* For a route with a user and no password in it. */
static err read_password(struct ctx *c, struct str *out) {
	struct str path = config_text(c->site->config, SET_mail_password_file);
	char text[1024];
	if (str_empty(path))
		return NULL;
	int fd = open(arena_str(c->arena, path).p, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return err_private(ERR_UNAVAILABLE, "mail.password_file %.*s cannot be read: %s", S_ARG(path), strerror(errno));
	*out = str_trim(arena_str(c->arena, str_mem(text, (size_t)n)));
	return NULL;
}

static err route_of(struct ctx *c, const struct route *t, struct smtp_route *out) {
	struct str domain = c->site->domain;
	*out = (struct smtp_route){.to = t->to, .ca_file = config_text(c->site->config, SET_mail_ca_file), .helo = str_cut(&domain, ':')};
	return smtp_route_wants_password(t->to) ? read_password(c, &out->password) : NULL;
}

static bool take(struct mail_routes *r, struct route *t) {
	pthread_mutex_lock(&r->lock);
	bool taken = breaker_take(&t->breaker, clock_mono_ms());
	pthread_mutex_unlock(&r->lock);
	return taken;
}

/* A recipient that is refused speaks for the route: it answers. */
static void ended(struct mail_routes *r, struct route *t, const struct err *e) {
	bool good = !e || e->code == ERR_INVALID;
	pthread_mutex_lock(&r->lock);
	enum breaker_state before = t->breaker.state;
	if (good)
		breaker_good(&t->breaker);
	else
		breaker_bad(&t->breaker, clock_mono_ms());
	enum breaker_state now = t->breaker.state;
	int64_t pause_s = t->breaker.pause_ms / 1000;
	*(e ? &t->failed : &t->sent) += 1;
	pthread_mutex_unlock(&r->lock);
	if (e)
		log_warn("a mail could not be sent by %.*s: %s %s", S_ARG(t->name), e->text, e->cause);
	if (now == BREAKER_OPEN && before != BREAKER_OPEN)
		log_warn("mail route %.*s is away: it is asked again in %lld s", S_ARG(t->name), (long long)pause_s);
	if (now == BREAKER_CLOSED && before != BREAKER_CLOSED)
		log_info("mail route %.*s answers again", S_ARG(t->name));
}

static err send_by(struct ctx *c, const struct route *t, struct str from, struct str to, struct str message) {
	struct smtp_route route;
	TRY(route_of(c, t, &route));
	return smtp_send(&route, from, to, message);
}

/* ── all of them ── */

err mail_routes_send(struct ctx *c, struct str from, struct str to, struct str message) {
	struct mail_routes *r = c->site->mail;
	struct err last = {0};
	bool refused = true;
	for (size_t i = 0; i < r->n; i++) {
		struct route *t = &r->routes[i];
		if (!take(r, t)) {
			refused = false;
			continue;
		}
		err e = send_by(c, t, from, to, message);
		struct err kept = e ? *e : (struct err){0};
		ended(r, t, e ? &kept : NULL);
		if (!e)
			return NULL;
		refused = refused && kept.code == ERR_INVALID;
		last = kept;
	}
	if (refused)
		return err_private(ERR_INVALID, "%s", last.cause[0] ? last.cause : last.text);
	return err_private(ERR_UNAVAILABLE, "%s", last.cause[0] ? last.cause : "every mail route is away");
}

err mail_route_get(struct ctx *c, size_t i, struct arena *a, struct smtp_route *out) {
	must(i < c->site->mail->n);
	TRY(route_of(c, &c->site->mail->routes[i], out));
	*out = (struct smtp_route){.to = arena_str(a, out->to),
	                           .password = arena_str(a, out->password),
	                           .ca_file = arena_str(a, out->ca_file),
	                           .helo = arena_str(a, out->helo)};
	return NULL;
}
