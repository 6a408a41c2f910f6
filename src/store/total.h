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

#endif
