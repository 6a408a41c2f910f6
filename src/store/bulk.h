/* Loading many rows at once: one transaction without images in the change log, indexes dropped before and built after, one
 * entry J_BULK_LOADED at the end. Readers that hold state in memory load it anew; a copy of this database has to be made
 * anew as well. One thread, one load at a time. Meanwhile whoever writes waits on SQLite; on PostgreSQL
 * readers of the journal wait, as behind any long transaction. */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "store/tx.h"

struct bulk;

enum bulk_table {
#define BULK(name, table, columns) name,
#include "store/bulk.def"
#undef BULK
	BULK_TABLE_COUNT
};

err bulk_begin(struct bulk **out, struct store *s);

/* Adds a row: a value for each column that bulk.def names. Rows go in fastest in the order of the primary key. */
err bulk_row_(struct bulk *b, enum bulk_table t, const struct bind *binds, size_t n);
#define bulk_row(b, t, ...) bulk_row_((b), (t), (struct bind[]){__VA_ARGS__}, sizeof((struct bind[]){__VA_ARGS__}) / sizeof(struct bind))

/* Builds the indexes and commits. *rows (may be NULL): how many were loaded. b is gone, whether it worked or not. */
err bulk_end(struct bulk **b, int64_t *rows);

/* Undoes all of it. */
void bulk_drop(struct bulk **b);

#endif
