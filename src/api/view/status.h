/* Status and Poll (Mastodon API), for the viewer of the request: pieces from memory joined with what concerns this viewer. */
#ifndef API_VIEW_STATUS_H
#define API_VIEW_STATUS_H

#include "feed/merge.h"
#include "gate/gate.h"

/* Appends the entity, or appends nothing and returns false: not there, may not be seen, or c.missed set on the loop. */
bool view_status(struct rq *rq, struct buf *out, int64_t id);
/* As it is for somebody who has done nothing with it and filters nothing (its author right after writing it, most receivers of a stream):
 * none of that is asked, nor whether it may be seen. */
bool view_status_new(struct rq *rq, struct buf *out, int64_t id);
/* A JSON array, skipping what may not be seen. */
void view_statuses(struct rq *rq, struct buf *out, const int64_t *ids, size_t n);
/* The poll of a post. */
bool view_poll(struct rq *rq, struct buf *out, int64_t status);

/* A page of a feed: the JSON array, and what its Link header needs in *page. */
err view_feed(struct rq *rq, struct buf *out, const struct feed_query *q, struct feed_page *page);

#endif
