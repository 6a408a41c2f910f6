/* The queue of reports (Mastodon API, admin/reports). */
#include "api/routes.h"
#include "api/view/admin.h"
#include "core/moderation.h"

static enum handled reply_report(struct rq *rq, int64_t id) {
	struct report r;
	bool found;
	TRY_RQ(rq, store_report_get(rq->c.arena, rq->c.db, id, &r, &found));
	if (!found)
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	TRY_RQ(rq, view_admin_report(rq, rq_out(rq), &r));
	return reply_json(rq, 200);
}

enum handled api_admin_reports(struct rq *rq) {
	struct page page;
	int64_t by, about, *ids;
	size_t n;
	bool resolved;
	TRY_RQ(rq, page_read(rq, 100, 200, &page));
	TRY_RQ(rq, param_i64(rq, "account_id", 0, &by));
	TRY_RQ(rq, param_i64(rq, "target_account_id", 0, &about));
	TRY_RQ(rq, param_bool(rq, "resolved", false, &resolved));
	int64_t above = page.min_id > page.since_id ? page.min_id : page.since_id;
	TRY_RQ(rq, store_reports(rq->c.arena, rq->c.db, resolved, by, about, above, page.max_id ? page.max_id : INT64_MAX, page.limit, &ids,
	                         &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		struct report r;
		bool found;
		TRY_RQ(rq, store_report_get(rq->c.arena, rq->c.db, ids[i], &r, &found));
		if (!found)
			continue;
		if (out->p[out->n - 1] == '}')
			buf_byte(out, ',');
		TRY_RQ(rq, view_admin_report(rq, out, &r));
	}
	buf_byte(out, ']');
	if (n)
		page_links(rq, ids[0], n == (size_t)page.limit ? ids[n - 1] : 0);
	return reply_json(rq, 200);
}

enum handled api_admin_report_show(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	return reply_report(rq, id);
}

enum handled api_admin_report_update(struct rq *rq) {
	int64_t id;
	enum report_category category;
	TRY_RQ(rq, path_id(rq, 0, &id));
	if (!report_category_parse(param(rq, "category"), &category))
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: category must be other, spam, legal or violation"));
	TRY_RQ(rq, moderation_report_category(&rq->c, id, category));
	return reply_report(rq, id);
}

static enum handled change(struct rq *rq, enum report_change change) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, moderation_report(&rq->c, id, change));
	return reply_report(rq, id);
}

enum handled api_admin_report_assign(struct rq *rq) { return change(rq, REPORT_ASSIGN); }
enum handled api_admin_report_unassign(struct rq *rq) { return change(rq, REPORT_UNASSIGN); }
enum handled api_admin_report_resolve(struct rq *rq) { return change(rq, REPORT_RESOLVE); }
enum handled api_admin_report_reopen(struct rq *rq) { return change(rq, REPORT_REOPEN); }
