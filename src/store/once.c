#include "store/once.h"

#include "base/clock.h"

err store_once_get(struct arena *a, struct db *db, struct str hash32, enum once_kind kind, struct once_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, ONCE_GET, B(hash32), I(kind)));
	*found = rows_next(r);
	if (*found)
		*out = (struct once_row){.account_id = rows_i64(r, 0), .data = rows_copy(r, 1, a), .expires_at = rows_i64(r, 2)};
	return rows_err(r);
}

/* One in 64 sweeps up what has expired: the table stays small without a job of its own. */
err store_once_insert(struct tx *tx, struct str hash32, enum once_kind kind, const struct once_row *row) {
	if ((hash32.p[0] & 63) == 0)
		TRY(db_exec(tx_db(tx), ONCE_DELETE_EXPIRED, I(clock_ms())));
	return db_exec(tx_db(tx), ONCE_INSERT, B(hash32), I(kind), I_OR_NUL(row->account_id), T_OR_NUL(row->data), I(row->expires_at));
}

err store_once_take(struct arena *a, struct tx *tx, struct str hash32, enum once_kind kind, int64_t now, struct once_row *out,
                    bool *found) {
	int64_t deleted = 0;
	TRY(store_once_get(a, tx_db(tx), hash32, kind, out, found));
	if (!*found)
		return NULL;
	TRY(db_exec_changed(tx_db(tx), &deleted, ONCE_DELETE, B(hash32), I(kind)));
	*found = deleted == 1 && out->expires_at > now;
	return NULL;
}

err store_once_delete_of_account(struct tx *tx, int64_t account_id, enum once_kind kind) {
	return db_exec(tx_db(tx), ONCE_DELETE_OF_ACCOUNT, I(account_id), I(kind));
}

err store_once_delete_all_of_account(struct tx *tx, int64_t account_id) {
	return db_exec(tx_db(tx), ONCE_DELETE_ALL_OF_ACCOUNT, I(account_id));
}

err store_once_delete_kind(struct tx *tx, enum once_kind kind) { return db_exec(tx_db(tx), ONCE_DELETE_KIND, I(kind)); }
