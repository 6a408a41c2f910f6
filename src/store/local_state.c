#include "store/local_state.h"

err store_local_get(struct arena *a, struct db *db, struct str key, struct str *out) {
	*out = STR_NONE;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, LOCAL_STATE_GET, T(key)));
	if (rows_next(r))
		*out = rows_copy(r, 0, a);
	return rows_err(r);
}

err store_local_set(struct db *db, struct str key, struct str value) {
	return value.n ? db_exec(db, LOCAL_STATE_SET, T(key), T(value)) : db_exec(db, LOCAL_STATE_DELETE, T(key));
}
