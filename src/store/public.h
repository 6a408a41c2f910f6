/* Posts for pages that anybody reads: ids only, newest first. Whether the author may be seen at all is the caller's to ask. */
#ifndef STORE_PUBLIC_H
#define STORE_PUBLIC_H

#include "store/db.h"

/* Public and unlisted posts of an author below an id (0: from the newest), without replies and boosts. */
err store_public_of_author(struct arena *a, struct db *db, int64_t author, int64_t below, int limit, int64_t **ids, size_t *n);
/* Public posts under a hashtag, of authors that are neither gone nor limited. */
err store_public_of_tag(struct arena *a, struct db *db, int64_t tag, int64_t below, int limit, int64_t **ids, size_t *n);

#endif
