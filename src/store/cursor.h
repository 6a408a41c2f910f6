/* How far the journal's durable readers have come, and the journal's end that nobody needs any more. */
#ifndef STORE_CURSOR_H
#define STORE_CURSOR_H

#include "store/tx.h"

/* *found is false for a reader that never moved; the cursor is then (0, 0). */
err store_cursor_get(struct db *db, struct str name, int64_t *xid, int64_t *seq, bool *found);

/* Moves a reader's cursor, if `holder` still has the lease of the same name; else ERR_CONFLICT and nothing moves. */
err store_cursor_set(struct db *db, struct str name, struct str holder, int64_t xid, int64_t seq);

/* Deletes up to `most` entries older than `before` (ms) that every reader has passed, with their images; a standby not heard since
 * `heard_since` (ms) is not waited for. *n tells how many went. */
err store_journal_trim(struct db *db, int64_t before, int64_t heard_since, size_t most, size_t *n);

/* Up to where entries are gone: a follower whose cursor lies before this has missed some. (0, 0): none are gone. */
err store_journal_trimmed(struct db *db, int64_t *xid, int64_t *seq);

#endif
