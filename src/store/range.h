/* A page of rows that stand in the order of an id: how every list of the API is cut.
 *
 * The rows with above < cursor < below, newest first, at most limit of them: the newest of them, or the oldest when upward is set
 * (the page just above a cursor, Mastodon's min_id). Queries of this shape come in pairs, NAME and NAME_UP, with the parameters
 * $1 owner, $2 above, $3 below, $4 limit and the columns (cursor, id, …). */
#ifndef STORE_RANGE_H
#define STORE_RANGE_H

#include "store/db.h"

struct range {
	int64_t above, below;
	int limit;
	bool upward;
};

/* Cursors as the API gives them; 0: not given. */
struct range range_of(int limit, int64_t max_id, int64_t since_id, int64_t min_id);

/* An id and the cursor it is paged by; they are the same where rows are paged by their own id. */
struct placed {
	int64_t cursor, id;
};
struct placed_ids {
	struct placed *v;
	size_t n;
};

/* Runs the query of the pair that the range asks for; newest first in either case. */
err range_query(struct arena *a, struct db *db, enum query down, enum query up, int64_t owner, struct range r, struct placed_ids *out);
/* The ids alone. */
int64_t *placed_only_ids(struct arena *a, const struct placed_ids *p);

#endif
