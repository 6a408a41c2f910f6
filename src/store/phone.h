/* The telephones with which members confirm themselves (the table phone): a keyed hash of the number, and the code that was sent there
 * last. */
#ifndef STORE_PHONE_H
#define STORE_PHONE_H

#include "store/tx.h"

/* Stored: append only. A number is confirmed by one account at most; any number of them may wait for a code to it. The index of those who
 * are names PHONE_CONFIRMED by its number. */
enum phone_state { PHONE_WAITS, PHONE_CONFIRMED, PHONE_REFUSED /* every route said that there is no such number */ };

struct phone_row {
	int64_t account_id;
	struct str hash; /* core/secret.h */
	enum phone_state state;
	struct str code_hash; /* empty: no code is good */
	int64_t code_until;   /* ms */
	int64_t tries;        /* wrong ones of that code */
};

err store_phone_get(struct arena *a, struct db *db, int64_t account_id, struct phone_row *out, bool *found);
/* Who has confirmed this number. */
err store_phone_owner(struct db *db, struct str hash, int64_t *account_id, bool *found);

/* Inside a transaction. */
err store_phone_put(struct tx *tx, const struct phone_row *row);
err store_phone_delete(struct tx *tx, int64_t account_id);

#endif
