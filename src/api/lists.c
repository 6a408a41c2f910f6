/* Lists and who is on them. Their timeline is api/timelines. */
#include "api/routes.h"

#include "api/range.h"
#include "core/list.h"

static const char *const replies_names[] = {"none", "list", "followed"};

static void view_list(struct buf *out, const struct list *l) {
	buf_printf(out, "{\"id\":\"%lld\",\"title\":", (long long)l->id);
	buf_json_string(out, l->title);
	buf_printf(out, ",\"replies_policy\":\"%s\",\"exclusive\":%s}", replies_names[l->replies], l->exclusive ? "true" : "false");
}

static enum handled reply_lists(struct rq *rq, const struct list *lists, size_t n) {
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		view_list(out, &lists[i]);
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

static enum handled reply_list(struct rq *rq, const struct list *l) {
	view_list(rq_out(rq), l);
	return reply_json(rq, 200);
}

enum handled api_lists(struct rq *rq) {
	struct list *lists;
	size_t n;
	TRY_RQ(rq, store_lists(rq->c.arena, rq->c.db, rq->c.viewer, &lists, &n));
	return reply_lists(rq, lists, n);
}

enum handled api_account_lists(struct rq *rq) {
	int64_t account;
	struct list *lists;
	size_t n;
	TRY_RQ(rq, path_id(rq, 0, &account));
	TRY_RQ(rq, store_lists_with(rq->c.arena, rq->c.db, rq->c.viewer, account, &lists, &n));
	return reply_lists(rq, lists, n);
}

enum handled api_list_show(struct rq *rq) {
	int64_t id;
	struct list l;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, list_get(&rq->c, id, &l));
	return reply_list(rq, &l);
}

/* What is not given stays as it is in *l. */
static err read_list(struct rq *rq, struct list *l) {
	if (param_has(rq, "title"))
		l->title = param(rq, "title");
	struct str policy = param(rq, "replies_policy");
	for (int i = 0; policy.n && !str_eq(policy, str_of(replies_names[l->replies])); i++) {
		if (i == 3)
			return err_public(ERR_INVALID, "Validation failed: replies_policy must be none, list or followed");
		l->replies = (enum list_replies)i;
	}
	return param_bool(rq, "exclusive", l->exclusive, &l->exclusive);
}

enum handled api_list_create(struct rq *rq) {
	struct list l = {.replies = LIST_REPLIES_LIST};
	TRY_RQ(rq, read_list(rq, &l));
	TRY_RQ(rq, list_save(&rq->c, &l));
	return reply_list(rq, &l);
}

enum handled api_list_change(struct rq *rq) {
	int64_t id;
	struct list l;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, list_get(&rq->c, id, &l));
	TRY_RQ(rq, read_list(rq, &l));
	TRY_RQ(rq, list_save(&rq->c, &l));
	return reply_list(rq, &l);
}

enum handled api_list_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, list_delete(&rq->c, id));
	return reply_empty(rq);
}

enum handled api_list_accounts(struct rq *rq) {
	int64_t id, limit;
	struct list l;
	struct range range;
	struct placed_ids found;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, list_get(&rq->c, id, &l));
	TRY_RQ(rq, range_read(rq, 40, 80, &range));
	TRY_RQ(rq, param_i64(rq, "limit", 40, &limit));
	/* "limit=0: all of them" (Mastodon, lists). */
	if (!limit)
		range.limit = 5000;
	TRY_RQ(rq, store_list_members(rq->c.arena, rq->c.db, id, range, &found));
	return reply_placed_accounts(rq, &found, range);
}

enum handled api_list_accounts_add(struct rq *rq) {
	int64_t id, *accounts;
	size_t n;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, param_ids(rq, "account_ids", &accounts, &n));
	TRY_RQ(rq, list_add(&rq->c, id, accounts, n));
	return reply_empty(rq);
}

enum handled api_list_accounts_remove(struct rq *rq) {
	int64_t id, *accounts;
	size_t n;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, param_ids(rq, "account_ids", &accounts, &n));
	TRY_RQ(rq, list_remove(&rq->c, id, accounts, n));
	return reply_empty(rq);
}
