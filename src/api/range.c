#include "api/range.h"

#include "api/view/account.h"

err range_read(struct rq *rq, int limit_default, int limit_max, struct range *out) {
	struct page page;
	TRY(page_read(rq, limit_default, limit_max, &page));
	*out = range_of(page.limit, page.max_id, page.since_id, page.min_id);
	return NULL;
}

void range_links(struct rq *rq, struct range r, size_t n, int64_t newest, int64_t oldest) {
	if (n)
		page_links(rq, newest, n == (size_t)r.limit || r.upward ? oldest : 0);
}

enum handled reply_placed_accounts(struct rq *rq, const struct placed_ids *found, struct range r) {
	view_accounts(rq, rq_out(rq), placed_only_ids(rq->c.arena, found), found->n);
	if (found->n)
		range_links(rq, r, found->n, found->v[0].cursor, found->v[found->n - 1].cursor);
	return reply_json(rq, 200);
}
