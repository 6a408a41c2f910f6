/* Pages of rows (store/range.h) as requests and replies. */
#ifndef API_RANGE_H
#define API_RANGE_H

#include "gate/gate.h"
#include "store/range.h"

/* limit, max_id, since_id and min_id of the request. */
err range_read(struct rq *rq, int limit_default, int limit_max, struct range *out);

/* Sets Link from the cursors of the rows read, also where the view then leaves some of them out. "next" only when the page was full. */
void range_links(struct rq *rq, struct range r, size_t n, int64_t newest, int64_t oldest);

/* Accounts with their Link. */
enum handled reply_placed_accounts(struct rq *rq, const struct placed_ids *found, struct range r);

/* The viewer's Relationship with the target, as all verbs between accounts answer. */
enum handled reply_relationship(struct rq *rq, int64_t target);

#endif
