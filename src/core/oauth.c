#include "core/oauth.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/secret.h"
#include "store/account.h"
#include "store/member.h"
#include "store/once.h"
#include "store/token.h"
#include "wire/url.h"

#include <jansson.h>
#include <sodium.h>

enum { CODE_MS = 10 * 60 * 1000, NAME_LONGEST = 200, URI_LONGEST = 2000, URIS_LONGEST = 8000 };

const struct oauth_error_text *oauth_error_text(enum oauth_error e) {
	static const struct oauth_error_text texts[] = {
	    [OAUTH_OK] = {"", "", 200},
	    [OAUTH_INVALID_REQUEST] =
	        {"invalid_request",
	         "The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed.", 400},
	    [OAUTH_INVALID_CLIENT] = {"invalid_client",
	                              "Client authentication failed due to unknown client, no client authentication included, or "
	                              "unsupported authentication method.",
	                              401},
	    [OAUTH_INVALID_GRANT] = {"invalid_grant",
	                             "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI "
	                             "used in the authorization request, or was issued to another client.",
	                             400},
	    [OAUTH_UNAUTHORIZED_CLIENT] = {"unauthorized_client", "You are not authorized to revoke this token", 403},
	    [OAUTH_UNSUPPORTED_GRANT] = {"unsupported_grant_type",
	                                 "The authorization grant type is not supported by the authorization server.", 400},
	    [OAUTH_INVALID_SCOPE] = {"invalid_scope", "The requested scope is invalid, unknown, or malformed.", 400},
	};
	return &texts[e];
}

/* ── apps ── */

/* Custom schemes are what apps on phones use; those a browser would run or open from its own disk are not. */
static bool is_redirect_uri(struct str uri) {
	static const struct str refused[] = {{"javascript", 10}, {"data", 4}, {"vbscript", 8}, {"file", 4}, {"about", 5}, {"blob", 4}};
	struct url parts;
	if (str_eq(uri, S(OAUTH_OUT_OF_BAND)))
		return true;
	if (uri.n > URI_LONGEST || !url_split(uri, &parts) || parts.fragment.n)
		return false;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (str_eq_ci(parts.scheme, refused[i]))
			return false;
	bool web = str_eq_ci(parts.scheme, S("http")) || str_eq_ci(parts.scheme, S("https"));
	return web ? parts.host.n > 0 && !parts.has_userinfo : true;
}

static err check_app(const struct app_row *app) {
	if (str_empty(app->name))
		return err_public(ERR_INVALID, "Validation failed: Application name can't be blank");
	if (app->name.n > NAME_LONGEST)
		return err_public(ERR_INVALID, "Validation failed: Application name is too long");
	struct url website;
	if (app->website.n &&
	    (app->website.n > URI_LONGEST || !url_split(app->website, &website) || !str_starts_ci(website.scheme, S("http"))))
		return err_public(ERR_INVALID, "Validation failed: Website must be a valid URL");
	struct str rest = app->redirect_uris;
	if (str_empty(rest))
		return err_public(ERR_INVALID, "Validation failed: Redirect URI can't be blank");
	if (rest.n > URIS_LONGEST)
		return err_public(ERR_INVALID, "Validation failed: Redirect URI is too long");
	while (rest.n)
		if (!is_redirect_uri(str_cut(&rest, '\n')))
			return err_public(ERR_INVALID, "Validation failed: Redirect URI must be an absolute URI.");
	return NULL;
}

static err insert_app(struct tx *tx, void *arg) {
	const struct app_row *app = arg;
	TRY(tx_journal(tx, J_APP_CREATED, app->id, 0, 0));
	return store_app_insert(tx, app);
}

err app_register(struct ctx *c, struct app_row *app, struct str *secret) {
	char hash[SECRET_HASH], unused[SECRET_HASH];
	TRY(check_app(app));
	app->id = id_new();
	app->client_id = secret_new(c->arena, unused);
	*secret = secret_new(c->arena, hash);
	app->secret_hash = arena_str(c->arena, str_mem(hash, sizeof hash));
	return tx_run(c->db, insert_app, app);
}

err app_authenticate(struct ctx *c, struct str client_id, struct str secret, bool need_secret, struct app_row *out,
                     enum oauth_error *error) {
	char hash[SECRET_HASH];
	bool found = false;
	*error = OAUTH_INVALID_CLIENT;
	if (client_id.n && client_id.n <= 128)
		TRY(store_app_by_client(c->arena, c->db, client_id, out, &found));
	if (!found)
		return NULL;
	secret_hash(secret, hash);
	if (!need_secret || str_eq_secret(out->secret_hash, str_mem(hash, sizeof hash)))
		*error = OAUTH_OK;
	return NULL;
}

bool app_redirects_to(const struct app_row *app, struct str uri) {
	struct str rest = app->redirect_uris;
	while (rest.n)
		if (str_eq(str_cut(&rest, '\n'), uri))
			return true;
	return false;
}

/* ── codes ── */

struct coding {
	char hash[SECRET_HASH];
	struct once_row once;
};

static err insert_code(struct tx *tx, void *arg) {
	const struct coding *co = arg;
	TRY(tx_journal(tx, J_ONCE_CHANGED, co->once.account_id, 0, 0));
	return store_once_insert(tx, str_mem(co->hash, sizeof co->hash), ONCE_CODE, &co->once);
}

err oauth_code(struct ctx *c, const struct app_row *app, int64_t scopes, struct str redirect_uri, struct str challenge, struct str *code) {
	struct coding co;
	BUF_AUTO data = {0};
	buf_printf(&data, "{\"app\":%lld,\"scopes\":%lld,\"redirect_uri\":", (long long)app->id, (long long)scopes);
	buf_json_string(&data, redirect_uri);
	buf_lit(&data, ",\"challenge\":");
	buf_json_string(&data, challenge);
	buf_byte(&data, '}');
	*code = secret_new(c->arena, co.hash);
	co.once = (struct once_row){.account_id = c->viewer, .data = buf_str(&data), .expires_at = clock_ms() + CODE_MS};
	return tx_run(c->db, insert_code, &co);
}

/* BASE64URL(SHA256(verifier)) == challenge (RFC 7636 §4.6); the verifier's form is that of §4.1. */
static bool pkce_fits(struct str challenge, struct str verifier) {
	if (str_empty(challenge))
		return str_empty(verifier);
	if (verifier.n < 43 || verifier.n > 128)
		return false;
	char hash[32];
	BUF_AUTO text = {0};
	crypto_hash_sha256((unsigned char *)hash, (const unsigned char *)verifier.p, verifier.n);
	buf_base64url(&text, str_mem(hash, sizeof hash));
	return str_eq_secret(buf_str(&text), challenge);
}

struct redeeming {
	struct ctx *c;
	const struct app_row *app;
	char code[SECRET_HASH];
	struct str redirect_uri, verifier;
	struct token_row token;
	bool right;
};

static bool code_fits(struct redeeming *r, const struct once_row *once) {
	json_t *data = json_loadb(once->data.p, once->data.n, 0, NULL);
	bool fits = json_integer_value(json_object_get(data, "app")) == r->app->id &&
	            str_eq(str_of(json_string_value(json_object_get(data, "redirect_uri"))), r->redirect_uri) &&
	            pkce_fits(str_of(json_string_value(json_object_get(data, "challenge"))), r->verifier);
	r->token.scopes = json_integer_value(json_object_get(data, "scopes"));
	r->token.account_id = once->account_id;
	json_decref(data);
	return fits;
}

static err redeem(struct tx *tx, void *arg) {
	struct redeeming *r = arg;
	struct once_row once;
	struct member_row m;
	bool found;
	TRY(tx_journal(tx, J_TOKEN_CREATED, r->token.account_id, r->token.id, 0));
	TRY(store_once_take(r->c->arena, tx, str_mem(r->code, sizeof r->code), ONCE_CODE, clock_ms(), &once, &r->right));
	r->right = r->right && code_fits(r, &once);
	if (!r->right)
		return NULL;
	TRY(store_member_by_id(r->c->arena, tx_db(tx), r->token.account_id, &m, &found));
	r->right = found && !(m.flags & MEMBER_DISABLED);
	return r->right ? store_token_insert(tx, &r->token) : NULL;
}

static struct token_row new_token(struct ctx *c, const struct app_row *app, struct str address, char hash[SECRET_HASH],
                                  struct str *secret) {
	*secret = secret_new(c->arena, hash);
	return (struct token_row){.id = id_new(),
	                          .hash = str_mem(hash, SECRET_HASH),
	                          .kind = TOKEN_ACCOUNT,
	                          .app_id = app->id,
	                          .address = address,
	                          .last_used_at = clock_ms()};
}

err oauth_redeem(struct ctx *c, const struct app_row *app, struct str code, struct str redirect_uri, struct str verifier,
                 struct str address, struct oauth_token *out, enum oauth_error *error) {
	struct redeeming r = {.c = c, .app = app, .redirect_uri = redirect_uri, .verifier = verifier};
	char hash[SECRET_HASH];
	struct once_row once;
	bool found;
	secret_hash(code, r.code);
	r.token = new_token(c, app, address, hash, &out->secret);
	TRY(store_once_get(c->arena, c->db, str_mem(r.code, sizeof r.code), ONCE_CODE, &once, &found));
	*error = OAUTH_INVALID_GRANT;
	if (!found)
		return NULL;
	r.token.account_id = once.account_id;
	TRY(tx_run(c->db, redeem, &r));
	if (!r.right)
		return NULL;
	*error = OAUTH_OK;
	out->id = r.token.id;
	out->scopes = r.token.scopes;
	return NULL;
}

/* ── tokens ── */

static err insert_token(struct tx *tx, void *arg) {
	const struct token_row *t = arg;
	TRY(tx_journal(tx, J_TOKEN_CREATED, t->account_id, t->id, 0));
	return store_token_insert(tx, t);
}

err oauth_token(struct ctx *c, const struct app_row *app, int64_t account_id, int64_t scopes, struct str address, struct oauth_token *out) {
	char hash[SECRET_HASH];
	struct token_row t = new_token(c, app, address, hash, &out->secret);
	t.kind = account_id ? TOKEN_ACCOUNT : TOKEN_APP;
	t.account_id = account_id;
	t.scopes = scopes;
	TRY(tx_run(c->db, insert_token, &t));
	out->id = t.id;
	out->scopes = scopes;
	return NULL;
}

static err delete_token(struct tx *tx, void *arg) {
	const struct session_row *s = arg;
	int64_t gone;
	TRY(tx_journal(tx, J_TOKEN_REVOKED, s->account_id, s->token_id, 0));
	return store_token_delete(tx, s->token_id, &gone);
}

err oauth_revoke(struct ctx *c, const struct app_row *app, struct str secret, enum oauth_error *error) {
	char hash[SECRET_HASH];
	struct session_row s;
	bool found;
	*error = OAUTH_OK;
	secret_hash(secret, hash);
	TRY(store_session_by_hash(c->db, str_mem(hash, sizeof hash), &s, &found));
	if (!found)
		return NULL;
	if (s.app_id != app->id) {
		*error = OAUTH_UNAUTHORIZED_CLIENT;
		return NULL;
	}
	return tx_run(c->db, delete_token, &s);
}
