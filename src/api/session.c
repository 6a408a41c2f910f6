/* Browser sessions (docs/extensions.md): log in, log out, see and end one's sessions and apps. */
#include "api/session.h"

#include "api/json.h"
#include "api/routes.h"
#include "api/view/account.h"
#include "base/id.h"
#include "config/config.h"
#include "core/log_in.h"
#include "core/mail_routes.h"
#include "core/role.h"
#include "core/sign_up.h"
#include "core/site.h"
#include "core/site_text.h"
#include "core/sms.h"

enum { COOKIE_S = 365 * 86400 };

err session_from_here(struct rq *rq) {
	struct str site = rq_header(rq, S("Sec-Fetch-Site"));
	if (str_eq(site, S("cross-site")) || str_eq(site, S("same-site")))
		return err_public(ERR_FORBIDDEN, "This can only be sent from this site itself");
	return NULL;
}

err session_begin(struct rq *rq, int64_t account_id) {
	struct str secret;
	TRY(log_in_open(&rq->c, account_id, rq->x->peer, rq_header(rq, S("User-Agent")), &secret));
	TRY(session_find(rq->gate, &rq->c, secret, &rq->session));
	rq->c.viewer = rq->session.account_id;
	rq->c.role = rq->session.role;
	rq_set_cookie(rq, S(SESSION_COOKIE), secret, COOKIE_S);
	return NULL;
}

static void put_site(struct rq *rq, struct buf *out, const struct site_text *site, int64_t mail_away, bool sms_late) {
	json_key(out, "site");
	buf_byte(out, '{');
	json_text(out, "title", site->title);
	json_text(out, "domain", rq->c.site->domain);
	json_text(out, "registrations", str_of(registrations_name(site->registrations)));
	json_text(out, "confirm", str_of(confirms_name(site_confirms(rq->c.site->config))));
	json_bool(out, "reason_required", site->reason_required);
	json_bool(out, "mail_delayed", mail_away != 0);
	json_bool(out, "sms_delayed", sms_late);
	json_i64(out, "max_characters", config_number(rq->c.site->config, SET_statuses_max_characters));
	json_text(out, "version", S(FREEHOLD_VERSION));
	buf_byte(out, '}');
}

static void put_viewer(struct rq *rq, struct buf *out, const struct member_row *m, bool found) {
	json_text_or_null(out, "csrf_token", found && rq->session.kind == TOKEN_SESSION ? rq_csrf(rq) : STR_NONE);
	json_key(out, "account");
	if (!found || !view_credential_account(rq, out, rq->c.viewer))
		buf_lit(out, "null");
	json_text_or_null(out, "role", found ? str_of(role_name(m->role)) : STR_NONE);
	json_text_or_null(out, "email", m->email);
	json_text_or_null(out, "new_email", m->new_email);
	json_bool(out, "email_confirmed", m->flags & MEMBER_CONFIRMED);
	json_bool(out, "approved", m->flags & MEMBER_APPROVED);
}

enum handled reply_session(struct rq *rq) {
	struct member_row m = {0};
	struct site_text site;
	bool found = false, setup_needed, sms_late;
	int64_t mail_away;
	if (rq->c.viewer)
		TRY_RQ(rq, store_member_by_id(rq->c.arena, rq->c.db, rq->c.viewer, &m, &found));
	TRY_RQ(rq, site_text_read(&rq->c, &site));
	TRY_RQ(rq, site_setup_needed(&rq->c, &setup_needed));
	TRY_RQ(rq, routes_away_since(&rq->c, &mail_routes, &mail_away));
	TRY_RQ(rq, sms_delayed(&rq->c, &sms_late));
	struct buf *out = rq_out(rq);
	buf_clear(out);
	buf_byte(out, '{');
	put_viewer(rq, out, &m, found);
	json_bool(out, "setup_needed", setup_needed);
	put_site(rq, out, &site, mail_away, sms_late);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

enum handled api_session_show(struct rq *rq) { return reply_session(rq); }

static enum handled refuse(struct rq *rq, err e, const char *reason) {
	struct err made = *e;
	struct buf *out = rq_out(rq);
	buf_clear(out);
	buf_byte(out, '{');
	json_text(out, "error", str_of(made.text));
	json_text(out, "reason", str_of(reason));
	buf_byte(out, '}');
	return reply_json(rq, 403);
}

static enum handled refuse_without_phone(struct rq *rq) {
	bool late;
	TRY_RQ(rq, sms_delayed(&rq->c, &late));
	const char *text =
	    late ? "Your telephone is not confirmed yet. This network cannot send text messages at the moment: yours is kept and "
	           "comes by itself when it can"
	         : "Your telephone is not confirmed yet: type in the code that was sent to it";
	return refuse(rq, err_public(ERR_FORBIDDEN, "%s", text), "unconfirmed");
}

static enum handled refuse_unconfirmed(struct rq *rq) {
	int64_t mail_away;
	if (site_confirms(rq->c.site->config) == CONFIRM_PHONE)
		return refuse_without_phone(rq);
	TRY_RQ(rq, routes_away_since(&rq->c, &mail_routes, &mail_away));
	const char *text =
	    mail_away ? "Your e-mail address is not confirmed yet. This network cannot send mail at the moment: yours is kept and comes "
	                "by itself when it can"
	              : "Your e-mail address is not confirmed yet: open the link in the mail";
	return refuse(rq, err_public(ERR_FORBIDDEN, "%s", text), "unconfirmed");
}

enum handled session_wait(struct rq *rq, enum handled done, int64_t wait_s) {
	if (wait_s)
		reply_header(&rq->x->reply, S("Retry-After"), arena_printf(rq->c.arena, "%lld", (long long)wait_s));
	return done;
}

bool session_check(struct rq *rq, struct member_row *out, enum handled *done) {
	struct log_in in = {.login = param(rq, "login"), .password = param(rq, "password"), .address = rq->x->peer};
	int64_t wait = 0;
	err e = session_from_here(rq);
	if (!e) {
		e = log_in_check(&rq->c, &in, out, &wait);
		if (!e)
			return true;
		if (e->code == ERR_FORBIDDEN) {
			*done = refuse(rq, e, "suspended");
			return false;
		}
	}
	*done = session_wait(rq, reply_err(rq, e), wait);
	return false;
}

enum handled api_session_create(struct rq *rq) {
	struct member_row m = {0};
	enum handled done;
	if (!session_check(rq, &m, &done))
		return done;
	enum join_state state = join_state_of(m.flags);
	if (state == JOIN_UNCONFIRMED)
		return refuse_unconfirmed(rq);
	if (state == JOIN_PENDING)
		return refuse(rq, err_public(ERR_FORBIDDEN, "Your request to join waits for a moderator"), "pending");
	TRY_RQ(rq, session_begin(rq, m.account_id));
	return reply_session(rq);
}

enum handled api_session_delete(struct rq *rq) {
	TRY_RQ(rq, log_out(&rq->c, rq->session.token_id));
	rq_set_cookie(rq, S(SESSION_COOKIE), STR_NONE, 0);
	return reply_empty(rq);
}

static void put_token(struct rq *rq, struct buf *out, const struct token_info *t) {
	buf_byte(out, '{');
	json_id(out, "id", t->id);
	json_text(out, "kind", t->kind == TOKEN_SESSION ? S("session") : S("app"));
	json_bool(out, "current", t->id == rq->session.token_id);
	json_time(out, "created_at", id_ms(t->id));
	json_time(out, "last_used_at", t->last_used_at);
	json_text_or_null(out, "address", t->address);
	json_text_or_null(out, "agent", t->agent);
	json_key(out, "app");
	if (t->app_id) {
		buf_byte(out, '{');
		json_text(out, "name", t->app_name);
		json_text_or_null(out, "website", t->app_website);
		buf_byte(out, '}');
	} else {
		buf_lit(out, "null");
	}
	json_key(out, "scopes");
	scopes_json(out, t->kind == TOKEN_SESSION ? 0 : t->scopes);
	buf_byte(out, '}');
}

enum handled api_sessions(struct rq *rq) {
	struct token_info *tokens;
	size_t n;
	TRY_RQ(rq, store_tokens_of_account(rq->c.arena, rq->c.db, rq->c.viewer, &tokens, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		put_token(rq, out, &tokens[i]);
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

enum handled api_session_end(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, log_out(&rq->c, id));
	if (id == rq->session.token_id)
		rq_set_cookie(rq, S(SESSION_COOKIE), STR_NONE, 0);
	return reply_empty(rq);
}
