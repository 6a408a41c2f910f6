#include "store/account.h"

#include "base/clock.h"
#include "base/vec.h"

static void read_row(struct arena *a, const struct rows *r, struct account_row *out) {
	*out = (struct account_row){
	    .id = rows_i64(r, 0),
	    .username = rows_copy(r, 1, a),
	    .domain = rows_copy(r, 2, a),
	    .display_name = rows_copy(r, 3, a),
	    .note = rows_copy(r, 4, a),
	    .fields = rows_copy(r, 5, a),
	    .avatar = rows_copy(r, 6, a),
	    .header = rows_copy(r, 7, a),
	    .flags = rows_i64(r, 8),
	    .changed_at = rows_i64(r, 9),
	    .statuses = rows_i64(r, 10),
	    .followers = rows_i64(r, 11),
	    .following = rows_i64(r, 12),
	    .last_status_at = rows_i64(r, 13),
	};
}

err store_account_by_id(struct arena *a, struct db *db, int64_t id, struct account_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, ACCOUNT_BY_ID, I(id)));
	*found = rows_next(r);
	if (*found)
		read_row(a, r, out);
	return rows_err(r);
}

err store_account_by_name(struct arena *a, struct db *db, struct str username, struct str domain, struct account_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, ACCOUNT_BY_NAME, T(username), T(domain)));
	*found = rows_next(r);
	if (*found)
		read_row(a, r, out);
	return rows_err(r);
}

err store_account_id_by_name(struct db *db, struct str username, struct str domain, int64_t *out, bool *found) {
	return db_i64(db, out, found, ACCOUNT_ID_BY_NAME, T(username), T(domain));
}

err store_account_flags(struct db *db, int64_t id, int64_t *flags, bool *found) { return db_i64(db, flags, found, ACCOUNT_FLAGS, I(id)); }

err store_account_total_statuses(struct db *db, int64_t *out) { return db_i64_(db, out, NULL, ACCOUNT_TOTAL_STATUSES, NULL, 0); }

err store_account_insert(struct tx *tx, const struct account_row *row) {
	struct db *db = tx_db(tx);
	TRY(db_exec(db, ACCOUNT_INSERT, I(row->id), T(row->username), T_OR_NUL(row->domain), T_OR_NUL(row->display_name),
	            T_OR_NUL(row->note), T_OR_NUL(row->fields), T_OR_NUL(row->avatar), T_OR_NUL(row->header), I(row->flags),
	            I(row->changed_at)));
	return db_exec(db, ACCOUNT_COUNT_INSERT, I(row->id));
}

err store_account_update(struct tx *tx, const struct account_row *row) {
	return db_exec(tx_db(tx), ACCOUNT_UPDATE, I(row->id), T_OR_NUL(row->display_name), T_OR_NUL(row->note), T_OR_NUL(row->fields),
	               T_OR_NUL(row->avatar), T_OR_NUL(row->header), I(row->flags), I(clock_ms()));
}

err store_account_flags_set(struct tx *tx, int64_t id, int64_t set, int64_t clear) {
	return db_exec(tx_db(tx), ACCOUNT_FLAGS_SET, I(id), I(set), I(~clear), I(clock_ms()));
}

err store_account_directory(struct arena *a, struct db *db, bool newest, int limit, int64_t offset, int64_t **ids, size_t *n) {
	const int64_t without = ACCOUNT_GONE | ACCOUNT_LIMITED | ACCOUNT_MEMORIAL;
	VEC(int64_t) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, newest ? ACCOUNT_DIRECTORY_NEW : ACCOUNT_DIRECTORY_ACTIVE, I(without), I(limit), I(offset)));
	while (rows_next(r))
		vec_push(a, &found, rows_i64(r, 0));
	*ids = found.v;
	*n = found.n;
	return rows_err(r);
}
