/* What bulk.c and its two engines share. Inside store/ only. */
#ifndef STORE_BULK_ENGINE_H
#define STORE_BULK_ENGINE_H

#include "base/buf.h"
#include "store/bulk.h"
#include "store/engine.h"

#include <sqlite3.h>

struct bulk {
	struct db *db;
	struct arena *arena;
	struct buf make_indexes;
	bool used[BULK_TABLE_COUNT];
	sqlite3_stmt *inserts[BULK_TABLE_COUNT]; /* SQLite */
	struct buf waiting[BULK_TABLE_COUNT];    /* PostgreSQL: rows in COPY's binary form */
	int64_t rows;
};

struct bulk_table_text {
	const char *name, *columns;
};
extern const struct bulk_table_text bulk_tables[BULK_TABLE_COUNT];

/* bulk_sqlite.c, bulk_postgres.c: prepare sets the connection up for a load, outside the transaction; flush sends what waits. */
err bulk_sqlite_prepare(struct bulk *b);
err bulk_sqlite_row(struct bulk *b, enum bulk_table t, const struct bind *binds, size_t n);
void bulk_sqlite_close(struct bulk *b);
err bulk_postgres_row(struct bulk *b, enum bulk_table t, const struct bind *binds, size_t n);
err bulk_postgres_flush(struct bulk *b);
err bulk_postgres_triggers(struct bulk *b, enum bulk_table t, bool on);

#endif
