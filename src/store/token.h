/* Browser sessions and access tokens alike: a row holds only the SHA-256 of the secret (core/secret.h makes both). */
#ifndef STORE_TOKEN_H
#define STORE_TOKEN_H

#include "store/tx.h"

/* Stored: append only. */
enum token_kind {
	TOKEN_SESSION, /* of a browser, by cookie; has all scopes */
	TOKEN_ACCOUNT, /* an access token of an account, through an app */
	TOKEN_APP,     /* an access token of an app alone */
};

struct token_row {
	int64_t id;
	struct str hash; /* 32 bytes */
	int kind;
	int64_t account_id; /* 0: an app alone */
	int64_t app_id;     /* 0: a browser session */
	int64_t scopes;
	struct str address, agent;
	int64_t last_used_at;
};

/* Who asks: the token with its member and account. */
struct session_row {
	int64_t token_id;
	int kind;           /* enum token_kind */
	int64_t account_id; /* 0: an app alone */
	int64_t app_id;     /* 0: a browser session */
	int64_t scopes;
	int64_t last_used_at;  /* ms; store_token_used now and then */
	int role;              /* enum role of core/ctx.h */
	int64_t member_flags;  /* store/member.h */
	int64_t account_flags; /* store/account.h */
};

/* hash32: SHA-256 of the secret. A token whose member is gone is not found. */
err store_session_by_hash(struct db *db, struct str hash32, struct session_row *out, bool *found);

struct token_info {
	int64_t id;
	int kind;
	int64_t app_id, scopes, last_used_at;
	struct str address, agent, app_name, app_website;
};
/* All sessions and tokens of an account, newest first. */
err store_tokens_of_account(struct arena *a, struct db *db, int64_t account_id, struct token_info **out, size_t *n);

/* Inside a transaction. */
err store_token_insert(struct tx *tx, const struct token_row *row);
err store_token_used(struct tx *tx, int64_t id, int64_t at, struct str address);
/* *changed: how many rows went. */
err store_token_delete(struct tx *tx, int64_t id, int64_t *changed);
err store_token_delete_of_account(struct tx *tx, int64_t id, int64_t account_id, int64_t *changed);
err store_token_delete_by_hash(struct tx *tx, struct str hash32, int64_t app_id, int64_t *changed);
/* All of an account but the one with id `but` (0: none is spared). */
err store_token_delete_all(struct tx *tx, int64_t account_id, int64_t but);

#endif
