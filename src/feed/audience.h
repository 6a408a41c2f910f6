/* The audience of a post: whether it belongs into the feeds of many viewers at once, whether memory keeps them or not. For live streams.
 *
 * A viewer whom memory keeps is decided about from there. Of the others only what stands between them and this one post is read, for all of
 * them in one query, and not kept: reading everybody's whole reader would take longer than the post may. Whoever has the time brings them
 * into memory afterwards (audience_warm). The rules are the merge's own (feed/merge.h).
 *
 * Any thread with a db; takes the feed's lock. At most AUDIENCE_AT_ONCE viewers a call, ascending, each once; what they need lives in the
 * arena given. */
#ifndef FEED_AUDIENCE_H
#define FEED_AUDIENCE_H

#include "feed/merge.h"

enum { AUDIENCE_AT_ONCE = 128 };

/* What a post is to one viewer. own: differs from what it is to somebody without filters who has done nothing with it. cold: memory did not
 * keep this viewer. */
struct wish {
	int64_t viewer;
	bool wants, own, cold;
};

/* Sets all but the viewers. kind, id: a feed that has the post among its sources, as in struct feed_query; not FEED_AUTHOR. A post that is
 * gone is wanted by nobody. */
err audience_wants(struct feed *f, struct db *db, struct arena *a, enum feed_kind kind, int64_t id, int64_t status, struct wish *v,
                   size_t n);

/* Leaves those in whose home a post of the author may be: the author, its followers, and with tags whoever follows any hashtag. */
err audience_sift(struct feed *f, struct db *db, struct arena *a, int64_t author, bool tags, int64_t *viewers, size_t *n);

/* Brings the viewer into memory. */
err audience_warm(struct feed *f, struct db *db, struct arena *a, int64_t viewer);

#endif
