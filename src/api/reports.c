/* Reporting somebody. The moderators' side is the admin API. */
#include "api/routes.h"

#include "api/view/report.h"
#include "core/report.h"

enum handled api_report_create(struct rq *rq) {
	int64_t target, *status_ids, *rule_ids;
	size_t status_count, rule_count;
	enum report_category category = REPORT_OTHER;
	struct report made;
	TRY_RQ(rq, param_i64(rq, "account_id", 0, &target));
	TRY_RQ(rq, param_ids(rq, "status_ids", &status_ids, &status_count));
	TRY_RQ(rq, param_ids(rq, "rule_ids", &rule_ids, &rule_count));
	if (param_has(rq, "category") && !report_category_parse(param(rq, "category"), &category))
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: category must be spam, legal, violation or other"));
	TRY_RQ(rq, report_create(&rq->c, target, param(rq, "comment"), category, status_ids, status_count, rule_ids, rule_count, &made));
	view_report(rq, rq_out(rq), &made);
	return reply_json(rq, 200);
}
