#include "store/range.h"

#include "base/vec.h"

struct range range_of(int limit, int64_t max_id, int64_t since_id, int64_t min_id) {
	return (struct range){
	    .above = min_id ? min_id : since_id,
	    .below = max_id ? max_id : INT64_MAX,
	    .limit = limit,
	    .upward = min_id != 0,
	};
}

err range_query(struct arena *a, struct db *db, enum query down, enum query up, int64_t owner, struct range r, struct placed_ids *out) {
	VEC(struct placed) found = {0};
	struct ROWS_AUTO *rows = NULL;
	TRY(db_query(db, &rows, r.upward ? up : down, I(owner), I(r.above), I(r.below), I(r.limit)));
	while (rows_next(rows))
		vec_push(a, &found, ((struct placed){rows_i64(rows, 0), rows_i64(rows, 1)}));
	if (r.upward) {
		for (size_t i = 0; i < found.n / 2; i++) {
			struct placed swapped = found.v[i];
			found.v[i] = found.v[found.n - 1 - i];
			found.v[found.n - 1 - i] = swapped;
		}
	}
	*out = (struct placed_ids){found.v, found.n};
	return rows_err(rows);
}

int64_t *placed_only_ids(struct arena *a, const struct placed_ids *p) {
	int64_t *ids = arena_many(a, int64_t, p->n + 1);
	for (size_t i = 0; i < p->n; i++)
		ids[i] = p->v[i].id;
	return ids;
}
