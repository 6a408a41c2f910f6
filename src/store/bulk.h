/* Loading many rows at once: one transaction without images in the change log, indexes dropped before and built after, one
 * entry J_BULK_LOADED at the end. Readers that hold state in memory load it anew; a copy of this database has to be made
 * anew as well. One thread, one load at a time. Meanwhile whoever writes waits on SQLite; on PostgreSQL
 * readers of the journal wait, as behind any long transaction.
 *
 * A load in stretches may be cut and gone on with: each stretch is a transaction that keeps its place, and the indexes are away until the
 * end, through restarts as well. It is for a database that nobody uses yet. */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "store/image.h"
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

/* Begins a load in stretches, or goes on with one: then the places of its stretches are in local_state (store/local_state.h). */
err bulk_begin_stretches(struct bulk **out, struct store *s);
/* Commits what came since the last, and a text under a key of local_state with it. */
err bulk_stretch(struct bulk *b, struct str key, struct str place);

/* Adds a row that comes as an image; t lives as long as the load. ERR_INVALID for one that does not fit. */
err bulk_image(struct bulk *b, const struct image_table *t, struct str row);

/* Builds the indexes and commits. After stretches, which may have been read at different times, rows that share what must be unique go all:
 * their newer states are in the log that is followed from before the first. *rows (may be NULL): how many were loaded. b is gone, whether
 * it worked or not. */
err bulk_end(struct bulk **b, int64_t *rows);

/* Undoes all of it. */
void bulk_drop(struct bulk **b);

#endif
