/* Blocks. One row, one direction; policy counts either. */
#ifndef STORE_BLOCK_H
#define STORE_BLOCK_H

#include "store/range.h"
#include "store/tx.h"

/* In a transaction. */
err store_block_put(struct tx *tx, int64_t account, int64_t target, int64_t id);
err store_block_delete(struct tx *tx, int64_t account, int64_t target);

err store_blocks(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);
err store_block_either_way(struct db *db, int64_t one, int64_t other, bool *out);

#endif
