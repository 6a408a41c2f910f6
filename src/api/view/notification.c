#include "api/view/notification.h"

#include "api/view/account.h"
#include "api/view/report.h"
#include "api/view/status.h"
#include "base/id.h"
#include "core/moderation.h"
#include "store/audit.h"

void view_group_key(struct buf *out, const struct notification *n, bool grouped) {
	if (!grouped || !notification_kind_grouped(n->kind)) {
		buf_printf(out, "\"ungrouped-%lld\"", (long long)n->id);
		return;
	}
	struct notification_group g = notification_group_of(n);
	buf_byte(out, '"');
	buf_put(out, notification_kind_text(n->kind));
	if (g.status_id)
		buf_printf(out, "-%lld", (long long)g.status_id);
	buf_printf(out, "-%lld\"", (long long)g.bucket);
}

bool group_key_parse(struct str key, struct notification_group *out, int64_t *ungrouped_id) {
	struct str rest = key, word = str_cut(&rest, '-');
	int64_t first, second;
	*ungrouped_id = 0;
	if (str_eq(word, S("ungrouped")))
		return str_i64(rest, ungrouped_id) && *ungrouped_id > 0;
	if (!notification_kind_parse(word, &out->kind) || !notification_kind_grouped(out->kind))
		return false;
	bool of_status = str_chr(rest, '-') >= 0;
	if (!str_i64(str_cut(&rest, '-'), &first) || (of_status && !str_i64(rest, &second)))
		return false;
	out->status_id = of_status ? first : 0;
	out->bucket = of_status ? second : first;
	/* A bucket is half a day: more than this is past the end of ids. */
	return out->bucket >= 0 && out->bucket < 1 << 20 && out->status_id >= 0;
}

static void put_report(struct rq *rq, struct buf *out, int64_t id) {
	struct report r;
	bool found;
	if (store_report_get(rq->c.arena, rq->c.db, id, &r, &found) || !found)
		return;
	buf_lit(out, ",\"report\":");
	view_report(rq, out, &r);
}

/* AccountWarning (Mastodon API). */
static void put_warning(struct rq *rq, struct buf *out, int64_t id) {
	struct warning_row w;
	bool found;
	if (store_warning_by_id(rq->c.arena, rq->c.db, id, &w, &found) || !found)
		return;
	buf_printf(out, ",\"moderation_warning\":{\"id\":\"%lld\",\"action\":\"%s\",\"text\":", (long long)w.id,
	           warning_action_name((enum warning_action)w.action));
	buf_json_string(out, w.text);
	buf_lit(out, ",\"status_ids\":null,\"appeal\":null,\"created_at\":\"");
	buf_iso8601(out, id_ms(w.id));
	buf_lit(out, "\",\"target_account\":");
	if (!view_account(rq, out, w.account_id))
		buf_lit(out, "null");
	buf_byte(out, '}');
}

void view_notification_extra(struct rq *rq, struct buf *out, const struct notification *n) {
	if (n->kind == NOTIFICATION_ADMIN_REPORT)
		put_report(rq, out, n->report_id);
	else if (n->kind == NOTIFICATION_MODERATION_WARNING)
		put_warning(rq, out, n->report_id);
}

bool view_notification(struct rq *rq, struct buf *out, const struct notification *n) {
	size_t before = out->n;
	buf_printf(out, "{\"id\":\"%lld\",\"type\":", (long long)n->id);
	buf_json_string(out, notification_kind_text(n->kind));
	buf_lit(out, ",\"created_at\":\"");
	buf_iso8601(out, id_ms(n->id));
	buf_lit(out, "\",\"group_key\":");
	view_group_key(out, n, true);
	buf_lit(out, ",\"account\":");
	bool seen = view_account(rq, out, n->from_id);
	if (seen && n->status_id) {
		buf_lit(out, ",\"status\":");
		seen = view_status(rq, out, n->status_id);
	}
	if (!seen) {
		out->n = before;
		return false;
	}
	view_notification_extra(rq, out, n);
	buf_byte(out, '}');
	return true;
}
