/* Conversations an account wants no notifications of. */
#ifndef STORE_THREAD_MUTE_H
#define STORE_THREAD_MUTE_H

#include "store/tx.h"

err store_thread_mute_insert(struct tx *tx, int64_t account, int64_t thread);
err store_thread_mute_delete(struct tx *tx, int64_t account, int64_t thread);
err store_thread_mute_is(struct db *db, int64_t account, int64_t thread, bool *muted);

#endif
