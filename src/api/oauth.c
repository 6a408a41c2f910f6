/* OAuth 2.0 for apps: registration, tokens, revocation, discovery (RFC 6749, 7009, 7636, 8414). The pages are in web/authorize.c. */
#include "api/oauth.h"

#include "api/json.h"
#include "api/problems.h"
#include "api/routes.h"
#include "api/view/media.h"
#include "base/id.h"
#include "config/config.h"
#include "core/log_in.h"
#include "core/sign_up.h"
#include "core/site.h"
#include "store/account.h"
#include "store/token.h"

#include <sodium.h>

/* ── apps ── */

static void put_redirects(struct buf *out, const struct app_row *app) {
	json_text(out, "redirect_uri", app->redirect_uris);
	json_key(out, "redirect_uris");
	struct str rest = app->redirect_uris;
	buf_byte(out, '[');
	while (rest.n) {
		buf_json_string(out, str_cut(&rest, '\n'));
		if (rest.n)
			buf_byte(out, ',');
	}
	buf_byte(out, ']');
}

static void put_app(struct buf *out, const struct app_row *app) {
	json_id(out, "id", app->id);
	json_text(out, "name", app->name);
	json_text_or_null(out, "website", app->website);
	json_key(out, "scopes");
	scopes_json(out, app->scopes);
	put_redirects(out, app);
	json_text(out, "vapid_key", STR_NONE);
}

/* "redirect_uris" is a text with one a line, or a list; either way the lines of it. */
static err read_redirects(struct rq *rq, struct str *out) {
	BUF_AUTO lines = {0};
	struct str *items;
	size_t n;
	TRY(param_list(rq, "redirect_uris", &items, &n));
	for (size_t i = 0; i < n; i++) {
		struct str rest = items[i];
		while (rest.n) {
			struct str line = str_trim(str_cut(&rest, '\n'));
			if (line.n && lines.n)
				buf_byte(&lines, '\n');
			buf_put(&lines, line);
		}
	}
	*out = arena_str(rq->c.arena, buf_str(&lines));
	return NULL;
}

enum handled api_apps_create(struct rq *rq) {
	struct app_row app = {.name = str_trim(param(rq, "client_name")), .website = str_trim(param(rq, "website"))};
	struct str secret, scopes = param(rq, "scopes");
	TRY_RQ(rq, read_redirects(rq, &app.redirect_uris));
	err e = scopes_parse(scopes.n ? scopes : S("read"), &app.scopes);
	if (e)
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: Scopes doesn't match configured on the server."));
	TRY_RQ(rq, app_register(&rq->c, &app, &secret));
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	put_app(out, &app);
	json_text(out, "client_id", app.client_id);
	json_text(out, "client_secret", secret);
	json_i64(out, "client_secret_expires_at", 0);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

enum handled api_apps_verify(struct rq *rq) {
	struct app_row app;
	bool found = false;
	if (rq->session.app_id)
		TRY_RQ(rq, store_app_by_id(rq->c.arena, rq->c.db, rq->session.app_id, &app, &found));
	if (!found)
		return reply_err(rq, err_plain(ERR_UNAUTHORIZED));
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	put_app(out, &app);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

/* ── tokens ── */

enum handled reply_oauth_error(struct rq *rq, enum oauth_error e) {
	const struct oauth_error_text *text = oauth_error_text(e);
	struct buf *out = rq_out(rq);
	buf_clear(out);
	buf_byte(out, '{');
	json_text(out, "error", str_of(text->name));
	json_text(out, "error_description", str_of(text->description));
	buf_byte(out, '}');
	if (e == OAUTH_INVALID_CLIENT)
		reply_header(&rq->x->reply, S("WWW-Authenticate"), S("Basic realm=\"OAuth\""));
	return reply_json(rq, text->status);
}

enum handled reply_token(struct rq *rq, const struct oauth_token *t) {
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	json_text(out, "access_token", t->secret);
	json_text(out, "token_type", S("Bearer"));
	json_key(out, "scope");
	buf_byte(out, '"');
	scopes_text(out, t->scopes);
	buf_byte(out, '"');
	json_i64(out, "created_at", id_ms(t->id) / 1000);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

/* client_secret_basic (RFC 6749 §2.3.1): both halves are form-encoded, which changes nothing in what we give out. */
static bool basic_credentials(struct rq *rq, struct str *id, struct str *secret) {
	struct str header = rq_header(rq, S("Authorization"));
	if (!str_starts_ci(header, S("Basic ")))
		return false;
	struct str encoded = str_trim(str_skip(header, 6));
	char *plain = arena_alloc(rq->c.arena, encoded.n + 1);
	size_t n = 0;
	if (sodium_base642bin((unsigned char *)plain, encoded.n, encoded.p, encoded.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	struct str rest = str_mem(plain, n);
	*id = str_cut(&rest, ':');
	*secret = rest;
	return true;
}

static err authenticate(struct rq *rq, struct app_row *app, enum oauth_error *error) {
	struct str id, secret;
	if (!basic_credentials(rq, &id, &secret)) {
		id = param(rq, "client_id");
		secret = param(rq, "client_secret");
	}
	return app_authenticate(&rq->c, id, secret, true, app, error);
}

/* The scopes asked for, which must be among those the app registered. */
static bool read_scopes(struct rq *rq, const struct app_row *app, int64_t *out) {
	struct str text = param(rq, "scope");
	return !scopes_parse(text.n ? text : S("read"), out) && !(*out & ~app->scopes);
}

static enum handled grant_client(struct rq *rq, const struct app_row *app) {
	struct oauth_token t;
	int64_t scopes;
	if (!read_scopes(rq, app, &scopes))
		return reply_oauth_error(rq, OAUTH_INVALID_SCOPE);
	TRY_RQ(rq, oauth_token(&rq->c, app, 0, scopes, rq->x->peer, &t));
	return reply_token(rq, &t);
}

static enum handled grant_code(struct rq *rq, const struct app_row *app) {
	struct oauth_token t;
	enum oauth_error error;
	if (!param_has(rq, "code") || !param_has(rq, "redirect_uri"))
		return reply_oauth_error(rq, OAUTH_INVALID_REQUEST);
	TRY_RQ(rq, oauth_redeem(&rq->c, app, param(rq, "code"), param(rq, "redirect_uri"), param(rq, "code_verifier"), rq->x->peer, &t,
	                        &error));
	return error ? reply_oauth_error(rq, error) : reply_token(rq, &t);
}

/* For test set-ups (oauth.password_grant): throttled like any log-in. */
static enum handled grant_password(struct rq *rq, const struct app_row *app) {
	struct log_in in = {.login = param(rq, "username"), .password = param(rq, "password"), .address = rq->x->peer};
	struct oauth_token t;
	struct member_row m = {0};
	int64_t scopes, wait;
	if (!read_scopes(rq, app, &scopes))
		return reply_oauth_error(rq, OAUTH_INVALID_SCOPE);
	err e = log_in_check(&rq->c, &in, &m, &wait);
	if (e && (e->code == ERR_UNAUTHORIZED || e->code == ERR_FORBIDDEN))
		return reply_oauth_error(rq, OAUTH_INVALID_GRANT);
	TRY_RQ(rq, e);
	if (join_state_of(m.flags) != JOIN_ACTIVE)
		return reply_oauth_error(rq, OAUTH_INVALID_GRANT);
	TRY_RQ(rq, oauth_token(&rq->c, app, m.account_id, scopes, rq->x->peer, &t));
	return reply_token(rq, &t);
}

enum handled api_oauth_token(struct rq *rq) {
	struct str grant = param(rq, "grant_type");
	struct app_row app;
	enum oauth_error error;
	bool by_password = config_bool(rq->c.site->config, SET_oauth_password_grant) && str_eq(grant, S("password"));
	if (str_empty(grant))
		return reply_oauth_error(rq, OAUTH_INVALID_REQUEST);
	if (!by_password && !str_eq(grant, S("authorization_code")) && !str_eq(grant, S("client_credentials")))
		return reply_oauth_error(rq, OAUTH_UNSUPPORTED_GRANT);
	TRY_RQ(rq, authenticate(rq, &app, &error));
	if (error)
		return reply_oauth_error(rq, error);
	if (by_password)
		return grant_password(rq, &app);
	return str_eq(grant, S("client_credentials")) ? grant_client(rq, &app) : grant_code(rq, &app);
}

/* Who is not the token's app is told so, whether unknown or another: what Mastodon answers, and clients look for. */
enum handled api_oauth_revoke(struct rq *rq) {
	struct app_row app;
	enum oauth_error error;
	TRY_RQ(rq, authenticate(rq, &app, &error));
	if (error)
		return reply_oauth_error(rq, OAUTH_UNAUTHORIZED_CLIENT);
	if (!param_has(rq, "token"))
		return reply_oauth_error(rq, OAUTH_INVALID_REQUEST);
	TRY_RQ(rq, oauth_revoke(&rq->c, &app, param(rq, "token"), &error));
	return error ? reply_oauth_error(rq, error) : reply_empty(rq);
}

enum handled api_oauth_userinfo(struct rq *rq) {
	struct account_row a;
	bool found;
	const struct site *site = rq->c.site;
	TRY_RQ(rq, store_account_by_id(rq->c.arena, rq->c.db, rq->c.viewer, &a, &found));
	if (!found)
		return reply_err(rq, err_plain(ERR_UNAUTHORIZED));
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	json_text(out, "iss", site->base_url);
	json_text(out, "sub", arena_printf(rq->c.arena, "%.*s/users/%.*s", S_ARG(site->base_url), S_ARG(a.username)));
	json_text(out, "name", a.display_name.n ? a.display_name : a.username);
	json_text(out, "preferred_username", a.username);
	json_text(out, "profile", arena_printf(rq->c.arena, "%.*s/@%.*s", S_ARG(site->base_url), S_ARG(a.username)));
	BUF_AUTO picture = {0};
	if (a.avatar.n)
		view_media_url(&picture, site, a.avatar);
	else
		buf_printf(&picture, "%.*s/avatars/%lld.png", S_ARG(site->base_url), (long long)a.id);
	json_text(out, "picture", buf_str(&picture));
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

/* ── sign-up through an app ── */

enum handled api_accounts_create(struct rq *rq) {
	struct problems p = {.n = 0};
	struct sign_up in = {.username = param(rq, "username"),
	                     .email = param(rq, "email"),
	                     .phone = param(rq, "phone"),
	                     .password = param(rq, "password"),
	                     .locale = param(rq, "locale"),
	                     .reason = param(rq, "reason"),
	                     .invite = param(rq, "invite_code"),
	                     .address = rq->x->peer};
	struct app_row app;
	struct oauth_token t;
	int64_t account_id;
	enum join_state state;
	bool found = false;
	if (rq->session.account_id || !rq->session.app_id)
		return reply_err(rq, err_public(ERR_FORBIDDEN, "This needs the token of an app alone"));
	TRY_RQ(rq, param_bool(rq, "agreement", false, &in.agreement));
	TRY_RQ(rq, store_app_by_id(rq->c.arena, rq->c.db, rq->session.app_id, &app, &found));
	if (!found)
		return reply_err(rq, err_plain(ERR_UNAUTHORIZED));
	err e = sign_up(&rq->c, &in, &p, &account_id, &state);
	if (e)
		return reply_problems(rq, e, &p);
	TRY_RQ(rq, oauth_token(&rq->c, &app, account_id, rq->session.scopes, rq->x->peer, &t));
	return reply_token(rq, &t);
}
