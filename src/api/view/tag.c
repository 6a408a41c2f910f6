#include "api/view/tag.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/text.h"

enum { DAYS = 7, DAY_MS = 86400 * 1000, DAY_S = 86400 };

static void put_history(struct rq *rq, struct buf *out, int64_t tag) {
	struct tag_use *uses = NULL;
	size_t n = 0;
	int64_t today = clock_ms() / DAY_MS;
	if (tag && store_tag_uses(rq->c.arena, rq->c.db, tag, id_at((today - DAYS + 1) * DAY_MS, 0), &uses, &n))
		n = 0;
	buf_byte(out, '[');
	for (int64_t day = today; day > today - DAYS; day--) {
		struct tag_use use = {.day = day};
		for (size_t i = 0; i < n; i++)
			if (uses[i].day == day)
				use = uses[i];
		buf_printf(out, "%s{\"day\":\"%lld\",\"uses\":\"%lld\",\"accounts\":\"%lld\"}", day == today ? "" : ",",
		           (long long)(day * DAY_S), (long long)use.posts, (long long)use.accounts);
	}
	buf_byte(out, ']');
}

void view_tag(struct rq *rq, struct buf *out, const struct tag *t) {
	bool followed = false;
	buf_printf(out, "{\"id\":\"%lld\",\"name\":", (long long)t->id);
	buf_json_string(out, t->name);
	buf_lit(out, ",\"url\":\"");
	text_tag_url(rq->c.arena, out, rq->c.site, t->name);
	buf_lit(out, "\",\"history\":");
	put_history(rq, out, t->id);
	if (rq->c.viewer) {
		if (t->id && store_tag_followed(rq->c.db, rq->c.viewer, t->id, &followed))
			followed = false;
		buf_printf(out, ",\"following\":%s,\"featuring\":false", followed ? "true" : "false");
	}
	buf_byte(out, '}');
}

void view_tags(struct rq *rq, struct buf *out, const struct tag *tags, size_t n) {
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		view_tag(rq, out, &tags[i]);
	}
	buf_byte(out, ']');
}
