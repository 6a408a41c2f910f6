#include "store/public.h"

#include "base/vec.h"
#include "store/account.h"

static err ids_of(struct arena *a, struct rows *r, int64_t **ids, size_t *n) {
	VEC(int64_t) found = {0};
	while (rows_next(r))
		vec_push(a, &found, rows_i64(r, 0));
	*ids = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_public_of_author(struct arena *a, struct db *db, int64_t author, int64_t below, int limit, int64_t **ids, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, PUBLIC_OF_AUTHOR, I(author), I(below ? below : INT64_MAX), I(limit)));
	return ids_of(a, r, ids, n);
}

err store_public_of_tag(struct arena *a, struct db *db, int64_t tag, int64_t below, int limit, int64_t **ids, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, PUBLIC_OF_TAG, I(tag), I(below ? below : INT64_MAX), I(ACCOUNT_GONE | ACCOUNT_LIMITED), I(limit)));
	return ids_of(a, r, ids, n);
}
