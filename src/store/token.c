#include "store/token.h"

#include "base/vec.h"

err store_session_by_hash(struct db *db, struct str hash32, struct session_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, SESSION_BY_HASH, B(hash32)));
	*found = rows_next(r) && (rows_null(r, 2) || !rows_null(r, 9));
	if (*found)
		*out = (struct session_row){
		    .token_id = rows_i64(r, 0),
		    .kind = (int)rows_i64(r, 1),
		    .account_id = rows_i64(r, 2),
		    .app_id = rows_i64(r, 3),
		    .scopes = rows_i64(r, 4),
		    .last_used_at = rows_i64(r, 5),
		    .role = (int)rows_i64(r, 6),
		    .member_flags = rows_i64(r, 7),
		    .account_flags = rows_i64(r, 8),
		};
	return rows_err(r);
}

err store_tokens_of_account(struct arena *a, struct db *db, int64_t account_id, struct token_info **out, size_t *n) {
	VEC(struct token_info) list = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, TOKENS_OF_ACCOUNT, I(account_id)));
	while (rows_next(r)) {
		struct token_info t = {
		    .id = rows_i64(r, 0),
		    .kind = (int)rows_i64(r, 1),
		    .app_id = rows_i64(r, 2),
		    .scopes = rows_i64(r, 3),
		    .last_used_at = rows_i64(r, 4),
		    .address = rows_copy(r, 5, a),
		    .agent = rows_copy(r, 6, a),
		    .app_name = rows_copy(r, 7, a),
		    .app_website = rows_copy(r, 8, a),
		};
		vec_push(a, &list, t);
	}
	*out = list.v;
	*n = list.n;
	return rows_err(r);
}

err store_token_insert(struct tx *tx, const struct token_row *t) {
	return db_exec(tx_db(tx), TOKEN_INSERT, I(t->id), B(t->hash), I(t->kind), I_OR_NUL(t->account_id), I_OR_NUL(t->app_id),
	               I(t->scopes), T_OR_NUL(t->address), T_OR_NUL(t->agent), I(t->last_used_at));
}

err store_token_used(struct tx *tx, int64_t id, int64_t at, struct str address) {
	return db_exec(tx_db(tx), TOKEN_USED, I(id), I(at), T_OR_NUL(address));
}

err store_token_delete(struct tx *tx, int64_t id, int64_t *changed) { return db_exec_changed(tx_db(tx), changed, TOKEN_DELETE, I(id)); }

err store_token_delete_of_account(struct tx *tx, int64_t id, int64_t account_id, int64_t *changed) {
	return db_exec_changed(tx_db(tx), changed, TOKEN_DELETE_OF_ACCOUNT, I(id), I(account_id));
}

err store_token_delete_by_hash(struct tx *tx, struct str hash32, int64_t app_id, int64_t *changed) {
	return db_exec_changed(tx_db(tx), changed, TOKEN_DELETE_BY_HASH, B(hash32), I(app_id));
}

err store_token_delete_all(struct tx *tx, int64_t account_id, int64_t but) {
	return db_exec(tx_db(tx), TOKEN_DELETE_ALL, I(account_id), I(but));
}
