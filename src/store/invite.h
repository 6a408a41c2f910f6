/* Invites: links by which members let others in. */
#ifndef STORE_INVITE_H
#define STORE_INVITE_H

#include "store/tx.h"

struct invite_row {
	int64_t id, account_id;
	struct str code;
	int64_t max_uses; /* 0: any number */
	int64_t uses;
	int64_t expires_at; /* ms; 0: never */
};

err store_invites_of_account(struct arena *a, struct db *db, int64_t account_id, struct invite_row **out, size_t *n);
err store_invite_by_code(struct arena *a, struct db *db, struct str code, struct invite_row *out, bool *found);

/* Inside a transaction. */
err store_invite_insert(struct tx *tx, const struct invite_row *row);
/* *used false: none left, or expired. */
err store_invite_use(struct tx *tx, int64_t id, int64_t now, bool *used);
err store_invite_delete(struct tx *tx, int64_t id, int64_t account_id, bool *deleted);
err store_invite_delete_all(struct tx *tx, int64_t account_id);

#endif
