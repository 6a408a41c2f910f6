/* How much there is, for planning a move. Walks whole tables. */
#ifndef STORE_TOTAL_H
#define STORE_TOTAL_H

#include "store/db.h"

struct totals_of_rows {
	int64_t accounts, people_rows; /* accounts; rows about people, their keys and the site */
	int64_t posts, post_rows;      /* posts; rows about posts and what people did with them */
	int64_t blobs, blob_bytes;     /* what media need */
	int64_t newest_bytes;          /* of it, of attachments with ids from `since` on */
};

err store_totals(struct db *db, int64_t since, struct totals_of_rows *out);

/* The tables that a copy is compared by: what people see, and what they log in with. Rows of each by id. */
#define EXTENTS(X) X(EXTENT_ACCOUNTS, "account") X(EXTENT_STATUSES, "status") X(EXTENT_MEDIA, "media") X(EXTENT_TOKENS, "token")
enum { EXTENT_COUNT = 4 };

struct extent {
	const char *table;
	int64_t least, most, rows; /* 0, 0: it is empty */
};

/* All of them, EXTENT_COUNT. */
err store_extents(struct db *db, struct extent *out);

#endif
