#include "move/ship.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "core/site.h"
#include "move/backup_inside.h"
#include "move/cutter.h"
#include "store/changed.h"
#include "store/cursor.h"
#include "store/image.h"
#include "store/local_state.h"
#include "wire/backup_log.h"
#include "wire/row.h"

#include <stdlib.h>

enum { ENTRIES = 400, SEGMENT_BYTES = 8 * 1024 * 1024 };

struct shipper {
	struct vault *v;
	struct arena *a; /* of what lives as long */
	struct blob_name database, shape, last;
	int64_t number; /* of the last segment */
	int64_t xid, seq;
	struct names blobs, fresh; /* that are in the newest backup; in the log since this was opened */
	struct image_table *tables;
	size_t table_count;
};

int64_t ship_number(const struct shipper *s) { return s->number; }

/* ── where it goes on ── */

static err check_memory(struct shipper *s, struct ctx *c, int64_t newest, const struct blob_name *hash) {
	struct str text, rest;
	struct blob_name was;
	int64_t number;
	TRY(store_local_get(c->arena, c->db, backup_log_key(c->arena, s->v), &text));
	rest = text;
	if (!text.n || !str_i64(str_cut(&rest, ' '), &number) || !blob_name_read_hex(rest, &was))
		return NULL;
	s->number = number > newest ? number : newest;
	bool lost = newest < number || (newest == number && memcmp(was.b, hash->b, BLOB_NAME) != 0);
	return lost ? err_public(ERR_STORE, "the place has lost the end of the log: segment %lld", (long long)number) : NULL;
}

static bool later(int64_t xid, int64_t seq, int64_t than_xid, int64_t than_seq) {
	return xid > than_xid || (xid == than_xid && seq > than_seq);
}

struct end {
	int64_t number;
	struct blob_name hash;
	struct backup_log_head head;
};

static err read_end(struct arena *a, struct vault *v, struct end *out) {
	struct vault_segment *segments;
	struct str text, rest;
	size_t n;
	*out = (struct end){0};
	TRY(vault_segments(a, v, &segments, &n));
	if (!n)
		return NULL;
	out->number = segments[n - 1].number;
	TRY(vault_segment(a, v, out->number, &text, &out->hash));
	return backup_log_read(text, &out->head, &rest) ? NULL
	                                                : err_public(ERR_STORE, "segment %lld of the log is none", (long long)out->number);
}

static void shape_of(struct shipper *s) {
	struct backup_table *t = arena_many(s->a, struct backup_table, s->table_count + 1);
	for (size_t i = 0; i < s->table_count; i++) {
		t[i] = (struct backup_table){.name = s->tables[i].name, .column_count = s->tables[i].n};
		t[i].columns = arena_many(s->a, struct str, s->tables[i].n);
		for (size_t k = 0; k < s->tables[i].n; k++)
			t[i].columns[k] = s->tables[i].columns[k].name;
	}
	backup_shape(t, s->table_count, &s->shape);
}

static err know_blobs(struct shipper *s, const struct backup_manifest *m) {
	struct arena *a = arena_new();
	err e = NULL;
	for (size_t i = 0; i < m->blob_list_count && !e; i++) {
		struct str list;
		struct backup_blob blob;
		bool bad;
		e = vault_get(a, s->v, &m->blob_lists[i], "a list of blobs", &list);
		while (!e && backup_blob_next(&list, &blob, &bad))
			names_add(&s->blobs, &blob.name);
		arena_reset(a);
	}
	arena_free(&a);
	return e;
}

/* Behind the newest backup's cursor, or behind the end of the log when that is later and joins it. */
static err join(struct shipper *s, struct ctx *c, bool *joined) {
	struct backup_manifest m;
	struct blob_name hash, shape;
	struct end end;
	int64_t gone_xid, gone_seq;
	*joined = false;
	TRY(backup_database(c, &s->database));
	TRY(read_end(c->arena, s->v, &end));
	s->number = end.number;
	s->last = end.hash;
	err lost = check_memory(s, c, end.number, &end.hash);
	if (lost)
		return lost;
	err e = backup_newest(c->arena, s->v, &m, &hash);
	if (e && e->code == ERR_NOT_FOUND)
		return NULL;
	TRY(e);
	TRY(image_tables(c->db, s->a, &s->tables, &s->table_count));
	TRY(store_journal_trimmed(c->db, &gone_xid, &gone_seq));
	shape_of(s);
	backup_shape(m.tables, m.table_count, &shape);
	bool here = !memcmp(m.database.b, s->database.b, BLOB_NAME) && !memcmp(shape.b, s->shape.b, BLOB_NAME);
	s->xid = m.xid;
	s->seq = m.seq;
	if (end.number && !memcmp(end.head.database.b, s->database.b, BLOB_NAME) &&
	    later(end.head.upto_xid, end.head.upto_seq, m.xid, m.seq)) {
		s->xid = end.head.upto_xid;
		s->seq = end.head.upto_seq;
	}
	*joined = here && !later(gone_xid, gone_seq, s->xid, s->seq);
	return *joined ? know_blobs(s, &m) : NULL;
}

err ship_open(struct shipper **out, struct ctx *c, struct vault *v) {
	struct shipper *s = xcalloc(1, sizeof *s);
	bool joined;
	s->v = v;
	s->a = arena_new();
	*out = s;
	err e = join(s, c, &joined);
	struct err kept = e ? *e : (struct err){0};
	db_rest(c->db);
	if (e || !joined)
		ship_close(out);
	return e ? err_copy(&kept) : NULL;
}

void ship_close(struct shipper **s) {
	if (!*s)
		return;
	names_free(&(*s)->blobs);
	names_free(&(*s)->fresh);
	arena_free(&(*s)->a);
	free(*s);
	*s = NULL;
}

/* ── blobs ── */

static err put_chunk(void *shipper, struct str chunk, struct blob_name *name) {
	struct shipper *s = shipper;
	struct vault_counts counts = {0};
	vault_name(s->v, chunk, name);
	return vault_put(s->v, chunk, name, &counts);
}

/* One that went again before it could be read is not there: a later entry says so. */
static err ship_blob(struct shipper *s, struct ctx *c, struct buf *out, const struct blob_name *name) {
	struct cutter k = {.put = put_chunk, .ctx = s};
	err e = cutter_blob(&k, c->site->blobs, name);
	bool gone = e && cutter_lost(&k, e);
	if (!e) {
		BUF_AUTO hex = {0};
		buf_hex(&hex, buf_str(&k.names));
		backup_log_put(out,
		               &(struct backup_log_item){.kind = BACKUP_LOG_BLOB, .name = *name, .size = k.size, .chunks = buf_str(&hex)});
		names_add(&s->fresh, name);
	}
	cutter_free(&k);
	return gone ? NULL : e;
}

static bool in_use(struct arena *a, const struct image_table *t, struct str row, struct blob_name *name) {
	struct row_value *v = arena_many(a, struct row_value, t->n);
	struct str bytes = STR_NONE;
	size_t n, at;
	int64_t uses = 0;
	if (!row_parse(a, row, v, t->n, &n, &at) || n != t->n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(t->columns[i].name, S("hash")) && !row_bytes(a, v[i].text, &bytes))
			return false;
		if (str_eq(t->columns[i].name, S("uses")))
			uses = v[i].number;
	}
	return uses > 0 && blob_name_read(bytes, name);
}

static err ship_blobs(struct shipper *s, struct ctx *c, struct buf *out, const struct change_entry *e) {
	const struct image_table *t = image_table_named(s->tables, s->table_count, S("blob"));
	for (size_t i = 0; i < e->n; i++) {
		struct blob_name name;
		if (e->changes[i].state == CHANGE_ROW && str_eq(e->changes[i].table, t->name) &&
		    in_use(c->arena, t, e->changes[i].row, &name) && !names_have(&s->blobs, &name) && !names_have(&s->fresh, &name))
			TRY(ship_blob(s, c, out, &name));
	}
	return NULL;
}

/* ── a segment ── */

static err put_change(struct shipper *s, struct arena *a, struct buf *out, const struct change *c) {
	struct backup_log_item item = {.kind = BACKUP_LOG_BLANK, .table = c->table};
	BUF_AUTO text = {0};
	struct row_value v[BACKUP_COLUMNS_MAX];
	size_t n, at;
	if (c->state != CHANGE_BLANKED) {
		item.kind = c->state == CHANGE_ROW ? BACKUP_LOG_ROW : BACKUP_LOG_GONE;
		if (!row_parse(a, c->state == CHANGE_ROW ? c->row : c->key, v, BACKUP_COLUMNS_MAX, &n, &at))
			return err_private(ERR_INTERNAL, "backup: an image of %.*s is none", S_ARG(c->table));
		row_write(&text, v, n);
		item.text = buf_str(&text);
	}
	if (!image_table_named(s->tables, s->table_count, c->table))
		return err_public(ERR_CONFLICT, "the tables have changed");
	backup_log_put(out, &item);
	return NULL;
}

static err put_entry(struct shipper *s, struct arena *a, struct buf *out, const struct change_entry *e) {
	const struct journal_entry *j = &e->entry;
	if (j->kind == J_BULK_LOADED && j->a)
		return err_public(ERR_CONFLICT, "rows were loaded that the change log does not have");
	backup_log_put(
	    out,
	    &(struct backup_log_item){
	        .kind = BACKUP_LOG_ENTRY, .xid = j->xid, .seq = j->seq, .at = j->at, .what = j->kind, .a = j->a, .b = j->b, .c = j->c});
	for (size_t i = 0; i < e->n; i++)
		TRY(put_change(s, a, out, &e->changes[i]));
	return NULL;
}

struct memory {
	struct str key, value;
};

static err set_memory(struct tx *tx, void *arg) {
	const struct memory *m = arg;
	return store_local_set(tx_db(tx), m->key, m->value);
}

static err seal_segment(struct shipper *s, struct ctx *c, struct str blobs, struct str entries, const struct journal_entry *last) {
	struct backup_log_head h = {s->number + 1, clock_ms(), s->last, s->database, s->shape, s->xid, s->seq, last->xid, last->seq};
	struct blob_name hash;
	BUF_AUTO text = {0}, memory = {0};
	backup_log_begin(&text, &h);
	buf_put(&text, blobs);
	buf_put(&text, entries);
	backup_log_put(&text, &(struct backup_log_item){.kind = BACKUP_LOG_END});
	if (blobs.n)
		TRY(vault_settle(s->v));
	TRY(vault_put_segment(s->v, h.number, buf_str(&text), &hash));
	s->number = h.number;
	s->last = hash;
	s->xid = last->xid;
	s->seq = last->seq;
	buf_printf(&memory, "%lld ", (long long)h.number);
	buf_hex(&memory, blob_name_str(&hash));
	return tx_run(c->db, set_memory, &(struct memory){backup_log_key(c->arena, s->v), buf_str(&memory)});
}

err ship_some(struct shipper *s, struct ctx *c, bool *more) {
	BUF_AUTO blobs = {0}, entries = {0};
	struct change_entry *e;
	size_t n, i;
	err failed = change_after(c->db, c->arena, s->xid, s->seq, ENTRIES, &e, &n);
	db_rest(c->db);
	*more = false;
	TRY(failed);
	if (!n)
		return NULL;
	for (i = 0; i < n && entries.n < SEGMENT_BYTES; i++) {
		TRY(ship_blobs(s, c, &blobs, &e[i]));
		TRY(put_entry(s, c->arena, &entries, &e[i]));
	}
	*more = i < n || n == ENTRIES;
	return seal_segment(s, c, buf_str(&blobs), buf_str(&entries), &e[i - 1].entry);
}
