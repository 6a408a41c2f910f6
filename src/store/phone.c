#include "store/phone.h"

err store_phone_get(struct arena *a, struct db *db, int64_t account_id, struct phone_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, PHONE_GET, I(account_id)));
	*found = rows_next(r);
	if (*found)
		*out = (struct phone_row){.account_id = account_id,
		                          .hash = rows_copy(r, 0, a),
		                          .state = (enum phone_state)rows_i64(r, 1),
		                          .code_hash = rows_copy(r, 2, a),
		                          .code_until = rows_i64(r, 3),
		                          .tries = rows_i64(r, 4)};
	return rows_err(r);
}

err store_phone_owner(struct db *db, struct str hash, int64_t *account_id, bool *found) {
	return db_i64(db, account_id, found, PHONE_OWNER, T(hash));
}

err store_phone_put(struct tx *tx, const struct phone_row *row) {
	return db_exec(tx_db(tx), PHONE_PUT, I(row->account_id), T(row->hash), I(row->state), T_OR_NUL(row->code_hash), I(row->code_until),
	               I(row->tries));
}

err store_phone_delete(struct tx *tx, int64_t account_id) { return db_exec(tx_db(tx), PHONE_DELETE, I(account_id)); }
