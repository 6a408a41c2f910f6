#include "api/view/report.h"

#include "api/view/account.h"
#include "base/id.h"

void view_report(struct rq *rq, struct buf *out, const struct report *r) {
	buf_printf(out, "{\"id\":\"%lld\",\"action_taken\":%s,\"action_taken_at\":", (long long)r->id, r->resolved_at ? "true" : "false");
	if (r->resolved_at) {
		buf_byte(out, '"');
		buf_iso8601(out, r->resolved_at);
		buf_byte(out, '"');
	} else {
		buf_lit(out, "null");
	}
	buf_lit(out, ",\"category\":");
	buf_json_string(out, report_category_text(r->category));
	buf_lit(out, ",\"comment\":");
	buf_json_string(out, r->comment);
	buf_lit(out, ",\"forwarded\":false,\"created_at\":\"");
	buf_iso8601(out, id_ms(r->id));
	buf_lit(out, "\",\"status_ids\":");
	buf_put(out, r->status_ids);
	buf_lit(out, ",\"rule_ids\":");
	buf_put(out, r->rule_ids);
	buf_lit(out, ",\"collection_ids\":[],\"target_account\":");
	if (!view_account(rq, out, r->target_id))
		buf_lit(out, "null");
	buf_byte(out, '}');
}
