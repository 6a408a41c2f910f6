/* Timelines and single posts and accounts: what is read most, answered on the loop from the memory of feeds. */
#include "api/routes.h"
#include "api/view/account.h"
#include "api/view/status.h"
#include "core/site.h"
#include "feed/reader.h"
#include "store/pin.h"
#include "store/tag.h"
#include "wire/text.h"

static err read_query(struct rq *rq, enum feed_kind kind, struct feed_query *q) {
	struct page page;
	TRY(page_read(rq, 20, 40, &page));
	*q = (struct feed_query){.kind = kind,
	                         .viewer = rq->c.viewer,
	                         .limit = page.limit,
	                         .max_id = page.max_id,
	                         .since_id = page.since_id,
	                         .min_id = page.min_id};
	return NULL;
}

static enum handled answer(struct rq *rq, const struct feed_query *q) {
	struct feed_page page;
	TRY_RQ(rq, view_feed(rq, rq_out(rq), q, &page));
	page_links(rq, page.newest_seen, page.more || q->min_id ? page.oldest_seen : 0);
	return reply_json(rq, 200);
}

static enum handled missing(struct rq *rq) { return reply_err(rq, err_plain(ERR_NOT_FOUND)); }

/* ── timelines ───────────────────────────────────────────────────────────────────────────────────────────────────── */

enum handled api_timeline_home(struct rq *rq) {
	struct feed_query q;
	TRY_RQ(rq, read_query(rq, FEED_HOME, &q));
	return answer(rq, &q);
}

enum handled api_timeline_public(struct rq *rq) {
	struct feed_query q;
	bool local, remote;
	TRY_RQ(rq, read_query(rq, FEED_PUBLIC, &q));
	TRY_RQ(rq, param_bool(rq, "local", false, &local));
	TRY_RQ(rq, param_bool(rq, "remote", false, &remote));
	TRY_RQ(rq, param_bool(rq, "only_media", false, &q.only_media));
	if (remote && !local) {
		/* Nobody from elsewhere is known here. */
		buf_lit(rq_out(rq), "[]");
		return reply_json(rq, 200);
	}
	return answer(rq, &q);
}

/* The hashtag of a name as typed; *found false: nobody ever used it. */
static err find_tag(struct rq *rq, struct str name, int64_t *id, bool *found) {
	struct tag tag;
	if (str_starts(name, S("#")))
		name = str_skip(name, 1);
	TRY(store_tag_by_name(rq->c.arena, rq->c.db, text_tag_fold(rq->c.arena, name), &tag, found));
	*id = *found ? tag.id : 0;
	return NULL;
}

/* The hashtags of a list parameter. every: one that is not known makes *possible false. */
static err read_tags(struct rq *rq, const char *name, bool every, const int64_t **out, size_t *n, bool *possible) {
	struct str *names;
	size_t given;
	TRY(param_list(rq, name, &names, &given));
	int64_t *ids = arena_many(rq->c.arena, int64_t, given + 1);
	*n = 0;
	*out = ids;
	for (size_t i = 0; i < given; i++) {
		bool found;
		TRY(find_tag(rq, names[i], &ids[*n], &found));
		if (found)
			++*n;
		else if (every)
			*possible = false;
	}
	return NULL;
}

enum handled api_timeline_tag(struct rq *rq) {
	struct feed_query q;
	bool possible = true, found;
	TRY_RQ(rq, read_query(rq, FEED_TAGS, &q));
	TRY_RQ(rq, param_bool(rq, "only_media", false, &q.only_media));
	TRY_RQ(rq, find_tag(rq, path_text(rq, 0), &q.id, &found));
	TRY_RQ(rq, read_tags(rq, "any", false, &q.any, &q.any_n, &possible));
	TRY_RQ(rq, read_tags(rq, "all", true, &q.all, &q.all_n, &possible));
	TRY_RQ(rq, read_tags(rq, "none", false, &q.none, &q.none_n, &possible));
	if (!found && q.any_n) {
		q.id = *q.any++;
		q.any_n--;
		found = true;
	}
	if (!found || !possible) {
		buf_lit(rq_out(rq), "[]");
		return reply_json(rq, 200);
	}
	return answer(rq, &q);
}

/* ERR_NOT_FOUND for lists of others. */
static err own_list(struct rq *rq, int64_t id) {
	struct pass p = pass_of(rq->c.site->feed, rq->c.db, rq->c.arena, rq->c.viewer);
	bool own = false;
	do {
		pass_enter(&p);
		const struct list_set *l = (const struct list_set *)(const void *)pass_piece(&p, PIECE_LIST, id);
		own = l && !l->piece.gone && l->owner == rq->c.viewer;
	} while (pass_leave(&p));
	if (p.missed)
		return ctx_miss(&rq->c);
	if (p.error)
		return p.error;
	return own ? NULL : err_plain(ERR_NOT_FOUND);
}

enum handled api_timeline_list(struct rq *rq) {
	struct feed_query q;
	TRY_RQ(rq, read_query(rq, FEED_LIST, &q));
	TRY_RQ(rq, path_id(rq, 0, &q.id));
	TRY_RQ(rq, own_list(rq, q.id));
	return answer(rq, &q);
}

/* ── posts ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

enum handled api_status_show(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	if (view_status(rq, rq_out(rq), id))
		return reply_json(rq, 200);
	return missing(rq);
}

enum handled api_statuses_show(struct rq *rq) {
	int64_t *ids;
	size_t n;
	TRY_RQ(rq, param_ids(rq, "id", &ids, &n));
	view_statuses(rq, rq_out(rq), ids, n);
	return rq->c.missed ? MISS : reply_json(rq, 200);
}

/* ── accounts ────────────────────────────────────────────────────────────────────────────────────────────────────── */

enum handled api_account_show(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	if (view_account(rq, rq_out(rq), id))
		return reply_json(rq, 200);
	return missing(rq);
}

enum handled api_accounts_show(struct rq *rq) {
	int64_t *ids;
	size_t n;
	TRY_RQ(rq, param_ids(rq, "id", &ids, &n));
	view_accounts(rq, rq_out(rq), ids, n);
	return rq->c.missed ? MISS : reply_json(rq, 200);
}

static enum handled pinned(struct rq *rq, int64_t account) {
	int64_t *ids;
	size_t n;
	if (!rq->c.db)
		return MISS;
	TRY_RQ(rq, store_pins_of(rq->c.arena, rq->c.db, account, &ids, &n));
	view_statuses(rq, rq_out(rq), ids, n);
	return reply_json(rq, 200);
}

enum handled api_account_statuses(struct rq *rq) {
	struct feed_query q;
	bool only_pinned, found = true;
	TRY_RQ(rq, read_query(rq, FEED_AUTHOR, &q));
	TRY_RQ(rq, path_id(rq, 0, &q.id));
	TRY_RQ(rq, param_bool(rq, "pinned", false, &only_pinned));
	TRY_RQ(rq, param_bool(rq, "only_media", false, &q.only_media));
	TRY_RQ(rq, param_bool(rq, "exclude_replies", false, &q.without_replies));
	TRY_RQ(rq, param_bool(rq, "exclude_reblogs", false, &q.without_boosts));
	struct buf *out = rq_out(rq);
	if (!view_account(rq, out, q.id))
		return missing(rq);
	buf_clear(out);
	if (only_pinned)
		return pinned(rq, q.id);
	if (param_has(rq, "tagged") && !rq->c.db)
		return MISS;
	if (param_has(rq, "tagged"))
		TRY_RQ(rq, find_tag(rq, param(rq, "tagged"), &q.tag, &found));
	if (found)
		return answer(rq, &q);
	buf_lit(out, "[]");
	return reply_json(rq, 200);
}
