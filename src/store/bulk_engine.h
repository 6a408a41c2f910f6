/* What bulk.c and its two engines share. Inside store/ only. */
#ifndef STORE_BULK_ENGINE_H
#define STORE_BULK_ENGINE_H

#include "base/buf.h"
#include "base/vec.h"
#include "store/bulk.h"
#include "store/engine.h"

#include <sqlite3.h>

/* A table that is loaded into. Those of bulk.def come first, those of images are added as they come. */
struct bulk_into {
	struct str name, columns;
	const struct image_table *images; /* NULL: of bulk.def */
	bool used;                        /* its indexes and triggers are gone */
	sqlite3_stmt *insert;             /* SQLite */
	struct buf waiting;               /* PostgreSQL: rows in COPY's binary form */
};

struct bulk {
	struct db *db;
	struct arena *arena, *scratch;
	struct buf make_indexes, unique_rest;
	VEC(struct bulk_into) into;
	bool stretches;
	int64_t rows;
};

/* bulk_sqlite.c, bulk_postgres.c: prepare sets the connection up for a load, outside the transaction; flush sends what waits. */
err bulk_sqlite_prepare(struct bulk *b);
err bulk_sqlite_row(struct bulk *b, struct bulk_into *to, const struct bind *binds, size_t n);
void bulk_sqlite_close(struct bulk *b);
err bulk_postgres_row(struct bulk *b, struct bulk_into *to, const struct bind *binds, size_t n);
err bulk_postgres_flush(struct bulk *b);
err bulk_postgres_triggers(struct bulk *b, struct str table, bool on);

#endif
