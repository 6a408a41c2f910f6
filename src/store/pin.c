#include "store/pin.h"

#include "base/vec.h"

err store_pin_insert(struct tx *tx, int64_t account, int64_t status, int64_t id) {
	return db_exec(tx_db(tx), PIN_INSERT, I(account), I(status), I(id));
}

err store_pin_delete(struct tx *tx, int64_t account, int64_t status, bool *changed) {
	int64_t rows = 0;
	TRY(db_exec_changed(tx_db(tx), &rows, PIN_DELETE, I(account), I(status)));
	*changed = rows > 0;
	return NULL;
}

err store_pin_by(struct db *db, int64_t account, int64_t status, int64_t *id) {
	return db_i64(db, id, NULL, PIN_BY, I(account), I(status));
}

err store_pin_count(struct db *db, int64_t account, int64_t *count) { return db_i64(db, count, NULL, PIN_COUNT, I(account)); }

err store_pins_of(struct arena *a, struct db *db, int64_t account, int64_t **ids, size_t *n) {
	VEC(int64_t) v = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, PINS_OF, I(account)));
	while (rows_next(r))
		vec_push(a, &v, rows_i64(r, 0));
	*ids = v.v;
	*n = v.n;
	return rows_err(r);
}
