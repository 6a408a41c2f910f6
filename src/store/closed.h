/* A database that takes no writes: a standby's, which only follows, and one that was handed over to another. Of a network's copies at most
 * one is open.
 *
 * Every transaction asks when it makes its journal entry, so nothing gets past it: no other node, no command line. */
#ifndef STORE_CLOSED_H
#define STORE_CLOSED_H

#include "store/tx.h"

/* Closes it, and waits for the transactions under way: when it returns, the journal's head stays what it is. why is what people read who
 * try to write. On PostgreSQL the connection keeps a lock against transactions that began before: leave it open for a minute. */
err store_close_to_writes(struct db *db, struct str why);

/* Inside a transaction: the row alone, for a copy that was never open, or opens now (why empty). */
err store_closed_set(struct db *db, struct str why);

/* Why it is closed; empty: it is open. */
err store_closed(struct arena *a, struct db *db, struct str *why);

/* Until when (monotonic ms) this process may write: a lease that its standby renews. 0: for ever, as at the start. */
void store_lease_writes(struct store *s, int64_t until);

#endif
