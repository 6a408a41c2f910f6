/* The gate: from a request to its handler. Finds the route, reads the session, enforces what the route's row says (who, scope, cost, body
 * limit), runs the handler on the loop or on the pool, turns errors into replies. No handler repeats any of it.
 *
 * Routes are rows of the .def files of the surfaces (api/routes.def, web/routes.def, …), registered at the start:
 *
 *   ROUTE(GET, "/api/v1/statuses/:id", api_status_show, ANYONE, SCOPE_READ_STATUSES, COST_READ, BODY_NONE, INLINE)
 */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include "core/ctx.h"
#include "core/scope.h"
#include "edge/limit.h"
#include "net/server.h"
#include "store/tx.h"

#include <jansson.h>

struct rq;

/* MISS: run me again, nothing was written: on the pool (from INLINE routes with c.db == NULL), or with the body (from AHEAD routes while
 * x->ahead). */
enum handled { DONE, MISS };
typedef enum handled (*route_fn)(struct rq *rq);

enum route_who {
	ANYONE,    /* nobody, or somebody: with a token, the scope must fit */
	APP,       /* an access token, of an account or of an app alone */
	USER,      /* an account that may act: confirmed, approved, not suspended */
	PENDING,   /* an account whatever its state (confirmation, own session) */
	BROWSER,   /* a browser session with a cookie, not an access token */
	MODERATOR, /* USER with that role or above */
	ADMIN,
	OWNER,
};
/* AHEAD: on the pool, first before the body is read (x->ahead): who may and how often is settled before a byte is taken, and the handler
 * answers or says MISS, having set x->body_limit and perhaps x->sink_fd (net/server.h) where they differ from what the row says. */
enum route_where { POOL, INLINE, AHEAD };
enum {
	BODY_NONE = 0,
	BODY_SMALL = 64 * 1024,
	BODY_STATUS = 512 * 1024,
	BODY_CAPTIONS = 3 * 1024 * 1024,
	BODY_PICTURE = 17 * 1024 * 1024,
	BODY_FILM = BODY_PICTURE + 1, /* as large as the settings say */
};

struct route {
	enum http_method method;
	const char *path; /* ":name" matches one segment; a trailing "*" the rest */
	route_fn fn;
	const char *name; /* the function's */
	enum route_who who;
	int64_t scope; /* 0: none needed; several bits: any of them will do. Browser sessions have all */
	enum limit_cost cost;
	size_t body_limit;
	enum route_where where;
};

/* Turns a row of a routes.def file into a struct route, and into a declaration of its handler. */
#define ROUTE_ROW(method, path, fn, who, scope, cost, body, where) {HTTP_##method, path, fn, #fn, who, scope, cost, body, where},
#define ROUTE_DECLARE(method, path, fn, who, scope, cost, body, where) enum handled fn(struct rq *rq);

struct session {
	int64_t token_id; /* 0: nobody */
	int64_t account_id;
	int64_t app_id;
	int64_t scopes;
	int kind; /* enum token_kind of store/token.h */
	int role;
	int64_t member_flags;
	bool suspended;
	bool use_due;  /* just read, and its last use was noted long ago */
	char hash[32]; /* SHA-256 of the secret: the row's key */
};

enum { RQ_MAX_PARAMS = 4 };

struct rq {
	struct ctx c; /* what core/ verbs take: &rq->c */
	struct exchange *x;
	const struct route *route;
	struct session session;
	struct str captures[RQ_MAX_PARAMS]; /* of the path, percent-decoded */
	json_t *body;                       /* the parsed body (JSON, form or multipart fields) as an object; NULL: none */
	struct upload *uploads;             /* files of a multipart body */
	size_t upload_count;
	struct str raw;      /* a body of text/vtt, as it came */
	struct str body_map; /* the spooled body, mapped while the handler runs */
	void *kept;          /* what the handler of an AHEAD route hands from its first run to its second, in the arena */
	struct server *server;
	struct gate *gate;
	bool counted; /* against the limits: once, although a MISS runs the handler twice */
	struct limit_state limit;
};

/* A file part of a multipart body. mem is always there (a view, perhaps of a mapped file), until the handler returns. */
struct upload {
	struct str field, filename, type;
	struct str mem;
	int fd;               /* the spooled body's file, not owned; -1: it is in memory */
	int64_t offset, size; /* of the part in that file */
};

/* ── reading the request. Names may be "poll[options][]" style in forms: they arrive nested, as in JSON. ── */

/* Query first, then body. Empty when missing. param_has tells "missing" from "empty". The str lives in the request's arena. */
struct str param(struct rq *rq, const char *name);
bool param_has(struct rq *rq, const char *name);
/* Missing gives the default; anything that is not one gives ERR_INVALID naming the parameter. */
err param_i64(struct rq *rq, const char *name, int64_t missing, int64_t *out);
err param_bool(struct rq *rq, const char *name, bool missing, bool *out);
/* "id[]=1&id[]=2", "id=1", or a JSON array of strings or numbers; at most 200. */
err param_list(struct rq *rq, const char *name, struct str **out, size_t *n);
err param_ids(struct rq *rq, const char *name, int64_t **out, size_t *n);
/* The nested value of the body (object or array), or NULL. Borrowed. */
json_t *param_json(struct rq *rq, const char *name);
struct upload *param_upload(struct rq *rq, const char *name);

/* The id in the path's capture number i (0 first): anything that is not one is ERR_NOT_FOUND. */
err path_id(struct rq *rq, int i, int64_t *out);
struct str path_text(struct rq *rq, int i);

/* Cursors of the API: limit (1…max), max_id, since_id, min_id; ERR_INVALID for what is not a number. */
struct page {
	int limit;
	int64_t max_id, since_id, min_id; /* 0: not given */
};
err page_read(struct rq *rq, int limit_default, int limit_max, struct page *out);
/* Sets the Link header (RFC 8288) for a page whose newest and oldest cursors are given; 0 leaves that relation out. */
void page_links(struct rq *rq, int64_t newest, int64_t oldest);

/* ── answering ── */

enum handled reply_err(struct rq *rq, err e);       /* {"error": …} by the errors' table; logs the cause; MISS when the ctx missed */
enum handled reply_json(struct rq *rq, int status); /* body was built in rq_out(rq) */
enum handled reply_empty(struct rq *rq);            /* {} */
enum handled reply_html(struct rq *rq, int status); /* body in rq_out(rq) */
enum handled reply_redirect(struct rq *rq, int status, struct str to);
struct buf *rq_out(struct rq *rq); /* the reply's body */
struct str rq_header(const struct rq *rq, struct str name);
struct str rq_cookie(struct rq *rq, struct str name);
/* What a browser session must send as X-CSRF-Token: derived from the session, so nothing is stored. */
struct str rq_csrf(struct rq *rq);
/* value empty: deletes it. HttpOnly, SameSite=Lax, Path=/, Secure on https. */
void rq_set_cookie(struct rq *rq, struct str name, struct str value, int64_t max_age_s);

/* Returns from the handler with the error's reply. */
#define TRY_RQ(rq, expr) \
	do { \
		err try_err_ = (expr); \
		if (try_err_) \
			return reply_err((rq), try_err_); \
	} while (0)

/* ── sessions ── */

/* The name of the browser's cookie. Its value, like an access token, is 43 characters of base64url; the database knows its SHA-256. */
#define SESSION_COOKIE "freehold_session"

/* Who a secret belongs to (streams ask for themselves): from memory, or with a db from the database; ctx_miss on a loop. *out is zero when
 * nobody. */
err session_find(struct gate *g, struct ctx *c, struct str secret, struct session *out);

/* What the row says, said about a session: NULL when it may. For handlers that check a session of their own (streams). */
err session_may(const struct session *s, enum route_who who, int64_t scope);

/* ── wiring ── */

struct gate;
err gate_new(struct gate **out, struct site *site);
void gate_free(struct gate **g);
void gate_add(struct gate *g, const struct route *routes, size_t n);
/* The handler to start the server with. */
struct handler gate_handler(struct gate *g);

/* Once: how often the network changed its home until now. From 1 on every answer says it, with its proof, in EPOCH_HEADER (wire/epoch.h).
 */
void gate_epoch(struct gate *g, int64_t epoch);
/* At the start: what is done, on the pool, when a request shows a higher epoch with a true proof: another home was opened since. */
void gate_on_epoch(struct gate *g, err (*step_down)(struct ctx *c));

/* While J_TAKEOVER_NEARS comes, writes go one at a time, and slower as long as the machine that is to take over is behind (gate/pace.h), at
 * every node. Whether it came a moment ago. Any thread. */
bool gate_slows_writes(struct gate *g);

/* A copy of a network that runs elsewhere answers what everybody may read there, and nothing else: GET of the routes with these paths. It
 * knows nobody: cookies are not looked at, and an access token is refused, lest an app takes a stranger's answers for its own. Every answer
 * says how old what it tells may be, in Freehold-Standby-Lag (whole seconds). */
struct gate_copy {
	struct str origin; /* its address, which the refusals name */
	const char *const *paths;
	size_t n;
	int64_t (*lag)(void *ctx); /* ms; < 0: nothing can be answered yet */
	void *ctx;
};
/* At the start, after all routes were added. A path that is no route which ANYONE may GET is a bug. */
void gate_serve_copy(struct gate *g, const struct gate_copy *copy);
/* Forgets sessions that a journal entry touched: called after local commits and by the follower; NULL forgets all. */
void gate_apply(struct gate *g, const struct journal_entry *e);

struct gate_counts {
	int64_t by_class[6]; /* replies by first digit of the status */
	int64_t bytes, micros;
};
void gate_counts(const struct gate *g, struct gate_counts *out);

/* All rows, for `freehold routes` and tests. */
const struct route *gate_routes(const struct gate *g, size_t *n);

#endif
