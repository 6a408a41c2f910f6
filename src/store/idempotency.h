/* Which post an Idempotency-Key made. Keys are kept for an hour; only their SHA-256 is stored. */
#ifndef STORE_IDEMPOTENCY_H
#define STORE_IDEMPOTENCY_H

#include "store/tx.h"

/* The post the account made with that key since then; 0: none. */
err store_idempotency_get(struct db *db, int64_t account, struct str hash, int64_t since, int64_t *status);
/* Remembers it, and forgets the account's keys from before `since`. */
err store_idempotency_put(struct tx *tx, int64_t account, struct str hash, int64_t status, int64_t at, int64_t since);

#endif
