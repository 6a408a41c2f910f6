/* Client applications (OAuth 2, RFC 6749 §2). Only the SHA-256 of an app's secret is kept. */
#ifndef STORE_APP_H
#define STORE_APP_H

#include "store/tx.h"

struct app_row {
	int64_t id;
	struct str client_id;
	struct str secret_hash;   /* 32 bytes */
	struct str name, website; /* website may be empty */
	struct str redirect_uris; /* one a line */
	int64_t scopes;
};

err store_app_by_id(struct arena *a, struct db *db, int64_t id, struct app_row *out, bool *found);
err store_app_by_client(struct arena *a, struct db *db, struct str client_id, struct app_row *out, bool *found);
err store_app_insert(struct tx *tx, const struct app_row *row);

#endif
