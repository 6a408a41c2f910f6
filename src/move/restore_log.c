#include "base/must.h"
#include "base/vec.h"
#include "move/backup.h"
#include "move/restore_inside.h"
#include "store/local_state.h"
#include "wire/backup_log.h"

/* Segments made so long before the snapshot, by the same clock, are surely in it: the search for the first begins there. */
enum { SURE_MS = 3600 * 1000 };

typedef err (*segment_fn)(void *ctx, struct arena *a, const struct backup_log_head *head, struct str items);

struct walk {
	struct restore *r;
	struct blob_name shape, last; /* last: of the segment before */
	int64_t number, xid, seq;     /* how far it has come; number 0: none was met */
};

static bool later(int64_t xid, int64_t seq, int64_t than_xid, int64_t than_seq) {
	return xid > than_xid || (xid == than_xid && seq > than_seq);
}

static err broken(int64_t number) {
	return err_public(ERR_STORE, "the backup is damaged: its log has lost segment %lld", (long long)number);
}

/* *use: it follows what is in already. *end: it does not join, as after a load of rows or in another database. */
static err follows(struct walk *w, int64_t number, const struct backup_log_head *h, const struct blob_name *hash, bool *use, bool *end) {
	bool next = w->number && number == w->number + 1 && memcmp(h->previous.b, w->last.b, BLOB_NAME) == 0;
	bool same = !memcmp(h->database.b, w->r->m.database.b, BLOB_NAME) && !memcmp(h->shape.b, w->shape.b, BLOB_NAME);
	if (w->number && !next)
		return broken(w->number + 1);
	w->number = number;
	w->last = *hash;
	*use = same && later(h->upto_xid, h->upto_seq, w->xid, w->seq);
	*end = *use && later(h->after_xid, h->after_seq, w->xid, w->seq);
	*use &= !*end;
	return NULL;
}

static err one(struct walk *w, struct arena *a, int64_t number, segment_fn fn, void *ctx, bool *end) {
	struct backup_log_head head;
	struct blob_name hash;
	struct str text, items;
	bool use;
	TRY(vault_segment(a, w->r->vault, number, &text, &hash));
	if (!backup_log_read(text, &head, &items) || head.number != number)
		return err_public(ERR_INVALID, "segment %lld of the log is of a form that is not known here: use a newer freehold",
		                  (long long)number);
	TRY(follows(w, number, &head, &hash, &use, end));
	if (!use)
		return NULL;
	w->xid = head.upto_xid;
	w->seq = head.upto_seq;
	TRY(fn(ctx, a, &head, items));
	return restore_step(w->r);
}

/* Every segment that follows the snapshot without a gap, in order. */
static err walk(struct restore *r, segment_fn fn, void *ctx) {
	struct walk w = {.r = r, .xid = r->m.xid, .seq = r->m.seq};
	struct arena *a = arena_new(), *list = arena_new();
	struct vault_segment *segments;
	size_t n;
	bool end = false;
	backup_shape(r->m.tables, r->m.table_count, &w.shape);
	err e = vault_segments(list, r->vault, &segments, &n);
	for (size_t i = 0; !e && !end && i < n; i++) {
		if (!w.number && segments[i].at < r->m.at - SURE_MS)
			continue;
		if (r->at && segments[i].at > r->at + SURE_MS)
			break;
		e = one(&w, a, segments[i].number, fn, ctx, &end);
		arena_reset(a);
	}
	arena_free(&a);
	arena_free(&list);
	return e;
}

static err bad(const struct backup_log_head *h) {
	return err_public(ERR_STORE, "the backup is damaged: segment %lld of the log is none", (long long)h->number);
}

/* ── rows ── */

struct replay {
	struct restore *r;
	struct db *db;
	struct image_table *tables;
	int64_t done; /* segments up to it are in */
	struct arena *a;
	const struct backup_log_head *head;
	struct change_entry *entries;
	size_t n;
};

/* The entries of a segment that are not later than wanted. */
static err gather(struct replay *p, struct str items) {
	VEC(struct change_entry) entries = {0};
	VEC(struct change) changes = {0};
	struct backup_log_item i;
	bool wanted = false;
	do {
		if (!backup_log_next(&items, &i))
			return bad(p->head);
		if (i.kind == BACKUP_LOG_ENTRY) {
			struct journal_entry j = {i.xid, i.seq, i.at, (enum journal_kind)i.what, i.a, i.b, i.c};
			memset(&changes, 0, sizeof changes);
			wanted = !p->r->at || i.at <= p->r->at;
			if (wanted)
				vec_push(p->a, &entries, ((struct change_entry){.entry = j}));
		} else if (wanted && i.kind >= BACKUP_LOG_ROW) {
			struct change c = {.table = i.table, .state = CHANGE_BLANKED};
			c.state = i.kind == BACKUP_LOG_ROW ? CHANGE_ROW : i.kind == BACKUP_LOG_GONE ? CHANGE_DELETED : CHANGE_BLANKED;
			c.row = c.state == CHANGE_ROW ? i.text : STR_NONE;
			c.key = c.state == CHANGE_DELETED ? i.text : STR_NONE;
			vec_push(p->a, &changes, c);
			entries.v[entries.n - 1].changes = changes.v;
			entries.v[entries.n - 1].n = changes.n;
		}
	} while (i.kind != BACKUP_LOG_END);
	p->entries = entries.v;
	p->n = entries.n;
	return NULL;
}

/* One entry of ours for them all: readers that hold state in memory load it anew. */
static err apply(struct tx *tx, void *arg) {
	const struct replay *p = arg;
	BUF_AUTO number = {0};
	TRY(tx_journal(tx, J_BULK_LOADED, 1, 0, 0));
	for (size_t i = 0; i < p->n; i++)
		TRY(change_apply(tx, p->a, p->tables, p->r->m.table_count, &p->entries[i]));
	buf_i64(&number, p->head->number);
	return store_local_set(tx_db(tx), restore_log_key, buf_str(&number));
}

static err take_rows(void *ctx, struct arena *a, const struct backup_log_head *head, struct str items) {
	struct replay *p = ctx;
	p->a = a;
	p->head = head;
	TRY(gather(p, items));
	for (size_t i = 0; i < p->n; i++)
		if (p->entries[i].entry.at > p->r->upto)
			p->r->upto = p->entries[i].entry.at;
	p->r->counts.entries += (int64_t)p->n;
	return head->number > p->done && p->n ? tx_run(p->db, apply, p) : NULL;
}

static err replay(struct replay *p, struct arena *a) {
	struct str done;
	TRY(store_local_get(a, p->db, restore_log_key, &done));
	if (done.n && !str_i64(done, &p->done))
		return err_private(ERR_INTERNAL, "restore: its place in the log is none");
	TRY(restore_shape(p->r, p->db, a, &p->tables));
	db_rest(p->db);
	return walk(p->r, take_rows, p);
}

err restore_log(struct restore *r, struct store *store) {
	struct replay p = {.r = r};
	struct arena *a = arena_new();
	err e = db_open(&p.db, store);
	if (!e)
		e = replay(&p, a);
	struct err kept = e ? *e : (struct err){0};
	db_close(&p.db);
	arena_free(&a);
	return e ? err_copy(&kept) : NULL;
}

/* ── blobs ── */

static err take_blobs(void *ctx, struct arena *a, const struct backup_log_head *head, struct str items) {
	struct blob_reader *b = ctx;
	struct backup_log_item i;
	while (backup_log_next(&items, &i) && i.kind == BACKUP_LOG_BLOB) {
		struct backup_blob blob = {.name = i.name, .size = i.size, .n = (uint32_t)(i.chunks.n / (2 * BLOB_NAME))};
		struct blob_name *chunks = arena_many(a, struct blob_name, blob.n + 1);
		for (uint32_t k = 0; k < blob.n; k++)
			if (!blob_name_read_hex(str_first(str_skip(i.chunks, (size_t)k * 2 * BLOB_NAME), 2 * BLOB_NAME), &chunks[k]))
				return bad(head);
		blob.chunks = chunks->b;
		TRY(restore_blob(b, &blob));
	}
	return NULL;
}

err restore_log_blobs(struct blob_reader *b) { return walk(b->r, take_blobs, b); }
