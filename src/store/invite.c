#include "store/invite.h"

#include "base/vec.h"

static struct invite_row read_row(struct arena *a, const struct rows *r) {
	return (struct invite_row){
	    .id = rows_i64(r, 0),
	    .account_id = rows_i64(r, 1),
	    .code = rows_copy(r, 2, a),
	    .max_uses = rows_i64(r, 3),
	    .uses = rows_i64(r, 4),
	    .expires_at = rows_i64(r, 5),
	};
}

err store_invites_of_account(struct arena *a, struct db *db, int64_t account_id, struct invite_row **out, size_t *n) {
	VEC(struct invite_row) list = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, INVITES_OF_ACCOUNT, I(account_id)));
	while (rows_next(r))
		vec_push(a, &list, read_row(a, r));
	*out = list.v;
	*n = list.n;
	return rows_err(r);
}

err store_invite_by_code(struct arena *a, struct db *db, struct str code, struct invite_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, INVITE_BY_CODE, T(code)));
	*found = rows_next(r);
	if (*found)
		*out = read_row(a, r);
	return rows_err(r);
}

err store_invite_insert(struct tx *tx, const struct invite_row *row) {
	return db_exec(tx_db(tx), INVITE_INSERT, I(row->id), I(row->account_id), T(row->code), I_OR_NUL(row->max_uses),
	               I_OR_NUL(row->expires_at));
}

err store_invite_use(struct tx *tx, int64_t id, int64_t now, bool *used) {
	int64_t changed = 0;
	TRY(db_exec_changed(tx_db(tx), &changed, INVITE_USE, I(id), I(now)));
	*used = changed == 1;
	return NULL;
}

err store_invite_delete(struct tx *tx, int64_t id, int64_t account_id, bool *deleted) {
	int64_t changed = 0;
	TRY(db_exec_changed(tx_db(tx), &changed, INVITE_DELETE, I(id), I(account_id)));
	*deleted = changed == 1;
	return NULL;
}

err store_invite_delete_all(struct tx *tx, int64_t account_id) { return db_exec(tx_db(tx), INVITE_DELETE_ALL, I(account_id)); }
