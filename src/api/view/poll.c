#include "api/view/poll.h"

#include "base/clock.h"

static void put_bool(struct buf *out, const char *name, bool value) { buf_printf(out, ",\"%s\":%s", name, value ? "true" : "false"); }

static void put_options(struct buf *out, const struct poll *p, bool totals) {
	for (size_t i = 0; i < p->option_count; i++) {
		buf_put(out, i ? S(",{\"title\":") : S("{\"title\":"));
		buf_json_string(out, p->options[i]);
		if (totals)
			buf_printf(out, ",\"votes_count\":%lld}", (long long)p->votes[i]);
		else
			buf_lit(out, ",\"votes_count\":null}");
	}
}

void view_poll(struct buf *out, const struct poll *p, int64_t now, bool viewer, bool own, const int64_t *voted, size_t n) {
	bool expired = p->expires_at <= now;
	int64_t votes = 0;
	for (size_t i = 0; i < p->option_count; i++)
		votes += p->votes[i];
	buf_printf(out, "{\"id\":\"%lld\",\"expires_at\":\"", (long long)p->status_id);
	buf_iso8601(out, p->expires_at);
	buf_byte(out, '"');
	put_bool(out, "expired", expired);
	put_bool(out, "multiple", p->flags & POLL_MULTIPLE);
	buf_printf(out, ",\"votes_count\":%lld,\"voters_count\":%lld,\"options\":[", (long long)votes, (long long)p->voters);
	put_options(out, p, expired || !(p->flags & POLL_HIDE_TOTALS));
	buf_lit(out, "],\"emojis\":[]");
	if (viewer) {
		put_bool(out, "voted", n || own);
		buf_lit(out, ",\"own_votes\":[");
		for (size_t i = 0; i < n; i++) {
			if (i)
				buf_byte(out, ',');
			buf_i64(out, voted[i]);
		}
		buf_byte(out, ']');
	}
	buf_byte(out, '}');
}

bool view_poll_of(struct rq *rq, struct buf *out, int64_t status, int64_t author) {
	struct ctx *c = &rq->c;
	struct poll p;
	bool found;
	int64_t *voted = NULL;
	size_t n = 0;
	if (!c->db || store_poll_by_status(c->arena, c->db, status, &p, &found) || !found)
		return false;
	if (c->viewer && store_poll_votes_of(c->arena, c->db, status, c->viewer, &voted, &n))
		return false;
	view_poll(out, &p, clock_ms(), c->viewer != 0, c->viewer == author, voted, n);
	return true;
}
