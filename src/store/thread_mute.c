#include "store/thread_mute.h"

err store_thread_mute_insert(struct tx *tx, int64_t account, int64_t thread) {
	return db_exec(tx_db(tx), THREAD_MUTE_INSERT, I(account), I(thread));
}

err store_thread_mute_delete(struct tx *tx, int64_t account, int64_t thread) {
	return db_exec(tx_db(tx), THREAD_MUTE_DELETE, I(account), I(thread));
}

err store_thread_mute_is(struct db *db, int64_t account, int64_t thread, bool *muted) {
	int64_t one;
	return db_i64(db, &one, muted, THREAD_MUTE_IS, I(account), I(thread));
}
