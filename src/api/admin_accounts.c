/* Members as moderators see and treat them (Mastodon API, admin/accounts). */
#include "api/admin.h"

#include "api/routes.h"
#include "api/view/admin.h"
#include "core/account_delete.h"
#include "core/credential.h"
#include "core/moderation.h"
#include "core/role.h"
#include "store/account.h"
#include "store/member.h"
#include "store/token.h"

bool acts_as_moderator(const struct rq *rq, int64_t scope) {
	return rq->c.role >= ROLE_MODERATOR && (rq->session.kind == TOKEN_SESSION || rq->session.scopes & scope);
}

/* ── lists ── */

struct search {
	struct member_filter filter;
	bool pending, nothing; /* nothing: asked for what this network does not have */
};

/* Each state as both versions name it: version 1 by a parameter of its own, version 2 as a value of "status". "unconfirmed" is ours. */
static void want_state(struct search *s, struct str state) {
	if (str_eq(state, S("pending")))
		s->pending = true;
	else if (str_eq(state, S("suspended")))
		s->filter.account_flags |= ACCOUNT_SUSPENDED;
	else if (str_eq(state, S("silenced")))
		s->filter.account_flags |= ACCOUNT_LIMITED;
	else if (str_eq(state, S("sensitized")))
		s->filter.account_flags |= ACCOUNT_SENSITIVE;
	else if (str_eq(state, S("disabled")))
		s->filter.member_flags |= MEMBER_DISABLED;
	else if (str_eq(state, S("unconfirmed")))
		s->filter.member_flags_not |= MEMBER_CONFIRMED;
	else if (str_eq(state, S("active"))) {
		s->filter.account_flags_not |= ACCOUNT_GONE | ACCOUNT_LIMITED;
		s->filter.member_flags |= MEMBER_ACTIVE;
		s->filter.member_flags_not |= MEMBER_DISABLED;
	}
}

static err read_search(struct rq *rq, struct search *s) {
	static const char *const states[] = {"pending", "suspended", "silenced", "sensitized", "disabled", "unconfirmed", "active"};
	bool on;
	*s = (struct search){.filter = {.username = param(rq, "username"),
	                                .email = param(rq, "email"),
	                                .display_name = param(rq, "display_name"),
	                                .address = param(rq, "ip")}};
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		TRY(param_bool(rq, states[i], false, &on));
		if (on)
			want_state(s, str_of(states[i]));
	}
	want_state(s, param(rq, "status"));
	TRY(param_bool(rq, "staff", false, &on));
	if (on || str_eq(param(rq, "permissions"), S("staff")))
		s->filter.role = ROLE_MODERATOR;
	TRY(param_i64(rq, "invited_by", 0, &s->filter.invited_by));
	TRY(param_bool(rq, "remote", false, &s->nothing));
	s->nothing |= str_eq(param(rq, "origin"), S("remote"));
	return NULL;
}

enum handled api_admin_accounts(struct rq *rq) {
	struct search s;
	struct page page;
	int64_t *ids = NULL;
	size_t n = 0;
	TRY_RQ(rq, read_search(rq, &s));
	TRY_RQ(rq, page_read(rq, 100, 200, &page));
	int64_t above = page.min_id > page.since_id ? page.min_id : page.since_id, below = page.max_id ? page.max_id : INT64_MAX;
	if (s.pending)
		TRY_RQ(rq, store_members_pending(rq->c.arena, rq->c.db, above, below, page.limit, &ids, &n));
	else if (!s.nothing)
		TRY_RQ(rq, store_members_found(rq->c.arena, rq->c.db, &s.filter, above, below, page.limit, &ids, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		bool found;
		if (out->p[out->n - 1] == '}')
			buf_byte(out, ',');
		TRY_RQ(rq, view_admin_account(rq, out, ids[i], &found));
	}
	buf_byte(out, ']');
	if (n)
		page_links(rq, ids[0], n == (size_t)page.limit ? ids[n - 1] : 0);
	return reply_json(rq, 200);
}

/* ── one ── */

static enum handled reply_account(struct rq *rq, int64_t id) {
	bool found;
	buf_clear(rq_out(rq));
	TRY_RQ(rq, view_admin_account(rq, rq_out(rq), id, &found));
	return found ? reply_json(rq, 200) : reply_err(rq, err_plain(ERR_NOT_FOUND));
}

enum handled api_admin_account_show(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	return reply_account(rq, id);
}

static enum handled change(struct rq *rq, err (*verb)(struct ctx *c, int64_t id)) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, verb(&rq->c, id));
	return reply_account(rq, id);
}

static err unsilence(struct ctx *c, int64_t id) { return moderation_undo(c, id, WARNING_SILENCE); }
static err unsuspend(struct ctx *c, int64_t id) { return moderation_undo(c, id, WARNING_SUSPEND); }
static err unsensitive(struct ctx *c, int64_t id) { return moderation_undo(c, id, WARNING_SENSITIVE); }
static err enable(struct ctx *c, int64_t id) { return moderation_undo(c, id, WARNING_DISABLE); }

/* By hand, where a mail did not arrive: of somebody the moderator may act on. */
static err confirm(struct ctx *c, int64_t id) {
	TRY(moderation_may(c, id));
	return email_confirm_by_hand(c, id);
}

enum handled api_admin_account_approve(struct rq *rq) { return change(rq, moderation_approve); }
enum handled api_admin_account_unsilence(struct rq *rq) { return change(rq, unsilence); }
enum handled api_admin_account_unsuspend(struct rq *rq) { return change(rq, unsuspend); }
enum handled api_admin_account_unsensitive(struct rq *rq) { return change(rq, unsensitive); }
enum handled api_admin_account_enable(struct rq *rq) { return change(rq, enable); }
enum handled api_admin_account_confirm(struct rq *rq) { return change(rq, confirm); }

enum handled api_admin_account_role(struct rq *rq) {
	int64_t id;
	int role;
	TRY_RQ(rq, path_id(rq, 0, &id));
	if (!role_parse(param(rq, "role"), &role))
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: role must be user, moderator, admin or owner"));
	TRY_RQ(rq, role_set(&rq->c, id, role));
	return reply_account(rq, id);
}

/* The entity as it was: afterwards there is none. */
static enum handled remove_account(struct rq *rq, err (*verb)(struct ctx *c, int64_t id)) {
	int64_t id;
	bool found;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, view_admin_account(rq, rq_out(rq), id, &found));
	TRY_RQ(rq, verb(&rq->c, id));
	return reply_json(rq, 200);
}

static err delete_suspended(struct ctx *c, int64_t id) {
	int64_t flags;
	bool found;
	TRY(moderation_may(c, id));
	TRY(store_account_flags(c->db, id, &flags, &found));
	if (!(flags & ACCOUNT_SUSPENDED))
		return err_public(ERR_FORBIDDEN, "Only a suspended account can be deleted");
	return account_delete_by_moderator(c, id, S("delete"));
}

enum handled api_admin_account_reject(struct rq *rq) { return remove_account(rq, moderation_reject); }
enum handled api_admin_account_delete(struct rq *rq) { return remove_account(rq, delete_suspended); }

enum handled api_admin_account_action(struct rq *rq) {
	struct moderation_act act = {.text = str_trim(param(rq, "text"))};
	struct str type = param(rq, "type");
	TRY_RQ(rq, path_id(rq, 0, &act.account_id));
	TRY_RQ(rq, param_i64(rq, "report_id", 0, &act.report_id));
	TRY_RQ(rq, param_bool(rq, "send_email_notification", true, &act.mail));
	if (!warning_action_parse(type.n ? type : S("none"), &act.action))
		return reply_err(rq,
		                 err_public(ERR_INVALID, "Validation failed: type must be none, sensitive, disable, silence or suspend"));
	if (act.text.n > 10000)
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: text is too long"));
	TRY_RQ(rq, moderation_act(&rq->c, &act));
	return reply_empty(rq);
}
