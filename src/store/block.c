#include "store/block.h"

err store_block_put(struct tx *tx, int64_t account, int64_t target, int64_t id) {
	return db_exec(tx_db(tx), BLOCK_PUT, I(account), I(target), I(id));
}

err store_block_delete(struct tx *tx, int64_t account, int64_t target) { return db_exec(tx_db(tx), BLOCK_DELETE, I(account), I(target)); }

err store_blocks(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out) {
	return range_query(a, db, BLOCKS, BLOCKS_UP, account, r, out);
}

err store_block_either_way(struct db *db, int64_t one, int64_t other, bool *out) {
	int64_t ignored;
	return db_i64(db, &ignored, out, BLOCK_EITHER_WAY, I(one), I(other));
}
