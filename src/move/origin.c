#include "move/origin.h"

#include "api/live.h"
#include "base/clock.h"
#include "base/log.h"
#include "blob/blob.h"
#include "config/config.h"
#include "core/secret.h"
#include "core/site.h"
#include "move/routes.h"
#include "move/row_range.h"
#include "store/closed.h"
#include "store/cursor.h"
#include "store/image.h"
#include "store/site.h"
#include "store/standby.h"
#include "wire/copy_stream.h"

#include <unistd.h>

enum {
	ROWS_MAX = 20000,    /* of one answer */
	RANGES_MAX = 64,     /* of one answer */
	ENTRIES_MAX = 500,   /* of one answer */
	WAIT_MAX_MS = 20000, /* for an entry */
	LOOK_MS = 20,        /* between looks for one */
	HEARD_MS = 2000,     /* how often it is noted that a standby was there */
	QUIET_MS = 120,      /* without an entry: the readers have done their work */
	QUIET_MAX_MS = 1000,
};

static const char moved[] = "This network is moving to another machine. Try again in a moment";

/* ── documents ── */

static void put_head(struct buf *out, const struct standby_asker *who, int64_t xid, int64_t seq, int64_t at, int64_t epoch, bool more) {
	int64_t age = clock_ms() - at, held = clock_mono_ms() - who->asked;
	copy_stream_put(out, &(struct copy_line){.kind = COPY_HEAD, .numbers = {xid, seq, at, epoch, age > 0 ? age : 0, held, more}});
}

enum handled standby_reply(struct rq *rq, const struct standby_asker *who) {
	copy_stream_end(rq_out(rq), who->key, who->nonce);
	rq->x->reply.status = 200;
	rq->x->reply.type = "application/x-freehold-copy";
	buf_lit(&rq->x->reply.head, "Cache-Control: no-store\r\n");
	return DONE;
}

err standby_epoch(struct arena *a, struct db *db, int64_t *out) {
	struct str text;
	TRY(store_site_get(a, db, S(STANDBY_EPOCH), &text));
	*out = 0;
	(void)str_i64(text, out);
	return NULL;
}

/* ── who asks ── */

/* A standby of an older program could not hold what there is here. */
static err not_older(struct rq *rq) {
	struct str version = rq_header(rq, S("Freehold-Schema")), number = str_cut(&version, ' ');
	int64_t schema;
	if (!str_i64(number, &schema) || schema >= store_schema())
		return NULL;
	return err_public(ERR_CONFLICT,
	                  "This network runs Freehold " FREEHOLD_VERSION
	                  " (schema %d), the standby %.*s (schema %lld): put the newer one there, "
	                  "and it goes on where it was",
	                  store_schema(), S_ARG(str_first(version, 20)), (long long)schema);
}

static err shown(struct rq *rq, struct standby_asker *out) {
	struct str secret = rq_header(rq, S("Freehold-Standby"));
	out->nonce = rq_header(rq, S("Freehold-Nonce"));
	if (!secret.n || secret.n > 128 || !out->nonce.n || out->nonce.n > 128)
		return err_plain(ERR_UNAUTHORIZED);
	secret_hash(secret, out->key);
	return NULL;
}

static err portion(struct rq *rq, size_t *out) {
	struct str said = rq_header(rq, S("Freehold-Portion"));
	int64_t n = STANDBY_PORTION_MAX;
	if (said.n && (!str_i64(said, &n) || n < STANDBY_PORTION_MIN || n > STANDBY_PORTION_MAX))
		return err_public(ERR_BAD_REQUEST, "Freehold-Portion has to be a number from %d to %d", STANDBY_PORTION_MIN,
		                  STANDBY_PORTION_MAX);
	*out = (size_t)n;
	return NULL;
}

bool standby_rehearses(struct str name) { return str_starts(name, S(STANDBY_REHEARSAL)); }

err standby_identify(struct rq *rq, struct standby_asker *out) {
	out->asked = clock_mono_ms();
	TRY(shown(rq, out));
	TRY(portion(rq, &out->portion));
	TRY(store_standby_by_key(rq->c.arena, rq->c.db, str_mem(out->key, SECRET_HASH), &out->name, &out->heard_at));
	if (!out->name.n)
		return err_public(ERR_UNAUTHORIZED, "This standby's key is not known here, or was revoked");
	TRY(not_older(rq));
	int64_t lease = config_number(rq->c.site->config, SET_standby_lease);
	if (lease && !standby_rehearses(out->name))
		store_lease_writes(rq->c.site->store, clock_mono_ms() + lease * 1000);
	return NULL;
}

struct heard {
	struct str name, doing;
	bool reached; /* it has everything up to here: */
	int64_t xid, seq;
};

static err note_heard(struct tx *tx, void *arg) {
	const struct heard *h = arg;
	TRY(store_standby_seen(tx, h->name, clock_ms(), h->doing));
	return h->reached ? store_standby_reached(tx, h->name, clock_ms(), h->xid, h->seq) : NULL;
}

/* An origin that can write nothing, as on a full disk, is the one whose standby must not stop. */
static void try_to_note(struct rq *rq, const struct standby_asker *who, struct heard *h) {
	h->name = who->name;
	err e = tx_run(rq->c.db, note_heard, h);
	if (e)
		log_warn("it cannot be noted that a standby was heard: %s %s", e->text, e->cause);
}

/* The clock may have been put back. */
static bool to_be_noted(const struct standby_asker *who) {
	int64_t silent = clock_ms() - who->heard_at;
	return silent > HEARD_MS || silent < 0;
}

/* With the table it is at, of how many. */
static err note_table(struct rq *rq, const struct standby_asker *who, const char *doing) {
	struct image_table *tables;
	size_t n;
	if (!to_be_noted(who))
		return NULL;
	TRY(image_tables(rq->c.db, rq->c.arena, &tables, &n));
	const struct image_table *t = image_table_named(tables, n, param(rq, "table"));
	struct str at = arena_printf(rq->c.arena, "%s %zu %zu", doing, t ? (size_t)(t - tables) + 1 : 0, n);
	try_to_note(rq, who, &(struct heard){.doing = at});
	return NULL;
}

/* ── joining ── */

struct invitation {
	struct arena *a;
	struct str name;
	char token[SECRET_HASH], key[SECRET_HASH];
};

static err write_invitation(struct tx *tx, void *arg) {
	const struct invitation *i = arg;
	return store_standby_invite(tx, i->name, str_mem(i->token, SECRET_HASH), clock_ms() + STANDBY_TOKEN_MS);
}

err origin_invite(struct ctx *c, struct str name, struct str *token) {
	struct invitation i = {.name = name};
	*token = secret_new(c->arena, i.token);
	return tx_run(c->db, write_invitation, &i);
}

static err write_join(struct tx *tx, void *arg) {
	struct invitation *i = arg;
	return store_standby_join(i->a, tx, str_mem(i->token, SECRET_HASH), clock_ms(), str_mem(i->key, SECRET_HASH), &i->name);
}

enum handled origin_join(struct rq *rq) {
	struct standby_asker who = {0};
	TRY_RQ(rq, shown(rq, &who));
	TRY_RQ(rq, not_older(rq));
	struct invitation i = {.a = rq->c.arena};
	memcpy(i.token, who.key, SECRET_HASH);
	struct str key = secret_new(rq->c.arena, i.key);
	TRY_RQ(rq, tx_run(rq->c.db, write_join, &i));
	if (!i.name.n)
		return reply_err(rq, err_public(ERR_UNAUTHORIZED, "This invitation is not known, was used, or is older than an hour"));
	log_info("standby %.*s joined from %.*s", S_ARG(i.name), S_ARG(rq->x->peer));
	copy_stream_begin(rq_out(rq));
	copy_stream_put(rq_out(rq), &(struct copy_line){.kind = COPY_ROW, .text = key});
	return standby_reply(rq, &who);
}

/* ── the snapshot ── */

static void put_table(struct rq *rq, const struct image_table *t) {
	BUF_AUTO names = {0};
	for (size_t i = 0; i < t->n; i++) {
		if (i)
			buf_byte(&names, ' ');
		buf_put(&names, t->columns[i].name);
	}
	copy_stream_put(rq_out(rq), &(struct copy_line){.kind = COPY_TABLE, .table = t->name, .text = buf_str(&names)});
}

static err put_tables(struct rq *rq) {
	struct image_table *tables;
	size_t n;
	TRY(image_tables(rq->c.db, rq->c.arena, &tables, &n));
	copy_stream_put(rq_out(rq), &(struct copy_line){.kind = COPY_SCHEMA, .numbers = {store_schema()}});
	for (size_t i = 0; i < n; i++)
		put_table(rq, &tables[i]);
	return NULL;
}

/* Whether who asks has the tables of another schema: this program was renewed since. */
static err tables_differ(struct rq *rq, bool *differ) {
	int64_t schema;
	TRY(param_i64(rq, "schema", store_schema(), &schema));
	*differ = schema != store_schema();
	return NULL;
}

/* The cursor is kept before the first row is read, so that no entry behind it goes. */
enum handled origin_start(struct rq *rq) {
	struct standby_asker who = {0};
	TRY_RQ(rq, standby_identify(rq, &who));
	int64_t epoch, at = clock_ms();
	struct heard h = {.name = who.name, .doing = S("copying"), .reached = true};
	TRY_RQ(rq, standby_epoch(rq->c.arena, rq->c.db, &epoch));
	TRY_RQ(rq, journal_head(rq->c.db, &h.xid, &h.seq));
	TRY_RQ(rq, tx_run(rq->c.db, note_heard, &h));
	copy_stream_begin(rq_out(rq));
	TRY_RQ(rq, put_tables(rq));
	put_head(rq_out(rq), &who, h.xid, h.seq, at, epoch, false);
	return standby_reply(rq, &who);
}

enum handled origin_rows(struct rq *rq) {
	struct standby_asker who = {0};
	TRY_RQ(rq, standby_identify(rq, &who));
	struct image_table t;
	struct image *v;
	int64_t most;
	size_t n, i;
	bool differ;
	TRY_RQ(rq, param_i64(rq, "most", 1000, &most));
	if (most < 1 || most > ROWS_MAX)
		return reply_err(rq, err_plain(ERR_BAD_REQUEST));
	TRY_RQ(rq, tables_differ(rq, &differ));
	if (differ) {
		copy_stream_begin(rq_out(rq));
		TRY_RQ(rq, put_tables(rq));
		return standby_reply(rq, &who);
	}
	TRY_RQ(rq, image_table_find(rq->c.db, rq->c.arena, param(rq, "table"), &t));
	if (!param(rq, "through").n)
		TRY_RQ(rq, note_table(rq, &who, "copying"));
	TRY_RQ(rq, image_rows(rq->c.db, rq->c.arena, &t, param(rq, "after"), param(rq, "through"), (size_t)most, &v, &n));
	struct buf *out = rq_out(rq);
	copy_stream_begin(out);
	for (i = 0; i < n && out->n < who.portion; i++)
		copy_stream_put(out, &(struct copy_line){.kind = COPY_ROW, .text = v[i].row});
	if (i < n || n == (size_t)most)
		copy_stream_put(out, &(struct copy_line){.kind = COPY_MORE, .text = v[i - 1].key});
	return standby_reply(rq, &who);
}

/* As many as are read in about the time that a page of rows takes. */
static err put_ranges(struct rq *rq, const struct image_table *t, struct row_range *r) {
	struct str after = param(rq, "after");
	int64_t bytes = 0;
	for (size_t i = 0; i < RANGES_MAX && bytes < STANDBY_PORTION_MAX && (!i || after.n); i++) {
		TRY(row_range_read(rq->c.db, t, after, STR_NONE, ROW_RANGE_ROWS, r));
		db_rest(rq->c.db);
		after = arena_str(rq->c.arena, buf_str(&r->last));
		bytes += r->bytes;
		copy_stream_put(rq_out(rq), &(struct copy_line){COPY_RANGE, .table = str_mem(r->digest, sizeof r->digest), .text = after});
	}
	return NULL;
}

enum handled origin_ranges(struct rq *rq) {
	struct standby_asker who = {0};
	struct image_table t;
	struct row_range r = {0};
	TRY_RQ(rq, standby_identify(rq, &who));
	TRY_RQ(rq, note_table(rq, &who, "comparing"));
	TRY_RQ(rq, image_table_find(rq->c.db, rq->c.arena, param(rq, "table"), &t));
	copy_stream_begin(rq_out(rq));
	err e = put_ranges(rq, &t, &r);
	buf_free(&r.last);
	TRY_RQ(rq, e);
	return standby_reply(rq, &who);
}

enum handled origin_row(struct rq *rq) {
	struct standby_asker who = {0};
	struct image_table t;
	struct str row;
	TRY_RQ(rq, standby_identify(rq, &who));
	TRY_RQ(rq, image_table_find(rq->c.db, rq->c.arena, param(rq, "table"), &t));
	TRY_RQ(rq, image_row(rq->c.db, rq->c.arena, &t, param(rq, "key"), &row));
	copy_stream_begin(rq_out(rq));
	if (row.n)
		copy_stream_put(rq_out(rq), &(struct copy_line){.kind = COPY_ROW, .text = row});
	return standby_reply(rq, &who);
}

/* ── the journal ── */

static void put_entry(struct buf *out, const struct change_entry *e) {
	const struct journal_entry *j = &e->entry;
	copy_stream_put(out, &(struct copy_line){.kind = COPY_ENTRY, .numbers = {j->xid, j->seq, j->at, j->kind, j->a, j->b, j->c}});
	for (size_t i = 0; i < e->n; i++) {
		const struct change *c = &e->changes[i];
		switch (c->state) {
		case CHANGE_ROW: copy_stream_put(out, &(struct copy_line){.kind = COPY_PUT, .table = c->table, .text = c->row}); break;
		case CHANGE_DELETED:
			copy_stream_put(out, &(struct copy_line){.kind = COPY_DELETE, .table = c->table, .text = c->key});
			break;
		case CHANGE_BLANKED: copy_stream_put(out, &(struct copy_line){.kind = COPY_BLANK, .table = c->table}); break;
		}
	}
}

static err still_there(struct rq *rq, int64_t xid, int64_t seq) {
	int64_t cut_xid, cut_seq;
	TRY(store_journal_trimmed(rq->c.db, &cut_xid, &cut_seq));
	if (xid < cut_xid || (xid == cut_xid && seq < cut_seq))
		return err_public(ERR_GONE, "The journal does not reach back that far");
	return NULL;
}

/* Waits for an entry behind the cursor. *at: from before the snapshot that found none or some. */
static err wait_for_entries(struct rq *rq, const struct heard *h, int64_t wait, struct change_entry **v, size_t *n, int64_t *at) {
	int64_t until = clock_mono_ms() + wait;
	for (;;) {
		db_rest(rq->c.db);
		*at = clock_ms();
		TRY(change_after(rq->c.db, rq->c.arena, h->xid, h->seq, ENTRIES_MAX, v, n));
		if (*n || clock_mono_ms() >= until || rq->c.site->stopping)
			return NULL;
		db_rest(rq->c.db);
		server_waits(rq->server, true);
		usleep(LOOK_MS * 1000);
		server_waits(rq->server, false);
	}
}

static err note_near(struct tx *tx, void *arg) { return tx_journal(tx, J_TAKEOVER_NEARS, *(const bool *)arg, 0, 0); }

/* By the journal, so that all nodes hear of it. */
static void slow_writes(struct rq *rq, const struct standby_asker *who, bool behind) {
	if (!param_has(rq, "promote") || standby_rehearses(who->name) || gate_slows_writes(rq->gate))
		return;
	db_rest(rq->c.db);
	err e = tx_run(rq->c.db, note_near, &behind);
	if (e)
		log_warn("writes are not slowed down for the standby %.*s: %s %s", S_ARG(who->name), e->text, e->cause);
}

/* The cursor that is asked from is what the standby has: it is noted now and then. */
enum handled origin_changes(struct rq *rq) {
	struct standby_asker who = {0};
	struct heard h = {.doing = S("following"), .reached = true};
	struct change_entry *v;
	size_t n, i;
	int64_t wait, at, since, epoch;
	bool differ;
	TRY_RQ(rq, standby_identify(rq, &who));
	TRY_RQ(rq, param_i64(rq, "xid", 0, &h.xid));
	TRY_RQ(rq, param_i64(rq, "seq", 0, &h.seq));
	TRY_RQ(rq, param_i64(rq, "wait", 0, &wait));
	TRY_RQ(rq, tables_differ(rq, &differ));
	TRY_RQ(rq, still_there(rq, h.xid, h.seq));
	if (to_be_noted(&who))
		try_to_note(rq, &who, &h);
	TRY_RQ(rq, wait_for_entries(rq, &h, wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS, &v, &n, &at));
	struct buf *out = rq_out(rq);
	copy_stream_begin(out);
	if (differ)
		TRY_RQ(rq, put_tables(rq));
	for (i = 0; i < n && out->n < who.portion; i++) {
		put_entry(out, &v[i]);
		h.xid = v[i].entry.xid;
		h.seq = v[i].entry.seq;
	}
	TRY_RQ(rq, store_journal_rest(rq->c.db, h.xid, h.seq, &since));
	TRY_RQ(rq, standby_epoch(rq->c.arena, rq->c.db, &epoch));
	bool more = i < n || n == ENTRIES_MAX;
	put_head(out, &who, h.xid, h.seq, since && since < at ? since : at, epoch, more);
	slow_writes(rq, &who, more);
	return standby_reply(rq, &who);
}

/* ── media ── */

enum handled origin_blob(struct rq *rq) {
	struct standby_asker who = {0};
	struct blob_name name;
	struct blob_served s;
	TRY_RQ(rq, standby_identify(rq, &who));
	if (!blob_name_read_hex(path_text(rq, 0), &name))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	db_rest(rq->c.db);
	TRY_RQ(rq, blob_serve(rq->c.site->blobs, &name, &s));
	struct reply *r = &rq->x->reply;
	r->kind = s.pieces ? REPLY_PIECES : REPLY_FILE;
	r->fd = s.fd;
	r->pieces = s.pieces;
	r->file_size = s.size;
	r->status = 200;
	r->type = "application/octet-stream";
	return DONE;
}

/* ── handing over ── */

/* People's requests are refused already; the readers of the journal may finish what came before. */
static err wait_for_readers(struct rq *rq) {
	int64_t began = clock_mono_ms(), quiet = began, xid = 0, seq = 0;
	while (clock_mono_ms() - quiet < QUIET_MS && clock_mono_ms() - began < QUIET_MAX_MS) {
		int64_t x, s;
		TRY(journal_head(rq->c.db, &x, &s));
		db_rest(rq->c.db);
		if (x != xid || s != seq)
			quiet = clock_mono_ms();
		xid = x;
		seq = s;
		server_waits(rq->server, true);
		usleep(LOOK_MS * 1000);
		server_waits(rq->server, false);
	}
	return NULL;
}

/* On PostgreSQL a transaction without an entry of its own may still hold the head back. */
static err hand_over(struct rq *rq, int64_t *xid, int64_t *seq) {
	int64_t since = 0, until = clock_mono_ms() + WAIT_MAX_MS;
	TRY(wait_for_readers(rq));
	TRY(store_close_to_writes(rq->c.db, str_of(moved)));
	do {
		db_rest(rq->c.db);
		TRY(journal_head(rq->c.db, xid, seq));
		TRY(store_journal_rest(rq->c.db, *xid, *seq, &since));
		if (since)
			usleep(LOOK_MS * 1000);
	} while (since && clock_mono_ms() < until);
	return since ? err_private(ERR_UNAVAILABLE, "a transaction does not end: the last entry cannot be handed over") : NULL;
}

/* May be asked again: a closed database stays as it is. */
enum handled origin_handover(struct rq *rq) {
	struct standby_asker who = {0};
	int64_t xid, seq, epoch;
	TRY_RQ(rq, standby_identify(rq, &who));
	if (standby_rehearses(who.name))
		return reply_err(rq, err_public(ERR_FORBIDDEN, "This standby is of a rehearsal: nothing is handed over to it"));
	TRY_RQ(rq, standby_epoch(rq->c.arena, rq->c.db, &epoch));
	rq->c.site->moving = true;
	err e = hand_over(rq, &xid, &seq);
	struct str why = STR_NONE;
	if (e) {
		struct err kept = *e;
		if (!store_closed(rq->c.arena, rq->c.db, &why) && !why.n)
			rq->c.site->moving = false;
		return reply_err(rq, err_copy(&kept));
	}
	log_warn("this network is handed over to the standby %.*s: nothing can be written here any more", S_ARG(who.name));
	live_close_all(rq->c.site->live);
	copy_stream_begin(rq_out(rq));
	put_head(rq_out(rq), &who, xid, seq, clock_ms(), epoch, false);
	return standby_reply(rq, &who);
}
