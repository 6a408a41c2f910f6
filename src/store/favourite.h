/* Favourites: which account has which post as favourite, and since when (the id: also the cursor of lists). */
#ifndef STORE_FAVOURITE_H
#define STORE_FAVOURITE_H

#include "store/range.h"
#include "store/tx.h"

/* *changed false: it was so already. */
err store_favourite_insert(struct tx *tx, int64_t account, int64_t status, int64_t id, bool *changed);
err store_favourite_delete(struct tx *tx, int64_t account, int64_t status, bool *changed);

/* *id 0: no favourite. */
err store_favourite_by(struct db *db, int64_t account, int64_t status, int64_t *id);
/* Posts, by when they became favourites. */
err store_favourites_of(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);
/* Accounts that have the post as favourite. */
err store_favouriters(struct arena *a, struct db *db, int64_t status, struct range r, struct placed_ids *out);

#endif
