#include "move/backup_inside.h"
#include "store/changed.h"
#include "store/image.h"
#include "wire/row.h"

#include <sodium.h>

/* A chunk ends at a row whose key's hash says so, on average after so many rows, and before it grows too long. */
enum { ROWS_AT_ONCE = 2000, CUT_MASK = 2047, CHUNK_BYTES = 4 * 1024 * 1024 };

struct table_reader {
	struct backup *b;
	const struct image_table *t;
	struct arena *a; /* for one batch */
	struct buf chunk, row;
	struct list_writer list;
	struct backup_table out;
};

static err end_chunk(struct table_reader *r) {
	struct blob_name name;
	if (!r->chunk.n)
		return NULL;
	TRY(backup_put(r->b, buf_str(&r->chunk), &name));
	buf_clear(&r->chunk);
	buf_put(&r->list.object, blob_name_str(&name));
	return list_full(&r->list, &name) ? list_put(r->b, &r->list) : NULL;
}

static bool cut_here(const struct table_reader *r, struct str key) {
	unsigned char hash[crypto_shorthash_BYTES];
	crypto_shorthash(hash, (const unsigned char *)key.p, key.n, vault_keys(r->b->vault)->cut);
	return ((hash[0] << 8 | hash[1]) & CUT_MASK) == 0;
}

/* Both engines give the same bytes for the same row. */
static err shortest(struct table_reader *r, struct str row) {
	struct row_value *v = arena_many(r->a, struct row_value, r->t->n);
	size_t n, at;
	if (!row_parse(r->a, row, v, r->t->n, &n, &at) || n != r->t->n)
		return err_private(ERR_INTERNAL, "backup: a row of %.*s is no row", S_ARG(r->t->name));
	buf_clear(&r->row);
	row_write(&r->row, v, n);
	return NULL;
}

static err take_row(struct table_reader *r, const struct image *i) {
	struct str key;
	TRY(shortest(r, i->row));
	struct str row = buf_str(&r->row);
	if (row.n >= VAULT_CHUNK_MAX - CHUNK_BYTES)
		return err_public(ERR_TOO_LARGE, "a row of the table %.*s is too long for a backup", S_ARG(r->t->name));
	TRY(image_key(r->a, r->t, row, &key));
	backup_sum_add(vault_keys(r->b->vault), r->out.sum, row);
	buf_put(&r->chunk, row);
	buf_byte(&r->chunk, '\n');
	r->out.rows++;
	r->b->result->counts.rows++;
	return cut_here(r, key) || r->chunk.n >= CHUNK_BYTES ? end_chunk(r) : NULL;
}

static err read_rows(struct table_reader *r) {
	BUF_AUTO after = {0};
	struct image *rows;
	size_t n;
	do {
		TRY(image_rows(r->b->c->db, r->a, r->t, buf_str(&after), STR_NONE, ROWS_AT_ONCE, &rows, &n));
		for (size_t i = 0; i < n; i++)
			TRY(take_row(r, &rows[i]));
		if (n) {
			buf_clear(&after);
			buf_put(&after, rows[n - 1].key);
		}
		arena_reset(r->a);
		TRY(backup_step(r->b));
	} while (n == ROWS_AT_ONCE);
	TRY(end_chunk(r));
	return list_put(r->b, &r->list);
}

static void name_columns(struct arena *a, const struct image_table *t, struct backup_table *out) {
	out->name = t->name;
	out->columns = arena_many(a, struct str, t->n);
	out->column_count = t->n;
	for (size_t i = 0; i < t->n; i++)
		out->columns[i] = t->columns[i].name;
}

static err read_table(struct backup *b, const struct image_table *t, struct backup_table *out) {
	struct table_reader r = {.b = b, .t = t, .a = arena_new()};
	name_columns(b->a, t, &r.out);
	err e = read_rows(&r);
	r.out.lists = r.list.names.v;
	r.out.list_count = r.list.names.n;
	*out = r.out;
	buf_free(&r.chunk);
	buf_free(&r.row);
	buf_free(&r.list.object);
	arena_free(&r.a);
	b->result->counts.tables_read++;
	return e;
}

static const struct backup_table *table_of(const struct backup_manifest *m, const struct image_table *t) {
	for (size_t i = 0; i < m->table_count; i++) {
		const struct backup_table *x = &m->tables[i];
		if (!str_eq(x->name, t->name) || x->column_count != t->n)
			continue;
		size_t k = 0;
		while (k < t->n && str_eq(x->columns[k], t->columns[k].name))
			k++;
		return k == t->n ? x : NULL;
	}
	return NULL;
}

struct changes {
	bool all;
	struct str *names;
	size_t n;
};

static bool changed(const struct changes *c, struct str table) {
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->names[i], table))
			return true;
	return c->all;
}

err backup_rows(struct backup *b, bool *blobs) {
	struct changes c = {.all = true};
	struct image_table *tables;
	if (b->last_is_ours)
		TRY(store_changed_tables(b->c->db, b->a, b->last.xid, b->last.seq, &c.all, &c.names, &c.n));
	TRY(image_tables(b->c->db, b->a, &tables, &b->next.table_count));
	b->next.tables = arena_many(b->a, struct backup_table, b->next.table_count);
	for (size_t i = 0; i < b->next.table_count; i++) {
		const struct backup_table *before = table_of(&b->last, &tables[i]);
		b->result->counts.tables++;
		if (before && !changed(&c, tables[i].name))
			b->next.tables[i] = *before;
		else
			TRY(read_table(b, &tables[i], &b->next.tables[i]));
	}
	*blobs = changed(&c, S("blob")) || b->last.blobs_missing;
	b->next.blobs = b->last.blobs;
	b->next.blob_bytes = b->last.blob_bytes;
	b->next.blobs_missing = b->last.blobs_missing;
	b->next.blob_lists = b->last.blob_lists;
	b->next.blob_list_count = b->last.blob_list_count;
	b->result->counts.blobs = b->result->counts.blobs_done = b->last.blobs;
	return NULL;
}
