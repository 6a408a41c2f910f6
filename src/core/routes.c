#include "core/routes.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "core/site.h"
#include "store/job.h"
#include "store/site.h"
#include "store/tx.h"

#include <pthread.h>
#include <stdlib.h>

enum { ROUTES_MAX = 16, COUNT_EVERY_MS = 2000 };

struct route {
	struct str to, name;
	struct breaker breaker;
	int64_t sent, failed;
};

struct routes {
	const struct routes_kind *kind;
	struct arena *arena;
	pthread_mutex_t lock; /* of breakers and counts */
	struct route routes[ROUTES_MAX];
	size_t n;
	enum told { TOLD_NOTHING, TOLD_WELL, TOLD_AWAY } told; /* what the database says, as far as this node knows */
	_Atomic int64_t waiting, counted;                      /* how many, and when (monotonic ms) */
};

static err add(struct routes *r, struct str to) {
	BUF_AUTO name = {0};
	if (r->n == ROUTES_MAX)
		return err_public(ERR_INVALID, "%s: more than %d routes", r->kind->setting_name, ROUTES_MAX);
	r->kind->put_name(&name, to);
	err e = r->kind->check(to);
	if (e)
		return err_public(ERR_INVALID, "%s cannot be used: %.*s: %s", r->kind->setting_name, S_ARG(buf_str(&name)), e->text);
	r->routes[r->n++] = (struct route){.to = arena_str(r->arena, to), .name = arena_str(r->arena, buf_str(&name))};
	return NULL;
}

err routes_new(struct routes **out, const struct routes_kind *kind, const struct config *config) {
	struct routes *r = *out = xcalloc(1, sizeof *r);
	struct str rest = config_text(config, kind->setting);
	r->kind = kind;
	r->arena = arena_new();
	pthread_mutex_init(&r->lock, NULL);
	while (rest.n) {
		err e = add(r, str_trim(str_cut(&rest, ',')));
		if (e) {
			struct err kept = *e;
			routes_free(out);
			return err_public(kept.code, "%s", kept.text);
		}
	}
	return NULL;
}

void routes_free(struct routes **r) {
	if (!*r)
		return;
	pthread_mutex_destroy(&(*r)->lock);
	arena_free(&(*r)->arena);
	free(*r);
	*r = NULL;
}

size_t routes_count(const struct routes *r) { return r->n; }

bool routes_shut(struct routes *r) {
	int64_t now = clock_mono_ms();
	bool shut = r->n != 0;
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < r->n; i++)
		shut = shut && !breaker_ready(&r->routes[i].breaker, now);
	pthread_mutex_unlock(&r->lock);
	return shut;
}

bool routes_away(struct routes *r) {
	bool away = r->n != 0;
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < r->n; i++)
		away = away && r->routes[i].breaker.state != BREAKER_CLOSED;
	pthread_mutex_unlock(&r->lock);
	return away;
}

struct route_state routes_state(struct routes *r, size_t i) {
	must(i < r->n);
	pthread_mutex_lock(&r->lock);
	const struct route *t = &r->routes[i];
	struct route_state s = {.name = t->name, .to = t->to, .state = t->breaker.state, .sent = t->sent, .failed = t->failed};
	pthread_mutex_unlock(&r->lock);
	return s;
}

int64_t routes_waiting(struct routes *r) { return r->waiting; }

void routes_count_waiting(struct routes *r, struct db *db) {
	int64_t now = clock_mono_ms(), n;
	if (now - r->counted < COUNT_EVERY_MS)
		return;
	r->counted = now;
	err e = store_job_waiting(db, str_of(r->kind->job), &n);
	if (!e)
		r->waiting = n;
}

/* ── told to all nodes ── */

struct telling {
	const struct routes_kind *kind;
	struct str since;
};

static err tell(struct tx *tx, void *arg) {
	const struct telling *t = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	TRY(store_site_set(tx_db(tx), str_of(t->kind->away_key), t->since));
	return str_empty(t->since) ? store_job_sooner(tx, str_of(t->kind->job), clock_ms()) : NULL;
}

static err tell_all(struct ctx *c, const struct routes_kind *kind, bool away) {
	int64_t since;
	TRY(routes_away_since(c, kind, &since));
	if ((since != 0) == away)
		return NULL;
	struct telling t = {kind, away ? arena_printf(c->arena, "%lld", (long long)clock_ms()) : STR_NONE};
	return tx_run(c->db, tell, &t);
}

/* Returns what was told before. */
static enum told retell(struct routes *r, enum told now) {
	pthread_mutex_lock(&r->lock);
	enum told before = r->told;
	r->told = now;
	pthread_mutex_unlock(&r->lock);
	return before;
}

/* A failure while breakers are closed still, as after a start, says nothing yet. */
err routes_note(struct ctx *c, struct routes *r, bool answered) {
	bool away = routes_away(r);
	if (!away && !answered)
		return NULL;
	enum told now = away ? TOLD_AWAY : TOLD_WELL;
	if (retell(r, now) == now)
		return NULL;
	err e = tell_all(c, r->kind, away);
	if (e)
		(void)retell(r, TOLD_NOTHING);
	return e;
}

err routes_away_since(struct ctx *c, const struct routes_kind *kind, int64_t *ms) {
	struct str text;
	*ms = 0;
	TRY(store_site_get(c->arena, c->db, str_of(kind->away_key), &text));
	if (text.n && !str_i64(text, ms))
		return err_private(ERR_INTERNAL, "the site's %s is damaged", kind->away_key);
	return NULL;
}

/* ── sending ── */

static bool take(struct routes *r, struct route *t) {
	pthread_mutex_lock(&r->lock);
	bool taken = breaker_take(&t->breaker, clock_mono_ms());
	pthread_mutex_unlock(&r->lock);
	return taken;
}

/* A recipient that is refused speaks for the route: it answers. */
static void ended(struct routes *r, struct route *t, const struct err *e) {
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
		log_warn("a %s could not be sent by %.*s: %s %s", r->kind->name, S_ARG(t->name), e->text, e->cause);
	if (now == BREAKER_OPEN && before != BREAKER_OPEN)
		log_warn("%s route %.*s is away: it is asked again in %lld s", r->kind->name, S_ARG(t->name), (long long)pause_s);
	if (now == BREAKER_CLOSED && before != BREAKER_CLOSED)
		log_info("%s route %.*s answers again", r->kind->name, S_ARG(t->name));
}

err routes_send(struct ctx *c, struct routes *r, routes_send_fn send, void *arg) {
	struct err last = {0};
	bool refused = true;
	for (size_t i = 0; i < r->n; i++) {
		struct route *t = &r->routes[i];
		if (!take(r, t)) {
			refused = false;
			continue;
		}
		err e = send(c, t->to, arg);
		struct err kept = e ? *e : (struct err){0};
		ended(r, t, e ? &kept : NULL);
		if (!e)
			return NULL;
		refused = refused && kept.code == ERR_INVALID;
		last = kept;
	}
	if (refused)
		return err_private(ERR_INVALID, "%s", last.cause[0] ? last.cause : last.text);
	if (last.cause[0])
		return err_private(ERR_UNAVAILABLE, "%s", last.cause);
	return err_private(ERR_UNAVAILABLE, "every %s route is away", r->kind->name);
}
