#include "store/audit.h"

#include "base/vec.h"

err store_audit_page(struct arena *a, struct db *db, int64_t below, int limit, struct audit_row **out, size_t *n) {
	VEC(struct audit_row) list = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, AUDIT_PAGE, I(below), I(limit)));
	while (rows_next(r)) {
		struct audit_row row = {
		    .id = rows_i64(r, 0),
		    .actor_id = rows_i64(r, 1),
		    .action = rows_copy(r, 2, a),
		    .target_kind = rows_copy(r, 3, a),
		    .target_id = rows_i64(r, 4),
		    .target_label = rows_copy(r, 5, a),
		    .text = rows_copy(r, 6, a),
		};
		vec_push(a, &list, row);
	}
	*out = list.v;
	*n = list.n;
	return rows_err(r);
}

err store_audit_insert(struct tx *tx, const struct audit_row *row) {
	return db_exec(tx_db(tx), AUDIT_INSERT, I(row->id), I(row->actor_id), T(row->action), T(row->target_kind), I(row->target_id),
	               T(row->target_label), T(row->text));
}

err store_warning_by_id(struct arena *a, struct db *db, int64_t id, struct warning_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, WARNING_BY_ID, I(id)));
	*found = rows_next(r);
	if (*found)
		*out = (struct warning_row){
		    .id = rows_i64(r, 0),
		    .account_id = rows_i64(r, 1),
		    .moderator_id = rows_i64(r, 2),
		    .report_id = rows_i64(r, 3),
		    .action = (int)rows_i64(r, 4),
		    .text = rows_copy(r, 5, a),
		};
	return rows_err(r);
}

err store_warning_insert(struct tx *tx, const struct warning_row *row) {
	return db_exec(tx_db(tx), WARNING_INSERT, I(row->id), I(row->account_id), I(row->moderator_id), I_OR_NUL(row->report_id),
	               I(row->action), T(row->text));
}
