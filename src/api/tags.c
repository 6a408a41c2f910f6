/* Hashtags: looking at one, following. */
#include "api/routes.h"

#include "api/range.h"
#include "api/view/tag.h"
#include "core/tag.h"

enum handled api_tag_show(struct rq *rq) {
	struct tag t;
	TRY_RQ(rq, tag_named(&rq->c, path_text(rq, 0), &t));
	view_tag(rq, rq_out(rq), &t);
	return reply_json(rq, 200);
}

static enum handled follow(struct rq *rq, bool on) {
	struct tag t;
	TRY_RQ(rq, tag_follow(&rq->c, path_text(rq, 0), on, &t));
	view_tag(rq, rq_out(rq), &t);
	return reply_json(rq, 200);
}

enum handled api_tag_follow(struct rq *rq) { return follow(rq, true); }
enum handled api_tag_unfollow(struct rq *rq) { return follow(rq, false); }

enum handled api_followed_tags(struct rq *rq) {
	struct range range;
	struct placed_ids found;
	TRY_RQ(rq, range_read(rq, 100, 200, &range));
	TRY_RQ(rq, store_tags_followed(rq->c.arena, rq->c.db, rq->c.viewer, range, &found));
	struct tag *tags = arena_many(rq->c.arena, struct tag, found.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < found.n; i++) {
		bool there;
		TRY_RQ(rq, store_tag_by_id(rq->c.arena, rq->c.db, found.v[i].id, &tags[n], &there));
		n += there;
	}
	view_tags(rq, rq_out(rq), tags, n);
	if (found.n)
		range_links(rq, range, found.n, found.v[0].cursor, found.v[found.n - 1].cursor);
	return reply_json(rq, 200);
}
