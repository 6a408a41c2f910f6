/* Secrets good for one use: authorisation codes, confirmations, password resets, the owner's link. Kept as SHA-256 (core/secret.h). */
#ifndef STORE_ONCE_H
#define STORE_ONCE_H

#include "store/tx.h"

/* Stored: append only. What data holds, as JSON. */
enum once_kind {
	ONCE_OWNER,          /* nothing: makes its bearer the owner while there is none */
	ONCE_CONFIRM,        /* {"email"}: the address the mail went to */
	ONCE_PASSWORD_RESET, /* nothing */
	ONCE_CODE,           /* {"app","scopes","redirect_uri","challenge"}: an OAuth code */
};

struct once_row {
	int64_t account_id; /* 0: nobody's */
	struct str data;
	int64_t expires_at; /* ms */
};

err store_once_get(struct arena *a, struct db *db, struct str hash32, enum once_kind kind, struct once_row *out, bool *found);

/* Inside a transaction. */
err store_once_insert(struct tx *tx, struct str hash32, enum once_kind kind, const struct once_row *row);
/* Uses one up. *found false: there is none, it has expired, or somebody else was first. */
err store_once_take(struct arena *a, struct tx *tx, struct str hash32, enum once_kind kind, int64_t now, struct once_row *out, bool *found);
err store_once_delete_of_account(struct tx *tx, int64_t account_id, enum once_kind kind);
err store_once_delete_all_of_account(struct tx *tx, int64_t account_id);
err store_once_delete_kind(struct tx *tx, enum once_kind kind);

#endif
