/* What changed since a cursor in the journal, table by table: what an incremental copy has to read again. */
#ifndef STORE_CHANGED_H
#define STORE_CHANGED_H

#include "store/tx.h"

/* The tables that were changed after the cursor, in the db's snapshot; every table may have been when *all: entries after the cursor are
 * gone, or rows were loaded that the change log does not have. The cursor is one of journal_head of this database. */
err store_changed_tables(struct db *db, struct arena *a, int64_t xid, int64_t seq, bool *all, struct str **out, size_t *n);

#endif
