/* Joining, and one's own address and password (docs/extensions.md). */
#include "api/problems.h"
#include "api/routes.h"
#include "api/session.h"
#include "core/account_delete.h"
#include "core/credential.h"
#include "core/log_in.h"
#include "core/owner.h"
#include "core/phone.h"
#include "core/sign_up.h"

static enum handled reply_state(struct rq *rq, enum join_state state) {
	buf_printf(rq_out(rq), "{\"state\":\"%s\"}", join_state_name(state));
	return reply_json(rq, 200);
}

enum handled api_signup(struct rq *rq) {
	struct problems p = {.n = 0};
	struct sign_up in = {.username = param(rq, "username"),
	                     .email = param(rq, "email"),
	                     .phone = param(rq, "phone"),
	                     .password = param(rq, "password"),
	                     .locale = param(rq, "locale"),
	                     .reason = param(rq, "reason"),
	                     .invite = param(rq, "invite"),
	                     .address = rq->x->peer};
	int64_t account_id;
	enum join_state state;
	TRY_RQ(rq, session_from_here(rq));
	TRY_RQ(rq, param_bool(rq, "agreement", false, &in.agreement));
	err e = sign_up(&rq->c, &in, &p, &account_id, &state);
	if (e)
		return reply_problems(rq, e, &p);
	if (state == JOIN_ACTIVE)
		TRY_RQ(rq, session_begin(rq, account_id));
	return reply_state(rq, state);
}

enum handled api_setup(struct rq *rq) {
	struct problems p = {.n = 0};
	struct made_member member = {.username = param(rq, "username"),
	                             .email = param(rq, "email"),
	                             .password = param(rq, "password"),
	                             .locale = param(rq, "locale"),
	                             .address = rq->x->peer};
	struct site_change site = {0};
	int64_t account_id;
	TRY_RQ(rq, session_from_here(rq));
	if (param_has(rq, "title"))
		site.title = param(rq, "title");
	if (param_has(rq, "description"))
		site.description = param(rq, "description");
	if (param_has(rq, "registrations"))
		site.registrations = param(rq, "registrations");
	err e = owner_setup(&rq->c, param(rq, "token"), &member, &site, &p, &account_id);
	if (e)
		return reply_problems(rq, e, &p);
	TRY_RQ(rq, session_begin(rq, account_id));
	return reply_session(rq);
}

enum handled api_confirm(struct rq *rq) {
	enum join_state state;
	TRY_RQ(rq, email_confirm(&rq->c, param(rq, "token"), &state));
	return reply_state(rq, state);
}

/* By name and password, as at a log-in: whoever cannot log in yet has no session. */
enum handled api_phone_confirm(struct rq *rq) {
	struct problems p = {.n = 0};
	struct member_row m = {0};
	enum join_state state;
	enum handled done;
	if (!session_check(rq, &m, &done))
		return done;
	err e = phone_confirm(&rq->c, m.account_id, param(rq, "code"), &p, &state);
	if (e)
		return reply_problems(rq, e, &p);
	if (state == JOIN_ACTIVE)
		TRY_RQ(rq, session_begin(rq, m.account_id));
	return reply_state(rq, state);
}

enum handled api_phone_code(struct rq *rq) {
	struct problems p = {.n = 0};
	struct member_row m = {0};
	int64_t wait;
	enum handled done;
	if (!session_check(rq, &m, &done))
		return done;
	err e = phone_code_again(&rq->c, m.account_id, param(rq, "phone"), rq->x->peer, &p, &wait);
	return e ? session_wait(rq, reply_problems(rq, e, &p), wait) : reply_empty(rq);
}

enum handled api_confirm_resend(struct rq *rq) {
	TRY_RQ(rq, email_confirm_again(&rq->c, param(rq, "email"), rq->x->peer));
	return reply_empty(rq);
}

enum handled api_password_forgot(struct rq *rq) {
	TRY_RQ(rq, password_forgot(&rq->c, param(rq, "email"), rq->x->peer));
	return reply_empty(rq);
}

enum handled api_password_reset(struct rq *rq) {
	struct problems p = {.n = 0};
	err e = password_reset(&rq->c, param(rq, "token"), param(rq, "password"), &p);
	return e ? reply_problems(rq, e, &p) : reply_empty(rq);
}

enum handled api_password_change(struct rq *rq) {
	struct problems p = {.n = 0};
	struct member_row m;
	TRY_RQ(rq, log_in_again(&rq->c, param(rq, "current"), rq->x->peer, &m));
	err e = password_change(&rq->c, param(rq, "password"), rq->session.token_id, &p);
	return e ? reply_problems(rq, e, &p) : reply_empty(rq);
}

enum handled api_email_change(struct rq *rq) {
	struct problems p = {.n = 0};
	struct member_row m;
	enum join_state state;
	TRY_RQ(rq, log_in_again(&rq->c, param(rq, "password"), rq->x->peer, &m));
	err e = email_change(&rq->c, param(rq, "email"), &p, &state);
	return e ? reply_problems(rq, e, &p) : reply_state(rq, state);
}

enum handled api_account_delete(struct rq *rq) {
	struct member_row m;
	TRY_RQ(rq, log_in_again(&rq->c, param(rq, "password"), rq->x->peer, &m));
	TRY_RQ(rq, account_delete_own(&rq->c));
	rq_set_cookie(rq, S(SESSION_COOKIE), STR_NONE, 0);
	return reply_empty(rq);
}

/* Mastodon's: by the token that a sign-up through an app was given. */
enum handled api_emails_confirmations(struct rq *rq) {
	struct problems p = {.n = 0};
	err e = email_confirm_again_own(&rq->c, param(rq, "email"), &p);
	return e ? reply_problems(rq, e, &p) : reply_empty(rq);
}
