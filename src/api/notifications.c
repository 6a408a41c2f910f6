/* Notifications one by one (version 1), their policy, and the requests that a policy without filtering never makes. */
#include "api/notifications.h"

#include "api/routes.h"
#include "api/view/notification.h"
#include "core/notification.h"
#include "store/marker.h"

static err read_kinds(struct rq *rq, const char *name, int64_t *bits, bool *given) {
	struct str *words;
	size_t n;
	TRY(param_list(rq, name, &words, &n));
	*bits = 0;
	*given = n != 0;
	for (size_t i = 0; i < n; i++) {
		enum notification_kind k;
		/* Clients name kinds of newer servers: what is unknown matches nothing. */
		if (notification_kind_parse(words[i], &k))
			*bits |= (int64_t)1 << k;
	}
	return NULL;
}

err notifications_wanted(struct rq *rq, struct notification_want *w) {
	int64_t types, excluded;
	bool some, ignored;
	TRY(read_kinds(rq, "types", &types, &some));
	TRY(read_kinds(rq, "exclude_types", &excluded, &ignored));
	int64_t all = ((int64_t)1 << NOTIFICATION_KIND_COUNT) - 1;
	w->kinds = (some ? types : all) & ~excluded;
	return param_i64(rq, "account_id", 0, &w->from_id);
}

err notifications_read_until(struct rq *rq, int64_t *last_read) {
	struct marker m;
	bool found;
	TRY(store_marker_get(rq->c.db, rq->c.viewer, MARKER_NOTIFICATIONS, &m, &found));
	*last_read = m.last_read_id;
	return NULL;
}

enum handled api_notifications(struct rq *rq) {
	struct notification_want want;
	struct notification *found;
	struct range range;
	size_t n;
	TRY_RQ(rq, notifications_wanted(rq, &want));
	TRY_RQ(rq, range_read(rq, 40, 80, &range));
	TRY_RQ(rq, store_notifications(rq->c.arena, rq->c.db, rq->c.viewer, range, want, &found, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		bool comma = out->n > 1;
		if (comma)
			buf_byte(out, ',');
		if (!view_notification(rq, out, &found[i]) && comma)
			out->n--;
	}
	buf_byte(out, ']');
	if (n)
		range_links(rq, range, n, found[0].id, found[n - 1].id);
	return reply_json(rq, 200);
}

enum handled api_notification_show(struct rq *rq) {
	int64_t id;
	struct notification n;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, notification_get(&rq->c, id, &n));
	if (!view_notification(rq, rq_out(rq), &n))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	return reply_json(rq, 200);
}

enum handled api_notification_dismiss(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, notification_dismiss(&rq->c, id));
	return reply_empty(rq);
}

enum handled api_notifications_clear(struct rq *rq) {
	TRY_RQ(rq, notifications_clear(&rq->c));
	return reply_empty(rq);
}

enum handled api_notifications_unread(struct rq *rq) {
	struct notification_want want;
	int64_t limit, last_read, count;
	TRY_RQ(rq, notifications_wanted(rq, &want));
	TRY_RQ(rq, param_i64(rq, "limit", 100, &limit));
	TRY_RQ(rq, notifications_read_until(rq, &last_read));
	limit = limit < 1 ? 1 : limit > 1000 ? 1000 : limit;
	TRY_RQ(rq, store_notification_unread(rq->c.db, rq->c.viewer, last_read, want, (int)limit, &count));
	buf_printf(rq_out(rq), "{\"count\":%lld}", (long long)count);
	return reply_json(rq, 200);
}

/* ── policy ── */

static const struct {
	enum notification_drop bit;
	const char *name, *name_v1;
} policies[] = {
    {DROP_NOT_FOLLOWING, "for_not_following", "filter_not_following"},
    {DROP_NOT_FOLLOWERS, "for_not_followers", "filter_not_followers"},
    {DROP_NEW_ACCOUNTS, "for_new_accounts", "filter_new_accounts"},
    {DROP_PRIVATE_MENTIONS, "for_private_mentions", "filter_private_mentions"},
    {DROP_LIMITED_ACCOUNTS, "for_limited_accounts", NULL},
};
enum { POLICIES = sizeof policies / sizeof *policies };

static enum handled reply_policy(struct rq *rq, const struct notification_policy *p, bool v1) {
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	for (int i = 0; i < POLICIES; i++) {
		bool drops = p->drops & policies[i].bit;
		if (!v1)
			buf_printf(out, "\"%s\":\"%s\",", policies[i].name, drops ? "drop" : "accept");
		else if (policies[i].name_v1)
			buf_printf(out, "\"%s\":%s,", policies[i].name_v1, drops ? "true" : "false");
	}
	buf_lit(out, "\"summary\":{\"pending_requests_count\":0,\"pending_notifications_count\":0}}");
	return reply_json(rq, 200);
}

static err read_policy(struct rq *rq, struct notification_policy *p) {
	for (int i = 0; i < POLICIES; i++) {
		struct str word = param(rq, policies[i].name);
		if (str_eq(word, S("drop")))
			p->drops |= policies[i].bit;
		else if (str_eq(word, S("accept")))
			p->drops &= ~(int64_t)policies[i].bit;
		else if (word.n)
			return err_public(ERR_INVALID,
			                  "Validation failed: %s must be accept or drop; this server has no filtered notifications",
			                  policies[i].name);
	}
	return NULL;
}

enum handled api_notification_policy(struct rq *rq) {
	struct notification_policy p;
	TRY_RQ(rq, store_notification_policy(rq->c.db, rq->c.viewer, &p));
	return reply_policy(rq, &p, false);
}

enum handled api_notification_policy_v1(struct rq *rq) {
	struct notification_policy p;
	TRY_RQ(rq, store_notification_policy(rq->c.db, rq->c.viewer, &p));
	return reply_policy(rq, &p, true);
}

enum handled api_notification_policy_set(struct rq *rq) {
	struct notification_policy p;
	TRY_RQ(rq, store_notification_policy(rq->c.db, rq->c.viewer, &p));
	TRY_RQ(rq, read_policy(rq, &p));
	TRY_RQ(rq, notification_policy_set(&rq->c, &p));
	return reply_policy(rq, &p, false);
}

/* ── requests: nothing is ever filtered, so nothing waits ── */

enum handled api_notification_requests(struct rq *rq) {
	buf_lit(rq_out(rq), "[]");
	return reply_json(rq, 200);
}

enum handled api_notification_requests_merged(struct rq *rq) {
	buf_lit(rq_out(rq), "{\"merged\":true}");
	return reply_json(rq, 200);
}

enum handled api_notification_requests_answer(struct rq *rq) { return reply_empty(rq); }

enum handled api_notification_request_unknown(struct rq *rq) { return reply_err(rq, err_plain(ERR_NOT_FOUND)); }
