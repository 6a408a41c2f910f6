#include "api/view/admin.h"

#include "api/json.h"
#include "api/view/account.h"
#include "api/view/role.h"
#include "api/view/status.h"
#include "base/id.h"
#include "store/account.h"
#include "store/member.h"
#include "store/rule.h"
#include "store/token.h"

enum { ADDRESSES_SHOWN = 20 };

/* Where the member was last seen, each address once. */
static err put_addresses(struct rq *rq, struct buf *out, int64_t id) {
	struct token_info *tokens;
	size_t n, shown = 0;
	TRY(store_tokens_of_account(rq->c.arena, rq->c.db, id, &tokens, &n));
	json_key(out, "ips");
	buf_byte(out, '[');
	for (size_t i = 0; i < n && shown < ADDRESSES_SHOWN; i++) {
		bool known = str_empty(tokens[i].address);
		for (size_t k = 0; k < i; k++)
			known |= str_eq(tokens[k].address, tokens[i].address);
		if (known)
			continue;
		buf_put(out, shown++ ? S(",{") : S("{"));
		json_text(out, "ip", tokens[i].address);
		json_time(out, "used_at", tokens[i].last_used_at);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
	return NULL;
}

static void put_member(struct buf *out, const struct member_row *m) {
	json_text(out, "email", m->email);
	json_text_or_null(out, "ip", m->address);
	json_key(out, "role");
	view_role(out, m->role);
	json_bool(out, "confirmed", m->flags & MEMBER_CONFIRMED);
	json_bool(out, "approved", m->flags & MEMBER_APPROVED);
	json_bool(out, "disabled", m->flags & MEMBER_DISABLED);
	json_text_or_null(out, "locale", m->locale);
	json_text_or_null(out, "invite_request", m->reason);
}

static void put_flags(struct buf *out, int64_t flags) {
	json_bool(out, "suspended", flags & ACCOUNT_SUSPENDED);
	json_bool(out, "silenced", flags & ACCOUNT_LIMITED);
	json_bool(out, "sensitized", flags & ACCOUNT_SENSITIVE);
}

err view_admin_account(struct rq *rq, struct buf *out, int64_t id, bool *found) {
	struct account_row a;
	struct member_row m = {0};
	bool is_member, invited;
	int64_t inviter;
	TRY(store_account_by_id(rq->c.arena, rq->c.db, id, &a, found));
	if (!*found)
		return NULL;
	TRY(store_member_by_id(rq->c.arena, rq->c.db, id, &m, &is_member));
	TRY(store_member_invited_by(rq->c.db, id, &inviter, &invited));
	buf_byte(out, '{');
	json_id(out, "id", id);
	json_text(out, "username", a.username);
	json_text_or_null(out, "domain", a.domain);
	json_time(out, "created_at", id_ms(id));
	put_member(out, &m);
	put_flags(out, a.flags);
	TRY(put_addresses(rq, out, id));
	json_id(out, "created_by_application_id", 0);
	json_id(out, "invited_by_account_id", inviter);
	json_key(out, "account");
	if (!view_account(rq, out, id))
		buf_lit(out, "null");
	buf_byte(out, '}');
	return NULL;
}

/* ── reports ── */

static err put_account(struct rq *rq, struct buf *out, const char *key, int64_t id) {
	bool found = false;
	json_key(out, key);
	if (id)
		TRY(view_admin_account(rq, out, id, &found));
	if (!found)
		buf_lit(out, "null");
	return NULL;
}

static size_t read_ids(struct rq *rq, struct str text, int64_t **out) {
	json_t *list = json_loadb(text.p, text.n, 0, NULL), *item;
	size_t i, n = 0;
	*out = arena_many(rq->c.arena, int64_t, json_array_size(list) + 1);
	json_array_foreach(list, i, item) if (str_i64(str_of(json_string_value(item)), &(*out)[n])) n++;
	json_decref(list);
	return n;
}

static err put_rules(struct rq *rq, struct buf *out, const int64_t *ids, size_t n) {
	struct rule_row *rules;
	size_t count;
	const char *sep = "";
	TRY(store_rules(rq->c.arena, rq->c.db, &rules, &count));
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < count; k++) {
			if (rules[k].id != ids[i])
				continue;
			buf_printf(out, "%s{", sep);
			sep = ",";
			json_id(out, "id", rules[k].id);
			json_text(out, "text", rules[k].text);
			json_text(out, "hint", rules[k].hint);
			buf_byte(out, '}');
		}
	buf_byte(out, ']');
	return NULL;
}

/* As their author sees them: what is reported may have been meant for few, and the moderator must see it. */
static void put_statuses(struct rq *rq, struct buf *out, int64_t author, const int64_t *ids, size_t n) {
	int64_t moderator = rq->c.viewer;
	rq->c.viewer = author;
	view_statuses(rq, out, ids, n);
	rq->c.viewer = moderator;
}

err view_admin_report(struct rq *rq, struct buf *out, const struct report *r) {
	int64_t *ids;
	buf_byte(out, '{');
	json_id(out, "id", r->id);
	json_bool(out, "action_taken", r->resolved_at);
	json_time(out, "action_taken_at", r->resolved_at);
	json_text(out, "category", report_category_text(r->category));
	json_text(out, "comment", r->comment);
	json_bool(out, "forwarded", false);
	json_time(out, "created_at", id_ms(r->id));
	json_time(out, "updated_at", r->resolved_at ? r->resolved_at : id_ms(r->id));
	TRY(put_account(rq, out, "account", r->account_id));
	TRY(put_account(rq, out, "target_account", r->target_id));
	TRY(put_account(rq, out, "assigned_account", r->assigned_id));
	TRY(put_account(rq, out, "action_taken_by_account", r->resolved_by));
	json_key(out, "statuses");
	size_t n = read_ids(rq, r->status_ids, &ids);
	put_statuses(rq, out, r->target_id, ids, n);
	json_key(out, "rules");
	n = read_ids(rq, r->rule_ids, &ids);
	TRY(put_rules(rq, out, ids, n));
	buf_byte(out, '}');
	return NULL;
}

/* ── what is kept out ── */

void view_email_domain_block(struct buf *out, const struct email_domain_block_row *row) {
	buf_byte(out, '{');
	json_id(out, "id", row->id);
	json_text(out, "domain", row->domain);
	json_time(out, "created_at", id_ms(row->id));
	json_bool(out, "allow_with_approval", false);
	json_key(out, "history");
	buf_lit(out, "[]}");
}

void view_ip_block(struct buf *out, const struct ip_block_row *row) {
	static const char *const severities[] = {"sign_up_requires_approval", "sign_up_block", "no_access"};
	buf_byte(out, '{');
	json_id(out, "id", row->id);
	json_text(out, "ip", row->range);
	json_text(out, "severity", str_of(severities[row->severity]));
	json_text(out, "comment", row->comment);
	json_time(out, "created_at", id_ms(row->id));
	json_time(out, "expires_at", row->expires_at);
	buf_byte(out, '}');
}
