#include "store/bulk.h"

#include "base/must.h"
#include "store/bulk_engine.h"

#include <stdlib.h>

const struct bulk_table_text bulk_tables[BULK_TABLE_COUNT] = {
#define BULK(name, table, columns) {table, columns},
#include "store/bulk.def"
#undef BULK
};

static bool sqlite(const struct bulk *b) { return db_engine(b->db) == ENGINE_SQLITE; }

static err script(struct bulk *b, const char *sql) { return b->db->ops->script(b->db, sql); }

/* Called for the first row of a table: its indexes go until the end, its triggers too. */
static err open_table(struct bulk *b, enum bulk_table t) {
	BUF_AUTO drop = {0};
	{
		struct ROWS_AUTO *r = NULL;
		TRY(db_query(b->db, &r, BULK_INDEXES, T(str_of(bulk_tables[t].name))));
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
	if (!sqlite(b))
		TRY(bulk_postgres_triggers(b, t, false));
	b->used[t] = true;
	return NULL;
}

err bulk_begin(struct bulk **out, struct store *s) {
	*out = NULL;
	struct bulk *b = xcalloc(1, sizeof *b);
	err e = s->ops->open(&b->db, s, true);
	if (e) {
		free(b);
		return e;
	}
	b->arena = arena_new();
	if (sqlite(b))
		e = bulk_sqlite_prepare(b);
	if (!e)
		e = script(b, sqlite(b) ? "BEGIN IMMEDIATE" : "BEGIN");
	if (e)
		bulk_drop(&b);
	*out = b;
	return e;
}

err bulk_row_(struct bulk *b, enum bulk_table t, const struct bind *binds, size_t n) {
	TRY(bind_check(binds, n));
	if (!b->used[t])
		TRY(open_table(b, t));
	b->rows++;
	return sqlite(b) ? bulk_sqlite_row(b, t, binds, n) : bulk_postgres_row(b, t, binds, n);
}

static err finish(struct bulk *b) {
	if (!sqlite(b))
		TRY(bulk_postgres_flush(b));
	buf_byte(&b->make_indexes, 0);
	TRY(script(b, b->make_indexes.p));
	for (int t = 0; t < BULK_TABLE_COUNT && !sqlite(b); t++)
		if (b->used[t])
			TRY(bulk_postgres_triggers(b, (enum bulk_table)t, true));
	struct tx tx = {.db = b->db};
	TRY(tx_journal(&tx, J_BULK_LOADED, 0, 0, 0));
	TRY(script(b, "COMMIT"));
	return script(b, sqlite(b) ? "PRAGMA wal_checkpoint(TRUNCATE)" : "ANALYZE");
}

static void close_bulk(struct bulk **b) {
	bulk_sqlite_close(*b);
	for (int t = 0; t < BULK_TABLE_COUNT; t++)
		buf_free(&(*b)->waiting[t]);
	(*b)->db->ops->close((*b)->db);
	buf_free(&(*b)->make_indexes);
	arena_free(&(*b)->arena);
	free(*b);
	*b = NULL;
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
