#include "store/site.h"

err store_site_get(struct arena *a, struct db *db, struct str key, struct str *out) {
	*out = STR_NONE;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, SITE_GET, T(key)));
	if (rows_next(r))
		*out = rows_copy(r, 0, a);
	return rows_err(r);
}

err store_site_set(struct db *db, struct str key, struct str value) {
	return str_empty(value) ? db_exec(db, SITE_DELETE, T(key)) : db_exec(db, SITE_SET, T(key), T(value));
}

err store_newest_id(struct db *db, int64_t *out) { return db_i64(db, out, NULL, SITE_NEWEST_ID); }
