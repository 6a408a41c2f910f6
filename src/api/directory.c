/* Finding accounts: by handle, and in the directory of those who want to be found. */
#include "api/routes.h"
#include "api/view/account.h"
#include "core/site.h"
#include "store/account.h"

/* "name", "@name", "name@our.domain"; of other networks none is known here. */
enum handled api_accounts_lookup(struct rq *rq) {
	struct str domain = str_trim(param(rq, "acct"));
	int64_t id;
	bool found = false;
	if (str_starts(domain, S("@")))
		domain = str_skip(domain, 1);
	struct str name = str_cut(&domain, '@');
	if (str_eq_ci(domain, rq->c.site->domain))
		domain = STR_NONE;
	TRY_RQ(rq, store_account_id_by_name(rq->c.db, name, domain, &id, &found));
	if (!found || !view_account(rq, rq_out(rq), id))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	return reply_json(rq, 200);
}

enum handled api_directory(struct rq *rq) {
	int64_t offset, limit, *ids;
	size_t n;
	TRY_RQ(rq, param_i64(rq, "offset", 0, &offset));
	TRY_RQ(rq, param_i64(rq, "limit", 40, &limit));
	if (offset < 0 || limit < 1)
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: offset and limit must be positive"));
	TRY_RQ(rq, store_account_directory(rq->c.arena, rq->c.db, str_eq(param(rq, "order"), S("new")), limit < 80 ? (int)limit : 80,
	                                   offset, &ids, &n));
	view_accounts(rq, rq_out(rq), ids, n);
	return reply_json(rq, 200);
}
