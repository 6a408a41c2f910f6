/* What hangs on an account or a post that was deleted: found and removed in batches, so that no transaction is long. */
#ifndef STORE_PURGE_H
#define STORE_PURGE_H

#include "store/tx.h"

/* Removes up to a thousand rows of each table that names the account and has no verb of its own; *more: there were some. */
err store_purge_part(struct tx *tx, int64_t account, bool *more);

/* Removes up to `most` rows of each table that many people's acts fill about one post: its boosts (their authors have fewer posts then),
 * favourites, bookmarks, votes, notifications, filters' entries; *more: there may be others. */
err store_purge_status(struct tx *tx, int64_t status, int most, bool *more);

/* Posts and boosts that are still there, oldest first. */
err store_purge_statuses(struct arena *a, struct db *db, int64_t account, int most, int64_t **ids, size_t *n);

struct purge_favourite {
	int64_t status_id, author_id;
};
err store_purge_favourites(struct arena *a, struct db *db, int64_t account, int most, struct purge_favourite **out, size_t *n);

#endif
