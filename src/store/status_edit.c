#include "store/status_edit.h"

#include "base/vec.h"

err store_status_edit_insert(struct tx *tx, int64_t status, const struct status_edit *e) {
	return db_exec(tx_db(tx), STATUS_EDIT_INSERT, I(e->id), I(status), I(e->flags), T_OR_NUL(e->text), T_OR_NUL(e->warning),
	               T_OR_NUL(e->extra));
}

err store_status_edits_delete(struct tx *tx, int64_t status) { return db_exec(tx_db(tx), STATUS_EDITS_DELETE, I(status)); }

err store_status_edits(struct arena *a, struct db *db, int64_t status, int64_t most, struct status_edit **out, size_t *n) {
	VEC(struct status_edit) v = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, STATUS_EDITS, I(status), I(most)));
	while (rows_next(r))
		vec_push(
		    a, &v,
		    ((struct status_edit){rows_i64(r, 0), rows_i64(r, 1), rows_copy(r, 2, a), rows_copy(r, 3, a), rows_copy(r, 4, a)}));
	*out = v.v;
	*n = v.n;
	return rows_err(r);
}
