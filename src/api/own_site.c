/* The owner's side of the site, invites, and one's own settings (docs/extensions.md). */
#include "api/json.h"
#include "api/problems.h"
#include "api/routes.h"
#include "api/view/account.h"
#include "base/id.h"
#include "core/invite.h"
#include "core/settings.h"
#include "core/site_text.h"
#include "store/audit.h"

enum { RULES_MOST = 50 };

/* ── the site ── */

static void put_rules(struct buf *out, const struct rule_row *rules, size_t n) {
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		buf_put(out, i ? S(",{") : S("{"));
		json_id(out, "id", rules[i].id);
		json_text(out, "text", rules[i].text);
		json_text(out, "hint", rules[i].hint);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

enum handled api_site_show(struct rq *rq) {
	struct site_text site;
	struct rule_row *rules;
	size_t n;
	TRY_RQ(rq, site_text_read(&rq->c, &site));
	TRY_RQ(rq, store_rules(rq->c.arena, rq->c.db, &rules, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	json_text(out, "title", site.title);
	json_text(out, "description", site.description);
	json_text(out, "extended_description", site.extended_description);
	json_text(out, "privacy_policy", site.privacy_policy);
	json_text(out, "contact_email", site.contact_email);
	json_text(out, "registrations", str_of(registrations_name(site.registrations)));
	json_bool(out, "reason_required", site.reason_required);
	json_key(out, "rules");
	put_rules(out, rules, n);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

static struct str text_of(const json_t *rule, const char *key) {
	const json_t *v = json_object_get(rule, key);
	return str_mem(json_string_value(v), json_string_length(v));
}

static err read_rules(struct rq *rq, struct site_change *in) {
	json_t *list = param_json(rq, "rules"), *item;
	size_t i;
	if (!list)
		return NULL;
	if (!json_is_array(list) || json_array_size(list) > RULES_MOST)
		return err_public(ERR_INVALID, "Validation failed: rules must be a list of at most %d", RULES_MOST);
	struct rule_row *rules = arena_many(rq->c.arena, struct rule_row, json_array_size(list));
	json_array_foreach(list, i, item) {
		rules[i] = (struct rule_row){.text = text_of(item, "text"), .hint = text_of(item, "hint")};
		if (!str_i64(text_of(item, "id"), &rules[i].id))
			rules[i].id = 0;
	}
	in->rules = rules;
	in->rule_count = json_array_size(list);
	in->rules_given = true;
	return NULL;
}

/* An empty text is a change too: it is what removes one. */
static struct str given(struct rq *rq, const char *name) {
	struct str v = param(rq, name);
	return !param_has(rq, name) ? STR_NONE : v.p ? v : S("");
}

enum handled api_site_change(struct rq *rq) {
	struct problems p = {.n = 0};
	struct site_change in = {.title = given(rq, "title"),
	                         .description = given(rq, "description"),
	                         .extended_description = given(rq, "extended_description"),
	                         .privacy_policy = given(rq, "privacy_policy"),
	                         .contact_email = given(rq, "contact_email"),
	                         .registrations = given(rq, "registrations")};
	bool reason;
	TRY_RQ(rq, param_bool(rq, "reason_required", true, &reason));
	if (param_has(rq, "reason_required"))
		in.reason_required = &reason;
	TRY_RQ(rq, read_rules(rq, &in));
	err e = site_text_change(&rq->c, &in, &p);
	return e ? reply_problems(rq, e, &p) : api_site_show(rq);
}

static void put_audit(struct rq *rq, struct buf *out, const struct audit_row *row) {
	buf_byte(out, '{');
	json_id(out, "id", row->id);
	json_time(out, "created_at", id_ms(row->id));
	json_key(out, "actor");
	if (!row->actor_id || !view_account(rq, out, row->actor_id))
		buf_lit(out, "null");
	json_text(out, "action", row->action);
	json_text(out, "target_kind", row->target_kind);
	json_id(out, "target_id", row->target_id);
	json_text(out, "target_label", row->target_label);
	json_text(out, "text", row->text);
	buf_byte(out, '}');
}

enum handled api_audit(struct rq *rq) {
	struct page page;
	struct audit_row *rows;
	size_t n;
	TRY_RQ(rq, page_read(rq, 40, 100, &page));
	TRY_RQ(rq, store_audit_page(rq->c.arena, rq->c.db, page.max_id ? page.max_id : INT64_MAX, page.limit, &rows, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		put_audit(rq, out, &rows[i]);
	}
	buf_byte(out, ']');
	if (n)
		page_links(rq, 0, n == (size_t)page.limit ? rows[n - 1].id : 0);
	return reply_json(rq, 200);
}

/* ── invites ── */

static void put_invite(struct rq *rq, struct buf *out, const struct invite_row *row) {
	buf_byte(out, '{');
	json_id(out, "id", row->id);
	json_text(out, "code", row->code);
	json_text(out, "url", invite_url(&rq->c, row->code));
	json_i64(out, "uses", row->uses);
	json_key(out, "max_uses");
	if (row->max_uses)
		buf_i64(out, row->max_uses);
	else
		buf_lit(out, "null");
	json_time(out, "expires_at", row->expires_at);
	json_time(out, "created_at", id_ms(row->id));
	buf_byte(out, '}');
}

enum handled api_invites(struct rq *rq) {
	struct invite_row *rows;
	size_t n;
	TRY_RQ(rq, store_invites_of_account(rq->c.arena, rq->c.db, rq->c.viewer, &rows, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		put_invite(rq, out, &rows[i]);
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

enum handled api_invite_create(struct rq *rq) {
	int64_t max_uses, expires_in;
	struct invite_row row;
	TRY_RQ(rq, param_i64(rq, "max_uses", 0, &max_uses));
	TRY_RQ(rq, param_i64(rq, "expires_in", 0, &expires_in));
	TRY_RQ(rq, invite_make(&rq->c, max_uses, expires_in, &row));
	put_invite(rq, rq_out(rq), &row);
	return reply_json(rq, 200);
}

enum handled api_invite_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, invite_remove(&rq->c, id));
	return reply_empty(rq);
}

/* ── one's own settings ── */

enum handled api_settings(struct rq *rq) {
	struct settings s;
	TRY_RQ(rq, settings_read(&rq->c, rq->c.viewer, &s));
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	json_text(out, "theme", s.theme);
	json_text(out, "locale", s.locale);
	json_bool(out, "reduce_motion", s.reduce_motion);
	json_bool(out, "expand_warnings", s.expand_warnings);
	json_text(out, "expand_media", s.expand_media);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

static err read_flag(struct rq *rq, const char *name, int *out) {
	bool value;
	TRY(param_bool(rq, name, false, &value));
	*out = param_has(rq, name) ? value : -1;
	return NULL;
}

enum handled api_settings_change(struct rq *rq) {
	struct problems p = {.n = 0};
	struct settings_change in = SETTINGS_UNCHANGED;
	in.theme = given(rq, "theme");
	in.locale = given(rq, "locale");
	in.expand_media = given(rq, "expand_media");
	TRY_RQ(rq, read_flag(rq, "reduce_motion", &in.reduce_motion));
	TRY_RQ(rq, read_flag(rq, "expand_warnings", &in.expand_warnings));
	err e = settings_change(&rq->c, &in, &p);
	return e ? reply_problems(rq, e, &p) : api_settings(rq);
}
