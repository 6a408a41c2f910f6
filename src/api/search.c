/* Search: accounts, hashtags and posts. */
#include "api/routes.h"

#include "api/view/account.h"
#include "api/view/status.h"
#include "api/view/tag.h"
#include "core/search.h"

enum { LIMIT = 20, LIMIT_MOST = 40, ACCOUNTS_LIMIT = 40, ACCOUNTS_MOST = 80, OFFSET_MOST = 10000, QUERY_MOST = 2000 };

struct search {
	struct str q;
	bool accounts, tags, statuses, resolve, following;
	int limit;
	int64_t offset, account, max_id, min_id;
};

static err read_query(struct rq *rq, struct search *s) {
	s->q = str_trim(param(rq, "q"));
	if (str_empty(s->q))
		return err_public(ERR_BAD_REQUEST, "param is missing or the value is empty: q");
	if (s->q.n > QUERY_MOST)
		return err_public(ERR_INVALID, "Validation failed: q is longer than %d bytes", QUERY_MOST);
	TRY(param_i64(rq, "offset", 0, &s->offset));
	if (s->offset < 0 || s->offset > OFFSET_MOST)
		return err_public(ERR_INVALID, "Validation failed: offset must be from 0 to %d", OFFSET_MOST);
	TRY(param_bool(rq, "following", false, &s->following));
	return param_bool(rq, "resolve", false, &s->resolve);
}

static err read_search(struct rq *rq, struct search *s) {
	struct page page;
	struct str type = param(rq, "type");
	TRY(read_query(rq, s));
	TRY(page_read(rq, LIMIT, LIMIT_MOST, &page));
	TRY(param_i64(rq, "account_id", 0, &s->account));
	s->limit = page.limit;
	s->max_id = page.max_id;
	s->min_id = page.min_id ? page.min_id : page.since_id;
	s->accounts = str_empty(type) || str_eq(type, S("accounts"));
	s->tags = str_empty(type) || str_eq(type, S("hashtags"));
	s->statuses = str_empty(type) || str_eq(type, S("statuses"));
	if (!s->accounts && !s->tags && !s->statuses)
		return err_public(ERR_INVALID, "Validation failed: type must be accounts, hashtags or statuses");
	if (!rq->c.viewer && s->offset)
		return err_public(ERR_UNAUTHORIZED, "Search queries pagination is not supported without authentication");
	if (!rq->c.viewer && s->resolve)
		return err_public(ERR_UNAUTHORIZED,
		                  "Search queries that resolve remote resources are not supported without authentication");
	return NULL;
}

static err find_accounts(struct rq *rq, const struct search *s, int64_t exact) {
	int64_t *ids = &exact;
	size_t n = exact != 0;
	if (!exact && s->accounts)
		TRY(search_accounts(&rq->c, s->q, s->following, s->limit, s->offset, &ids, &n));
	view_accounts(rq, rq_out(rq), ids, n);
	return NULL;
}

static err find_statuses(struct rq *rq, const struct search *s, int64_t exact) {
	int64_t *ids = &exact;
	size_t n = exact != 0;
	const struct search_want want = {
	    .query = s->q,
	    .author = s->account,
	    .above = s->min_id,
	    .below = s->max_id ? s->max_id : INT64_MAX,
	    .limit = s->limit,
	    .offset = s->offset,
	};
	if (!exact && s->statuses)
		TRY(search_statuses(&rq->c, &want, &ids, &n));
	view_statuses(rq, rq_out(rq), ids, n);
	return NULL;
}

static err find_tags(struct rq *rq, const struct search *s) {
	struct tag *tags = NULL;
	size_t n = 0;
	if (s->tags && !s->account)
		TRY(search_tags(&rq->c, s->q, s->limit, s->offset, &tags, &n));
	view_tags(rq, rq_out(rq), tags, n);
	return NULL;
}

enum handled api_search(struct rq *rq) {
	struct search s = {0};
	int64_t status, account;
	struct buf *out = rq_out(rq);
	TRY_RQ(rq, read_search(rq, &s));
	TRY_RQ(rq, search_address(&rq->c, s.q, &status, &account));
	buf_lit(out, "{\"accounts\":");
	TRY_RQ(rq, find_accounts(rq, &s, s.accounts ? account : 0));
	buf_lit(out, ",\"statuses\":");
	TRY_RQ(rq, find_statuses(rq, &s, s.statuses ? status : 0));
	buf_lit(out, ",\"hashtags\":");
	TRY_RQ(rq, find_tags(rq, &s));
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

enum handled api_accounts_search(struct rq *rq) {
	struct search s = {0};
	struct page page;
	int64_t *ids;
	size_t n;
	TRY_RQ(rq, read_query(rq, &s));
	TRY_RQ(rq, page_read(rq, ACCOUNTS_LIMIT, ACCOUNTS_MOST, &page));
	TRY_RQ(rq, search_accounts(&rq->c, s.q, s.following, page.limit, s.offset, &ids, &n));
	view_accounts(rq, rq_out(rq), ids, n);
	return reply_json(rq, 200);
}
