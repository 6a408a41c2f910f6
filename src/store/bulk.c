#include "store/bulk.h"

#include "base/must.h"
#include "store/bulk_engine.h"
#include "store/image_sql.h"
#include "store/local_state.h"

#include <stdlib.h>

static const struct str key_indexes = {"bulk.indexes", 12}, key_unique = {"bulk.unique", 11};

static const struct {
	const char *name, *columns;
} listed[BULK_TABLE_COUNT] = {
#define BULK(name, table, columns) {table, columns},
#include "store/bulk.def"
#undef BULK
};

static bool sqlite(const struct bulk *b) { return db_engine(b->db) == ENGINE_SQLITE; }

static err script(struct bulk *b, const char *sql) { return b->db->ops->script(b->db, sql); }

static err begin(struct bulk *b) { return script(b, sqlite(b) ? "BEGIN IMMEDIATE" : "BEGIN"); }

/* A table's indexes go until the end, its triggers too. */
static err open_table(struct bulk *b, struct str table) {
	BUF_AUTO drop = {0};
	{
		struct ROWS_AUTO *r = NULL;
		TRY(db_query(b->db, &r, BULK_INDEXES, T(table)));
		while (rows_next(r)) {
			buf_put(&b->make_indexes, rows_text(r, 0));
			buf_lit(&b->make_indexes, ";\n");
			buf_put(&drop, rows_text(r, 1));
			buf_lit(&drop, ";\n");
		}
		TRY(rows_err(r));
	}
	buf_byte(&drop, 0);
	TRY(script(b, drop.p));
	return sqlite(b) ? NULL : bulk_postgres_triggers(b, table, false);
}

/* ── beginning ── */

static err open_bulk(struct bulk **out, struct store *s) {
	*out = NULL;
	struct bulk *b = xcalloc(1, sizeof *b);
	err e = s->ops->open(&b->db, s, true);
	if (e) {
		free(b);
		return e;
	}
	b->arena = arena_new();
	b->scratch = arena_new();
	for (int t = 0; t < BULK_TABLE_COUNT; t++)
		vec_push(b->arena, &b->into, ((struct bulk_into){.name = str_of(listed[t].name), .columns = str_of(listed[t].columns)}));
	if (sqlite(b))
		e = bulk_sqlite_prepare(b);
	if (!e)
		e = begin(b);
	if (e)
		bulk_drop(&b);
	*out = b;
	return e;
}

err bulk_begin(struct bulk **out, struct store *s) { return open_bulk(out, s); }

/* Takes all indexes away and keeps how to make them, or finds that this was done. */
static err open_all(struct bulk *b) {
	struct str indexes, unique;
	TRY(store_local_get(b->arena, b->db, key_indexes, &indexes));
	TRY(store_local_get(b->arena, b->db, key_unique, &unique));
	buf_put(&b->make_indexes, indexes);
	buf_put(&b->unique_rest, unique);
	if (indexes.n)
		return NULL;
	struct image_table *tables;
	size_t n;
	TRY(image_tables(b->db, b->arena, &tables, &n));
	for (size_t i = 0; i < n; i++) {
		buf_put(&b->unique_rest, tables[i].sql->unique_rest);
		TRY(open_table(b, tables[i].name));
	}
	TRY(store_local_set(b->db, key_indexes, buf_str(&b->make_indexes)));
	return store_local_set(b->db, key_unique, buf_str(&b->unique_rest));
}

err bulk_begin_stretches(struct bulk **out, struct store *s) {
	TRY(open_bulk(out, s));
	(*out)->stretches = true;
	err e = open_all(*out);
	if (!e)
		e = script(*out, "COMMIT");
	if (!e)
		e = begin(*out);
	if (e) {
		struct err kept = *e;
		bulk_drop(out);
		return err_copy(&kept);
	}
	return NULL;
}

/* ── rows ── */

static err put_row(struct bulk *b, struct bulk_into *to, const struct bind *binds, size_t n) {
	if (!to->used && !b->stretches)
		TRY(open_table(b, to->name));
	to->used = true;
	b->rows++;
	return sqlite(b) ? bulk_sqlite_row(b, to, binds, n) : bulk_postgres_row(b, to, binds, n);
}

err bulk_row_(struct bulk *b, enum bulk_table t, const struct bind *binds, size_t n) {
	TRY(bind_check(binds, n));
	return put_row(b, &b->into.v[t], binds, n);
}

/* Rows mostly come table by table, so the one wanted is mostly the last. */
static struct bulk_into *into_images(struct bulk *b, const struct image_table *t) {
	for (size_t i = b->into.n; i-- > BULK_TABLE_COUNT;)
		if (b->into.v[i].images == t)
			return &b->into.v[i];
	struct buf names = {0};
	for (size_t i = 0; i < t->n; i++)
		buf_printf(&names, "%s\"%.*s\"", i ? ", " : "", S_ARG(t->columns[i].name));
	struct bulk_into to = {.name = t->name, .columns = arena_str(b->arena, buf_str(&names)), .images = t};
	buf_free(&names);
	vec_push(b->arena, &b->into, to);
	return &b->into.v[b->into.n - 1];
}

err bulk_image(struct bulk *b, const struct image_table *t, struct str row) {
	if (arena_used(b->scratch) > 65536)
		arena_reset(b->scratch);
	struct bind *binds = arena_alloc(b->scratch, t->n * sizeof *binds);
	TRY(image_binds(b->scratch, t, row, binds));
	return put_row(b, into_images(b, t), binds, t->n);
}

err bulk_stretch(struct bulk *b, struct str key, struct str place) {
	must(b->stretches);
	if (!sqlite(b))
		TRY(bulk_postgres_flush(b));
	TRY(store_local_set(b->db, key, place));
	TRY(script(b, "COMMIT"));
	return begin(b);
}

/* ── the end ── */

static err enable_triggers(struct bulk *b) {
	if (sqlite(b))
		return NULL;
	struct image_table *tables;
	size_t n;
	TRY(image_shapes(b->db, b->arena, &tables, &n));
	for (size_t i = 0; i < n; i++)
		TRY(bulk_postgres_triggers(b, tables[i].name, true));
	return NULL;
}

static err finish(struct bulk *b) {
	if (!sqlite(b))
		TRY(bulk_postgres_flush(b));
	buf_byte(&b->make_indexes, 0);
	buf_byte(&b->unique_rest, 0);
	TRY(script(b, b->unique_rest.p));
	TRY(script(b, b->make_indexes.p));
	TRY(enable_triggers(b));
	if (b->stretches) {
		TRY(store_local_set(b->db, key_indexes, STR_NONE));
		TRY(store_local_set(b->db, key_unique, STR_NONE));
	}
	struct tx tx = {.db = b->db};
	TRY((b->stretches ? tx_journal_copy : tx_journal)(&tx, J_BULK_LOADED, 1, 0, 0));
	TRY(script(b, "COMMIT"));
	return script(b, sqlite(b) ? "PRAGMA wal_checkpoint(TRUNCATE)" : "ANALYZE");
}

static void close_bulk(struct bulk **out) {
	struct bulk *b = *out;
	bulk_sqlite_close(b);
	for (size_t i = 0; i < b->into.n; i++)
		buf_free(&b->into.v[i].waiting);
	b->db->ops->close(b->db);
	buf_free(&b->make_indexes);
	buf_free(&b->unique_rest);
	arena_free(&b->arena);
	arena_free(&b->scratch);
	free(b);
	*out = NULL;
}

err bulk_end(struct bulk **b, int64_t *rows) {
	if (rows)
		*rows = (*b)->rows;
	err e = finish(*b);
	if (e) {
		struct err kept = *e;
		bulk_drop(b);
		return err_copy(&kept);
	}
	close_bulk(b);
	return NULL;
}

/* Closing the connection rolls back what was not committed. */
void bulk_drop(struct bulk **b) {
	if (*b)
		close_bulk(b);
}
