/* The tree of fetched media (core/remote.h): which blobs lie in it, how large they are, when each was last looked at. This database's own,
 * never copied: what is in the tree can be fetched again. Writes only inside tx_run; they need no journal entry. */
#ifndef STORE_REMOTE_H
#define STORE_REMOTE_H

#include "base/blob_name.h"
#include "store/tx.h"

struct remote_blob {
	struct blob_name name;
	int64_t size, used_at; /* ms */
};

err store_remote_get(struct db *db, const struct blob_name *name, struct remote_blob *out, bool *found);
err store_remote_total(struct db *db, int64_t *bytes);
/* Those looked at longest ago, at most `limit`. */
err store_remote_oldest(struct arena *a, struct db *db, int limit, struct remote_blob **out, size_t *n);
/* In the order of names, after one (NULL: from the first). */
err store_remote_page(struct arena *a, struct db *db, const struct blob_name *after, int limit, struct remote_blob **out, size_t *n);

/* One that is there is looked at now. */
err store_remote_put(struct tx *tx, const struct remote_blob *b);
err store_remote_touch(struct tx *tx, const struct blob_name *name, int64_t at);
err store_remote_drop(struct tx *tx, const struct blob_name *name);

#endif
