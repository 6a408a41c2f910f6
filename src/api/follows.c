/* Following and being followed. */
#include "api/routes.h"

#include "api/range.h"
#include "api/view/account.h"
#include "api/view/relationship.h"
#include "core/follow.h"
#include "core/relation.h"
#include "store/account.h"
#include "store/follow.h"

enum { LANGUAGES_MAX = 20 };

enum handled reply_relationship(struct rq *rq, int64_t target) {
	struct relation r;
	TRY_RQ(rq, relation_get(&rq->c, target, true, &r));
	view_relation(rq_out(rq), &r);
	return reply_json(rq, 200);
}

/* ["de","en"] → "de,en"; each an ISO 639 code, perhaps with a region. */
static err read_languages(struct rq *rq, struct follow_wish *wish) {
	struct str *codes;
	size_t n;
	TRY(param_list(rq, "languages", &codes, &n));
	wish->has_languages = param_has(rq, "languages") || n;
	struct buf joined = {0};
	for (size_t i = 0; i < n; i++) {
		bool fits = codes[i].n >= 2 && codes[i].n <= 8 && i < LANGUAGES_MAX;
		for (size_t k = 0; fits && k < codes[i].n; k++)
			fits = (codes[i].p[k] | 32) >= 'a' && (codes[i].p[k] | 32) <= 'z' ? true : codes[i].p[k] == '-';
		if (!fits) {
			buf_free(&joined);
			return err_public(ERR_INVALID, "Validation failed: languages must be at most %d ISO 639 codes", LANGUAGES_MAX);
		}
		if (i)
			buf_byte(&joined, ',');
		buf_put(&joined, codes[i]);
	}
	wish->languages = arena_str(rq->c.arena, buf_str(&joined));
	buf_free(&joined);
	return NULL;
}

enum handled api_account_follow(struct rq *rq) {
	int64_t target;
	struct follow_wish wish = {.has_boosts = param_has(rq, "reblogs"), .has_notify = param_has(rq, "notify")};
	TRY_RQ(rq, path_id(rq, 0, &target));
	TRY_RQ(rq, param_bool(rq, "reblogs", true, &wish.boosts));
	TRY_RQ(rq, param_bool(rq, "notify", false, &wish.notify));
	TRY_RQ(rq, read_languages(rq, &wish));
	TRY_RQ(rq, follow_account(&rq->c, target, &wish));
	return reply_relationship(rq, target);
}

enum handled api_account_unfollow(struct rq *rq) {
	int64_t target;
	TRY_RQ(rq, path_id(rq, 0, &target));
	TRY_RQ(rq, unfollow_account(&rq->c, target));
	return reply_relationship(rq, target);
}

enum handled api_account_remove_follower(struct rq *rq) {
	int64_t target;
	TRY_RQ(rq, path_id(rq, 0, &target));
	TRY_RQ(rq, follower_remove(&rq->c, target));
	return reply_relationship(rq, target);
}

/* ── who follows whom ── */

typedef err (*collection_fn)(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);

/* Hidden collections, and those of somebody who blocks the viewer, look empty. */
static enum handled reply_collection(struct rq *rq, collection_fn read) {
	struct relation r;
	struct placed_ids found = {0};
	struct range range;
	int64_t account;
	TRY_RQ(rq, path_id(rq, 0, &account));
	TRY_RQ(rq, relation_get(&rq->c, account, account == rq->c.viewer, &r));
	TRY_RQ(rq, range_read(rq, 40, 80, &range));
	bool hidden = (r.target_flags & ACCOUNT_HIDE_COLLECTIONS) || r.blocked_by;
	if (!hidden || account == rq->c.viewer)
		TRY_RQ(rq, read(rq->c.arena, rq->c.db, account, range, &found));
	return reply_placed_accounts(rq, &found, range);
}

enum handled api_account_followers(struct rq *rq) { return reply_collection(rq, store_followers); }
enum handled api_account_following(struct rq *rq) { return reply_collection(rq, store_following); }

/* ── follow requests ── */

enum handled api_follow_requests(struct rq *rq) {
	struct placed_ids found;
	struct range range;
	TRY_RQ(rq, range_read(rq, 40, 80, &range));
	TRY_RQ(rq, store_follow_requests(rq->c.arena, rq->c.db, rq->c.viewer, range, &found));
	return reply_placed_accounts(rq, &found, range);
}

enum handled api_follow_request_authorize(struct rq *rq) {
	int64_t from;
	TRY_RQ(rq, path_id(rq, 0, &from));
	TRY_RQ(rq, follow_request_authorize(&rq->c, from));
	return reply_relationship(rq, from);
}

enum handled api_follow_request_reject(struct rq *rq) {
	int64_t from;
	TRY_RQ(rq, path_id(rq, 0, &from));
	TRY_RQ(rq, follow_request_reject(&rq->c, from));
	return reply_relationship(rq, from);
}

/* ── relationships ── */

enum handled api_relationships(struct rq *rq) {
	int64_t *ids;
	size_t n;
	bool with_suspended;
	TRY_RQ(rq, param_ids(rq, "id", &ids, &n));
	TRY_RQ(rq, param_bool(rq, "with_suspended", false, &with_suspended));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	bool first = true;
	for (size_t i = 0; i < n; i++) {
		struct relation r;
		err e = relation_get(&rq->c, ids[i], with_suspended, &r);
		if (e && e->code != ERR_NOT_FOUND)
			return reply_err(rq, e);
		if (e)
			continue;
		if (!first)
			buf_byte(out, ',');
		first = false;
		view_relation(out, &r);
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

enum handled api_familiar_followers(struct rq *rq) {
	int64_t *ids;
	size_t n;
	TRY_RQ(rq, param_ids(rq, "id", &ids, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	bool first = true;
	for (size_t i = 0; i < n; i++) {
		struct relation r;
		int64_t *familiar = NULL;
		size_t count = 0;
		err e = relation_get(&rq->c, ids[i], false, &r);
		if (e && e->code != ERR_NOT_FOUND)
			return reply_err(rq, e);
		if (e)
			continue;
		if (!(r.target_flags & ACCOUNT_HIDE_COLLECTIONS) && !r.blocked_by)
			TRY_RQ(rq, store_follow_familiar(rq->c.arena, rq->c.db, rq->c.viewer, ids[i], 80, &familiar, &count));
		buf_printf(out, "%s{\"id\":\"%lld\",\"accounts\":", first ? "" : ",", (long long)ids[i]);
		first = false;
		view_accounts(rq, out, familiar, count);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

/* ── suggestions ── */

static err read_suggestions(struct rq *rq, struct suggestion **made, size_t *n) {
	int64_t limit;
	TRY(param_i64(rq, "limit", 40, &limit));
	return follow_suggestions(&rq->c, (int)(limit < 1 ? 1 : limit > 80 ? 80 : limit), made, n);
}

enum handled api_suggestions_v1(struct rq *rq) {
	struct suggestion *made;
	size_t n;
	TRY_RQ(rq, read_suggestions(rq, &made, &n));
	int64_t *ids = arena_many(rq->c.arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = made[i].account_id;
	view_accounts(rq, rq_out(rq), ids, n);
	return reply_json(rq, 200);
}

enum handled api_suggestions(struct rq *rq) {
	struct suggestion *made;
	size_t n;
	TRY_RQ(rq, read_suggestions(rq, &made, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		size_t before = out->n;
		bool friends = made[i].source == 'f';
		buf_printf(out, "%s{\"source\":\"%s\",\"sources\":[\"%s\"],\"account\":", before > 1 ? "," : "",
		           friends ? "past_interactions" : "global", friends ? "friends_of_friends" : "most_followed");
		if (view_account(rq, out, made[i].account_id))
			buf_byte(out, '}');
		else
			out->n = before;
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}
