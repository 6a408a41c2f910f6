/* What one does with posts of others and one's own: boost, favourite, bookmark, pin, mute; and who did. */
#include "api/routes.h"

#include "api/range.h"
#include "api/view/status.h"
#include "core/boost.h"
#include "core/policy.h"
#include "core/status_mark.h"
#include "store/bookmark.h"
#include "store/favourite.h"

static enum handled reply_status(struct rq *rq, int64_t id) {
	if (!view_status(rq, rq_out(rq), id))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	return reply_json(rq, 200);
}

/* ── marks ── */

typedef err (*mark_fn)(struct ctx *c, int64_t id, bool on, int64_t *status);

static enum handled mark(struct rq *rq, mark_fn fn, bool on) {
	int64_t id, status;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, fn(&rq->c, id, on, &status));
	return reply_status(rq, status);
}

enum handled api_status_favourite(struct rq *rq) { return mark(rq, status_favourite, true); }
enum handled api_status_unfavourite(struct rq *rq) { return mark(rq, status_favourite, false); }
enum handled api_status_bookmark(struct rq *rq) { return mark(rq, status_bookmark, true); }
enum handled api_status_unbookmark(struct rq *rq) { return mark(rq, status_bookmark, false); }
enum handled api_status_pin(struct rq *rq) { return mark(rq, status_pin, true); }
enum handled api_status_unpin(struct rq *rq) { return mark(rq, status_pin, false); }
enum handled api_status_mute(struct rq *rq) { return mark(rq, status_mute_thread, true); }
enum handled api_status_unmute(struct rq *rq) { return mark(rq, status_mute_thread, false); }

/* ── boosts ── */

enum handled api_status_reblog(struct rq *rq) {
	int64_t id, boost;
	int visibility = -1;
	struct str wish = param(rq, "visibility");
	TRY_RQ(rq, path_id(rq, 0, &id));
	if (str_eq(wish, S("public")))
		visibility = VISIBILITY_PUBLIC;
	else if (str_eq(wish, S("unlisted")))
		visibility = VISIBILITY_UNLISTED;
	else if (str_eq(wish, S("private")))
		visibility = VISIBILITY_PRIVATE;
	else if (wish.n)
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: Visibility is not included in the list"));
	TRY_RQ(rq, boost_status(&rq->c, id, visibility, &boost));
	return reply_status(rq, boost);
}

enum handled api_status_unreblog(struct rq *rq) {
	int64_t id, original;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, unboost_status(&rq->c, id, &original));
	return reply_status(rq, original);
}

/* ── who did ── */

typedef err (*people_fn)(struct arena *a, struct db *db, int64_t status, struct range r, struct placed_ids *out);

static enum handled people(struct rq *rq, people_fn fn) {
	int64_t id;
	struct status s;
	struct range range;
	struct placed_ids found;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, status_visible(&rq->c, id, &s));
	TRY_RQ(rq, range_read(rq, 40, 80, &range));
	TRY_RQ(rq, fn(rq->c.arena, rq->c.db, s.boost_of_id ? s.boost_of_id : s.id, range, &found));
	return reply_placed_accounts(rq, &found, range);
}

enum handled api_status_favourited_by(struct rq *rq) { return people(rq, store_favouriters); }
enum handled api_status_reblogged_by(struct rq *rq) { return people(rq, store_status_boosters); }

/* ── one's own lists ── */

static enum handled own_list(struct rq *rq, people_fn fn) {
	struct range range;
	struct placed_ids found;
	TRY_RQ(rq, range_read(rq, 20, 40, &range));
	TRY_RQ(rq, fn(rq->c.arena, rq->c.db, rq->c.viewer, range, &found));
	view_statuses(rq, rq_out(rq), placed_only_ids(rq->c.arena, &found), found.n);
	if (found.n)
		range_links(rq, range, found.n, found.v[0].cursor, found.v[found.n - 1].cursor);
	return reply_json(rq, 200);
}

enum handled api_favourites(struct rq *rq) { return own_list(rq, store_favourites_of); }
enum handled api_bookmarks(struct rq *rq) { return own_list(rq, store_bookmarks_of); }
