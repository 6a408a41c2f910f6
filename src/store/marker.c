#include "store/marker.h"

#include "base/clock.h"

err store_marker_get(struct db *db, int64_t account, enum marker_timeline t, struct marker *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MARKER_GET, I(account), I(t)));
	*out = (struct marker){0};
	*found = rows_next(r);
	if (*found)
		*out = (struct marker){rows_i64(r, 0), rows_i64(r, 1), rows_i64(r, 2)};
	return rows_err(r);
}

err store_marker_put(struct tx *tx, int64_t account, enum marker_timeline t, int64_t last_read_id) {
	return db_exec(tx_db(tx), MARKER_PUT, I(account), I(t), I(last_read_id), I(clock_ms()));
}
