/* Bookmarks: which account has which post as bookmark, and since when (the id: also the cursor of lists). */
#ifndef STORE_BOOKMARK_H
#define STORE_BOOKMARK_H

#include "store/range.h"
#include "store/tx.h"

/* *changed false: it was so already. */
err store_bookmark_insert(struct tx *tx, int64_t account, int64_t status, int64_t id, bool *changed);
err store_bookmark_delete(struct tx *tx, int64_t account, int64_t status, bool *changed);

/* *id 0: no bookmark. */
err store_bookmark_by(struct db *db, int64_t account, int64_t status, int64_t *id);
/* Posts, by when they became bookmarks. */
err store_bookmarks_of(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);

#endif
