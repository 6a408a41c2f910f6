/* Of a network's copies one is open: the others learn of it when they can be reached. */
#include "wire/epoch.h"
#include "api/live.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "core/secret.h"
#include "core/site.h"
#include "move/origin.h"
#include "move/routes.h"
#include "net/fetch.h"
#include "store/closed.h"
#include "store/local_state.h"
#include "store/standby.h"
#include "wire/copy_stream.h"

/* ── the lease ── */

static err joined(struct arena *a, struct db *db, bool *any) {
	struct standby_row *v;
	size_t n;
	TRY(store_standby_list(a, db, &v, &n));
	*any = false;
	for (size_t i = 0; i < n; i++)
		*any |= v[i].joined && !standby_rehearses(v[i].name);
	return NULL;
}

err origin_begin(struct site *site) {
	struct arena *a = arena_new();
	struct db *db = NULL;
	bool any = false;
	err e = NULL;
	if (config_number(site->config, SET_standby_lease))
		e = db_open(&db, site->store);
	if (!e && db)
		e = joined(a, db, &any);
	if (any)
		store_lease_writes(site->store, clock_mono_ms());
	db_close(&db);
	arena_free(&a);
	return e;
}

struct revoke {
	struct str name;
	bool found;
};

static err revoke_tx(struct tx *tx, void *arg) {
	struct revoke *r = arg;
	return store_standby_revoke(tx, r->name, &r->found);
}

err origin_revoke(struct ctx *c, struct str name, bool *found) {
	struct revoke r = {.name = name};
	bool any;
	TRY(tx_run(c->db, revoke_tx, &r));
	*found = r.found;
	TRY(joined(c->arena, c->db, &any));
	if (!any)
		store_lease_writes(c->site->store, 0);
	return NULL;
}

/* ── who is open ── */

/* The epoch of another copy of this very network. */
static err read_epoch(struct rq *rq, int64_t *epoch) {
	struct str proof;
	bool good = epoch_read(rq_header(rq, S(EPOCH_HEADER)), epoch, &proof) &&
	            str_eq_secret(proof, secret_epoch(rq->c.arena, rq->c.site, *epoch));
	return good ? NULL : err_plain(ERR_UNAUTHORIZED);
}

err origin_step_down(struct ctx *c) {
	c->site->moving = true;
	TRY(store_close_to_writes(c->db, S("This network has moved to another machine")));
	live_close_all(c->site->live);
	log_warn("another copy has become the network: nothing can be written here any more");
	return NULL;
}

enum handled origin_epoch(struct rq *rq) {
	int64_t epoch, own;
	TRY_RQ(rq, read_epoch(rq, &epoch));
	TRY_RQ(rq, standby_epoch(rq->c.arena, rq->c.db, &own));
	if (epoch <= own)
		return reply_err(rq, err_public(ERR_CONFLICT, "This network has changed its home as often"));
	TRY_RQ(rq, origin_step_down(&rq->c));
	return reply_empty(rq);
}

/* Only the home that this copy took over from has the journal that the cursor is of. */
enum handled origin_past(struct rq *rq) {
	struct standby_asker who;
	struct str text;
	int64_t epoch, own, v[4];
	TRY_RQ(rq, standby_identify(rq, &who));
	TRY_RQ(rq, read_epoch(rq, &epoch));
	TRY_RQ(rq, standby_epoch(rq->c.arena, rq->c.db, &own));
	TRY_RQ(rq, store_local_get(rq->c.arena, rq->c.db, S(STANDBY_PAST), &text));
	bool known = text.n && epoch + 1 == own;
	for (int i = 0; known && i < 4; i++)
		known = str_i64(str_cut(&text, ' '), &v[i]);
	if (!known)
		return reply_err(rq,
		                 err_public(ERR_GONE, "The histories of the two copies have no known point in common: make a new copy"));
	copy_stream_begin(rq_out(rq));
	copy_stream_put(rq_out(rq), &(struct copy_line){.kind = COPY_ENTRY, .numbers = {v[0], v[1]}});
	copy_stream_put(rq_out(rq), &(struct copy_line){.kind = COPY_HEAD, .numbers = {v[2], v[3], clock_ms(), own, 0, 0}});
	return standby_reply(rq, &who);
}

static err tell(struct ctx *c, struct fetcher *f, const struct job *job) {
	struct str header =
	    arena_printf(c->arena, EPOCH_HEADER ": %lld %.*s", (long long)job->a, S_ARG(secret_epoch(c->arena, c->site, job->a)));
	struct fetch x = {
	    .method = S("POST"),
	    .url = job->data,
	    .target = S("/api/freehold/standby/epoch"),
	    .headers = &header,
	    .header_count = 1,
	    .ca_file = config_text(c->site->config, SET_standby_ca_file),
	    .body_fd = -1,
	    .reply_max = 65536,
	};
	err e = fetch_run(f, &x);
	int status = x.status;
	fetch_free(&x);
	TRY(e);
	if (status == 200)
		log_info("the old home %.*s knows that the network is here", S_ARG(job->data));
	/* 409: it knows; 401 and 404: somebody else lives there. */
	bool over = status == 200 || status == 409 || status == 401 || status == 404;
	return over ? NULL : err_private(ERR_UNAVAILABLE, "the old home %.*s answered %d", S_ARG(job->data), status);
}

err standby_tell_job(struct ctx *c, const struct job *job) {
	struct fetcher *f = fetcher_new();
	err e = tell(c, f, job);
	struct err kept = e ? *e : (struct err){0};
	fetcher_free(&f);
	return e ? err_copy(&kept) : NULL;
}
