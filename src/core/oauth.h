/* OAuth 2.0 (RFC 6749) as the Mastodon API uses it: apps that register themselves, codes with PKCE (RFC 7636, S256 only), tokens that do
 * not expire. Codes and tokens are kept as hashes; a code works once. Pool workers only. */
#ifndef CORE_OAUTH_H
#define CORE_OAUTH_H

#include "core/ctx.h"
#include "store/app.h"

#define OAUTH_OUT_OF_BAND "urn:ietf:wg:oauth:2.0:oob"

/* The errors of RFC 6749 §5.2 and §4.1.2.1. */
enum oauth_error {
	OAUTH_OK,
	OAUTH_INVALID_REQUEST,
	OAUTH_INVALID_CLIENT,
	OAUTH_INVALID_GRANT,
	OAUTH_UNAUTHORIZED_CLIENT,
	OAUTH_UNSUPPORTED_GRANT,
	OAUTH_INVALID_SCOPE
};
struct oauth_error_text {
	const char *name, *description;
	int status;
};
const struct oauth_error_text *oauth_error_text(enum oauth_error e);

/* A new app. redirect_uris one a line; scopes as bits. *secret is shown once. ERR_INVALID says what is wrong. */
err app_register(struct ctx *c, struct app_row *app, struct str *secret);

/* By id and secret (empty secret: only looked up when need_secret is false). *error: OAUTH_INVALID_CLIENT. */
err app_authenticate(struct ctx *c, struct str client_id, struct str secret, bool need_secret, struct app_row *out,
                     enum oauth_error *error);
/* Whether the address is one the app registered, byte for byte. */
bool app_redirects_to(const struct app_row *app, struct str uri);

/* A code for the ctx's viewer, good for ten minutes. challenge: of PKCE, or empty. */
err oauth_code(struct ctx *c, const struct app_row *app, int64_t scopes, struct str redirect_uri, struct str challenge, struct str *code);

struct oauth_token {
	struct str secret;
	int64_t id, scopes;
};
/* Uses the code up, whatever comes of it. */
err oauth_redeem(struct ctx *c, const struct app_row *app, struct str code, struct str redirect_uri, struct str verifier,
                 struct str address, struct oauth_token *out, enum oauth_error *error);
/* account_id 0: for the app alone. */
err oauth_token(struct ctx *c, const struct app_row *app, int64_t account_id, int64_t scopes, struct str address, struct oauth_token *out);
/* Idempotent (RFC 7009); OAUTH_UNAUTHORIZED_CLIENT when the token is another app's. */
err oauth_revoke(struct ctx *c, const struct app_row *app, struct str secret, enum oauth_error *error);

#endif
