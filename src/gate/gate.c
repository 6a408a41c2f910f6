#include "gate/gate.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "config/config.h"
#include "core/bans.h"
#include "core/secret.h"
#include "core/site.h"
#include "gate/body.h"
#include "gate/epoch.h"
#include "gate/pace.h"
#include "gate/reader.h"
#include "gate/reply.h"
#include "gate/router.h"
#include "gate/session.h"
#include "store/account.h"
#include "store/ban.h"
#include "store/token.h"
#include "wire/url.h"

#include <stdatomic.h>
#include <stdlib.h>

struct gate {
	struct site *site;
	struct router *router;
	struct sessions *sessions;
	struct limits *limits;
	bool access_log;
	size_t film_limit; /* of a body that may carry a film */
	struct epoch epoch;
	struct pace pace;
	struct reader *reader; /* of a copy; else NULL */
	_Atomic int64_t by_class[6], bytes, micros;
};

/* What a worker owns: its connection to the database. */
struct worker {
	struct db *db;
};

err gate_new(struct gate **out, struct site *site) {
	struct gate *g = xcalloc(1, sizeof *g);
	g->site = site;
	pace_init(&g->pace);
	g->router = router_new();
	g->sessions = sessions_new();
	g->limits = limits_new(config_bool(site->config, SET_limits_enabled));
	g->access_log = config_bool(site->config, SET_log_access);
	g->film_limit = (size_t)config_number(site->config, SET_media_film_limit) + BODY_SMALL;
	if (g->film_limit < BODY_PICTURE)
		g->film_limit = BODY_PICTURE;
	*out = g;
	return NULL;
}

void gate_free(struct gate **g) {
	if (!*g)
		return;
	router_free(&(*g)->router);
	sessions_free(&(*g)->sessions);
	limits_free(&(*g)->limits);
	reader_free(&(*g)->reader);
	pace_destroy(&(*g)->pace);
	free(*g);
	*g = NULL;
}

void gate_add(struct gate *g, const struct route *routes, size_t n) { router_add(g->router, routes, n); }
const struct route *gate_routes(const struct gate *g, size_t *n) { return router_all(g->router, n); }

void gate_epoch(struct gate *g, int64_t epoch) { epoch_set(&g->epoch, g->site, epoch); }
void gate_on_epoch(struct gate *g, err (*step_down)(struct ctx *c)) { g->epoch.step_down = step_down; }
bool gate_slows_writes(struct gate *g) { return pace_fresh(&g->pace); }
void gate_serve_copy(struct gate *g, const struct gate_copy *copy) { g->reader = reader_new(copy, g->router); }

void gate_apply(struct gate *g, const struct journal_entry *e) {
	if (!e || e->kind == J_BULK_LOADED) {
		sessions_forget(g->sessions, 0);
		return;
	}
	switch (e->kind) {
	case J_TOKEN_REVOKED:
	case J_MEMBER_CHANGED:
	case J_ACCOUNT_CHANGED:
	case J_ACCOUNT_DELETED: sessions_forget(g->sessions, e->a); break;
	case J_MODERATED: sessions_forget(g->sessions, e->b); break;
	case J_TAKEOVER_NEARS:
		if (pace_news(&g->pace, e->a))
			log_info("another machine wants to take over: writes are slowed down until it has come near");
		break;
	default: break;
	}
}

void gate_counts(const struct gate *g, struct gate_counts *out) {
	for (int i = 0; i < 6; i++)
		out->by_class[i] = atomic_load_explicit(&g->by_class[i], memory_order_relaxed);
	out->bytes = atomic_load_explicit(&g->bytes, memory_order_relaxed);
	out->micros = atomic_load_explicit(&g->micros, memory_order_relaxed);
}

/* ── who asks ── */

enum { USE_NOTED_MS = 24 * 3600 * 1000 };

struct use {
	int64_t account_id, token_id, at;
	struct str address;
};

static err write_use(struct tx *tx, void *arg) {
	const struct use *u = arg;
	TRY(tx_journal(tx, J_TOKEN_USED, u->account_id, u->token_id, 0));
	return store_token_used(tx, u->token_id, u->at, u->address);
}

/* Once a day for each session that is used; a database that cannot write keeps nobody from reading. */
static void note_use(struct rq *rq) {
	struct use use = {rq->session.account_id, rq->session.token_id, clock_ms(), rq->x->peer};
	err e = tx_run(rq->c.db, write_use, &use);
	if (e)
		log_info("the use of a session could not be noted: %s", e->cause);
}

static err session_load(struct gate *g, struct ctx *c, struct str secret, struct session *s) {
	int64_t generation = sessions_generation(g->sessions);
	secret_hash(secret, s->hash);
	struct session_row row;
	bool found;
	TRY(store_session_by_hash(c->db, str_mem(s->hash, sizeof s->hash), &row, &found));
	if (!found)
		return NULL;
	s->token_id = row.token_id;
	s->account_id = row.account_id;
	s->app_id = row.app_id;
	s->scopes = row.scopes;
	s->kind = row.kind;
	s->role = row.role;
	s->member_flags = row.member_flags;
	s->suspended = row.account_flags & (ACCOUNT_SUSPENDED | ACCOUNT_DELETED);
	sessions_put(g->sessions, secret, s, generation);
	s->use_due = clock_ms() - row.last_used_at >= USE_NOTED_MS;
	return NULL;
}

err session_find(struct gate *g, struct ctx *c, struct str secret, struct session *out) {
	*out = (struct session){0};
	if (str_empty(secret) || secret.n > 128)
		return NULL;
	if (sessions_get(g->sessions, secret, out))
		return NULL;
	return c->db ? session_load(g, c, secret, out) : ctx_miss(c);
}

struct str rq_csrf(struct rq *rq) {
	return secret_csrf(rq->c.arena, rq->c.site, rq->session.hash);
}

static bool is_safe(enum http_method m) { return m == HTTP_GET || m == HTTP_HEAD || m == HTTP_OPTIONS; }

/* An Authorization header wins over the cookie; a cookie that is not known is nobody, a token that is not known is refused. */
static err identify(struct gate *g, struct rq *rq) {
	struct str authorization = rq_header(rq, S("Authorization")), secret = STR_NONE;
	bool bearer = str_starts_ci(authorization, S("Bearer "));
	if (bearer)
		secret = str_trim(str_skip(authorization, 7));
	else if (str_empty(authorization))
		secret = rq_cookie(rq, S(SESSION_COOKIE));
	TRY(session_find(g, &rq->c, secret, &rq->session));
	if (rq->session.token_id && (rq->session.kind == TOKEN_SESSION) == bearer)
		rq->session = (struct session){0};
	if (bearer && !rq->session.token_id)
		return err_plain(ERR_UNAUTHORIZED);
	rq->c.viewer = rq->session.account_id;
	rq->c.role = rq->session.role;
	if (rq->session.use_due && rq->session.token_id)
		note_use(rq);
	return NULL;
}

static err refuse_forgery(struct rq *rq) {
	bool cookie = rq->session.token_id && rq->session.kind == TOKEN_SESSION;
	if (!cookie || is_safe(rq->x->req->method) || rq->route->cost == COST_LOG_IN)
		return NULL;
	struct str sent = rq_header(rq, S("X-CSRF-Token"));
	if (str_starts(rq->x->req->path, S("/oauth/")))
		return NULL; /* a page's form carries it as a field; its handler compares */
	return str_eq_secret(sent, rq_csrf(rq)) ? NULL : err_public(ERR_FORBIDDEN, "The X-CSRF-Token header is missing or wrong");
}

static err may_write(struct gate *g, struct rq *rq) {
	TRY(rq->c.db && !rq->x->ahead ? pace_wait(&g->pace, rq) : NULL);
	return g->site->moving ? err_public(ERR_UNAVAILABLE, "This network is moving to another machine. Try again in a moment") : NULL;
}

static err admit(struct gate *g, struct rq *rq) {
	const struct route *route = rq->route;
	if (bans_severity(g->site->bans, rq->x->peer) == IP_NO_ACCESS)
		return err_public(ERR_FORBIDDEN, "This address has been blocked");
	TRY(epoch_heed(&g->epoch, rq, g->limits));
	if (!g->reader)
		TRY(identify(g, rq));
	if (!rq->counted) {
		rq->limit = limits_take(g->limits, route->cost, rq->c.viewer, rq->x->peer);
		rq->counted = true;
	}
	if (rq->limit.refused)
		return err_plain(ERR_THROTTLED);
	TRY(session_may(&rq->session, route->who, route->scope));
	TRY(refuse_forgery(rq));
	return is_safe(rq->x->req->method) || str_starts(rq->x->req->path, S("/api/freehold/standby/")) ? NULL : may_write(g, rq);
}

/* ── one request ── */

/* What every answer says. */
static void finish(struct gate *g, struct exchange *x) {
	if (x->req)
		reply_cross_origin(x, x->req->path);
	epoch_put(&g->epoch, &x->reply.head);
	if (g->reader)
		reader_put_lag(g->reader, &x->reply.head);
}

static struct rq *rq_new(struct gate *g, struct exchange *x) {
	struct rq *rq = arena_one(x->arena, struct rq);
	rq->c.site = g->site;
	rq->c.arena = x->arena;
	rq->x = x;
	rq->server = x->server;
	rq->gate = g;
	x->user = rq;
	return rq;
}

static err decode_captures(struct rq *rq, const struct route_match *m) {
	for (int i = 0; i < RQ_MAX_PARAMS; i++)
		if (m->captures[i].n)
			TRY(url_decode_path(rq->c.arena, m->captures[i], &rq->captures[i]));
	return NULL;
}

/* Runs the handler; MISS only comes back from a loop, or ahead of the body. */
static enum handled run(struct gate *g, struct rq *rq) {
	err e = query_check(rq);
	if (!e)
		e = admit(g, rq);
	if (!e && rq->c.db && !rq->x->ahead)
		e = body_read(rq);
	enum handled handled = e ? reply_err(rq, e) : rq->route->fn(rq);
	if (handled == MISS) {
		must(!rq->c.db || rq->x->ahead);
		rq->c.missed = false;
		return MISS;
	}
	if (rq->x->reply.kind != REPLY_STREAM || rq->x->reply.status == 200) {
		reply_limits(rq->x, &rq->limit);
		finish(g, rq->x);
	}
	return DONE;
}

static enum loop_result not_found(struct gate *g, struct exchange *x, unsigned allowed) {
	if (allowed)
		reply_not_allowed(x, allowed);
	else
		reply_bare(x, 404, S("Record not found"));
	finish(g, x);
	return LOOP_DONE;
}

static enum loop_result on_loop(void *ctx, struct exchange *x) {
	struct gate *g = ctx;
	struct route_match m = router_find(g->router, x->req->method, x->req->path);
	if (x->req->method == HTTP_OPTIONS && !m.route && m.allowed) {
		reply_preflight(x, m.allowed);
		finish(g, x);
		return LOOP_DONE;
	}
	if (!m.route)
		return not_found(g, x, m.allowed);
	struct rq *rq = rq_new(g, x);
	rq->route = m.route;
	if (g->reader && reader_refuses(g->reader, rq)) {
		finish(g, x);
		return LOOP_DONE;
	}
	err e = decode_captures(rq, &m);
	if (e) {
		reply_bare(x, 400, str_of(e->text));
		return LOOP_DONE;
	}
	x->body_limit = m.route->body_limit == BODY_FILM ? g->film_limit : m.route->body_limit;
	if (m.route->where == INLINE && run(g, rq) == DONE) {
		if (x->req->method == HTTP_OPTIONS)
			reply_preflight(x, m.allowed);
		return LOOP_DONE;
	}
	reply_forget(&x->reply);
	return m.route->where == AHEAD ? LOOP_AHEAD : LOOP_POOL;
}

static void on_wait(void *server, bool waiting) { server_waits(server, waiting); }

static void on_pool(void *ctx, void *worker_ctx, struct exchange *x) {
	struct gate *g = ctx;
	struct worker *w = worker_ctx;
	struct rq *rq = x->user;
	if (!w->db) {
		err e = db_open(&w->db, g->site->store);
		if (e) {
			reply_err(rq, e);
			return;
		}
	}
	db_on_wait(w->db, on_wait, x->server);
	rq->c.db = w->db;
	if (run(g, rq) == MISS)
		reply_forget(&x->reply);
	body_free(rq);
	db_rest(w->db);
}

static void on_error(void *ctx, struct exchange *x, enum err_code code, const char *text) {
	reply_bare(x, err_http_status(code), str_of(text));
	finish(ctx, x);
}

/* A database that is away at the start is asked again by the first request. */
static void *new_worker(void *ctx) {
	struct gate *g = ctx;
	struct worker *w = xcalloc(1, sizeof *w);
	err e = db_open(&w->db, g->site->store);
	if (e)
		log_warn("a worker starts without the database: %s", e->cause);
	return w;
}

static void free_worker(void *ctx, void *worker_ctx) {
	(void)ctx;
	struct worker *w = worker_ctx;
	db_close(&w->db);
	free(w);
}

static void on_sent(void *ctx, const struct exchange *x, int64_t bytes, int64_t micros) {
	struct gate *g = ctx;
	int class = x->reply.status / 100;
	atomic_fetch_add_explicit(&g->by_class[class < 6 ? class : 0], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&g->bytes, bytes, memory_order_relaxed);
	atomic_fetch_add_explicit(&g->micros, micros, memory_order_relaxed);
	if (g->access_log && x->req)
		log_info("access %.*s %s %.*s %d %lld bytes %lld us", S_ARG(x->peer), http_method_name(x->req->method), S_ARG(x->req->path),
		         x->reply.status, (long long)bytes, (long long)micros);
}

struct handler gate_handler(struct gate *g) {
	return (struct handler){.ctx = g,
	                        .on_loop = on_loop,
	                        .on_pool = on_pool,
	                        .on_error = on_error,
	                        .new_worker = new_worker,
	                        .free_worker = free_worker,
	                        .on_sent = on_sent};
}
