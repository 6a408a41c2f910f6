#include "store/remote.h"

#include "base/must.h"
#include "base/vec.h"

static void read_blob(const struct rows *r, struct remote_blob *b) {
	must(blob_name_read(rows_text(r, 0), &b->name));
	b->size = rows_i64(r, 1);
	b->used_at = rows_i64(r, 2);
}

err store_remote_get(struct db *db, const struct blob_name *name, struct remote_blob *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, REMOTE_GET, B(blob_name_str(name))));
	*found = rows_next(r);
	if (*found)
		read_blob(r, out);
	return rows_err(r);
}

err store_remote_total(struct db *db, int64_t *bytes) { return db_i64_(db, bytes, NULL, REMOTE_TOTAL, NULL, 0); }

static err read_all(struct arena *a, struct rows *r, struct remote_blob **out, size_t *n) {
	VEC(struct remote_blob) v = {0};
	while (rows_next(r)) {
		struct remote_blob b;
		read_blob(r, &b);
		vec_push(a, &v, b);
	}
	*out = v.v;
	*n = v.n;
	return rows_err(r);
}

err store_remote_oldest(struct arena *a, struct db *db, int limit, struct remote_blob **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, REMOTE_OLDEST, I(limit)));
	return read_all(a, r, out, n);
}

err store_remote_page(struct arena *a, struct db *db, const struct blob_name *after, int limit, struct remote_blob **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, REMOTE_PAGE, B(after ? blob_name_str(after) : S("")), I(limit)));
	return read_all(a, r, out, n);
}

err store_remote_put(struct tx *tx, const struct remote_blob *b) {
	return db_exec(tx_db(tx), REMOTE_PUT, B(blob_name_str(&b->name)), I(b->size), I(b->used_at));
}

err store_remote_touch(struct tx *tx, const struct blob_name *name, int64_t at) {
	return db_exec(tx_db(tx), REMOTE_TOUCH, B(blob_name_str(name)), I(at));
}

err store_remote_drop(struct tx *tx, const struct blob_name *name) { return db_exec(tx_db(tx), REMOTE_DROP, B(blob_name_str(name))); }
