/* The merge: a page of a feed out of its sources, newest first, under all rules that decide what a reader sees there.
 *
 * Rules on entries (cheap, decided while merging). A post of somebody the reader blocks, is blocked by or mutes is out, and so is one of
 * theirs that others boost or reply to; so is a muted conversation; private posts are for followers. Home shows the posts of those
 * followed, without: boosts where the follow hides them, other languages than the follow's, replies to people the reader does not follow,
 * members of exclusive lists; and with the public posts of followed hashtags. Lists show their members' posts by the list's replies
 * policy. Of several boosts of a post, and of a post and its boosts, only the newest within BOOST_WINDOW entries is shown.
 *
 * Rules on posts (decided on their pieces, feed/head.h): the post and, of a boost, the post under it exist and may be seen, name nobody
 * blocked or muted, match no filter that hides them here.
 *
 * A page is at most `limit` entries: the newest; the newest below max_id; above since_id only; or, with min_id, the oldest above min_id. It
 * is returned newest first. A page ends after SCAN_MOST entries in any case: `oldest_seen` says where the next one goes on. */
#ifndef FEED_MERGE_H
#define FEED_MERGE_H

#include "feed/feed.h"
#include "feed/head.h"

enum { BOOST_WINDOW = 40, SCAN_MOST = 2000, PAGE_MOST = 80 };

enum feed_kind { FEED_HOME, FEED_LIST, FEED_PUBLIC, FEED_TAGS, FEED_AUTHOR };

struct feed_query {
	enum feed_kind kind;
	int64_t viewer;                  /* 0: nobody */
	int64_t id;                      /* the list, the author, the first hashtag */
	const int64_t *any, *all, *none; /* FEED_TAGS: further hashtags */
	size_t any_n, all_n, none_n;
	bool only_media, without_replies, without_boosts; /* FEED_AUTHOR: replies to others */
	int64_t tag;                                      /* FEED_AUTHOR: only posts with it */
	int limit;                                        /* 1…PAGE_MOST */
	int64_t max_id, since_id, min_id;                 /* 0: not given */
};

struct feed_page {
	struct entry v[PAGE_MOST];
	size_t n;
	int64_t oldest_seen, newest_seen; /* the span of entries that were looked at; 0: none */
	bool more;                        /* older (with min_id: newer) entries may follow */
};

/* Makes the slots of the sources a query names itself. Before its passes; takes the lock. */
void feed_open(struct feed *f, const struct feed_query *q);

/* Inside a pass. The page is void when the pass wants something. */
void feed_merge(struct pass *p, const struct feed_query *q, struct feed_page *out);

/* Whether this viewer may see a post at all: its own, public and unlisted ones, private ones of those followed, all that name the viewer;
 * never of an account that is gone or blocks the viewer. Boosts: the post under it as well. */
bool feed_sees(struct pass *p, int64_t viewer, const struct status_head *s);

#endif
