/* Mutes: silent, one way, perhaps for a time. An expired row counts as none; it goes when it is next changed. */
#ifndef STORE_MUTE_H
#define STORE_MUTE_H

#include "store/range.h"
#include "store/tx.h"

struct mute {
	int64_t account_id, target_id;
	int64_t id;
	bool notifications; /* also what they do to me */
	int64_t expires_at; /* ms; 0: never */
};

/* In a transaction. */
err store_mute_put(struct tx *tx, const struct mute *m);
err store_mute_delete(struct tx *tx, int64_t account, int64_t target);

/* Newest first; those in force now. */
err store_mutes(struct arena *a, struct db *db, int64_t account, struct range r, struct mute **out, size_t *n);

#endif
