#include "store/total.h"

static err pair(struct db *db, enum query q, int64_t *a, int64_t *b) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query_(db, &r, q, NULL, 0));
	if (rows_next(r)) {
		*a = rows_i64(r, 0);
		*b = rows_i64(r, 1);
	}
	return rows_err(r);
}

err store_totals(struct db *db, int64_t since, struct totals_of_rows *out) {
	*out = (struct totals_of_rows){0};
	TRY(pair(db, TOTAL_PEOPLE, &out->accounts, &out->people_rows));
	TRY(pair(db, TOTAL_POSTS, &out->posts, &out->post_rows));
	TRY(pair(db, TOTAL_BLOBS, &out->blobs, &out->blob_bytes));
	return db_i64(db, &out->newest_bytes, NULL, TOTAL_NEWEST, I(since));
}

err store_extents(struct db *db, struct extent *out) {
	static const struct {
		enum query q;
		const char *table;
	} tables[EXTENT_COUNT] = {
#define X(query, table) {query, table},
	    EXTENTS(X)
#undef X
	};
	for (int i = 0; i < EXTENT_COUNT; i++) {
		struct ROWS_AUTO *r = NULL;
		out[i] = (struct extent){.table = tables[i].table};
		TRY(db_query_(db, &r, tables[i].q, NULL, 0));
		if (rows_next(r)) {
			out[i].least = rows_i64(r, 0);
			out[i].most = rows_i64(r, 1);
			out[i].rows = rows_i64(r, 2);
		}
		TRY(rows_err(r));
	}
	return NULL;
}
