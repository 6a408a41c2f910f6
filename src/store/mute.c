#include "store/mute.h"

#include "base/clock.h"
#include "base/vec.h"

err store_mute_put(struct tx *tx, const struct mute *m) {
	return db_exec(tx_db(tx), MUTE_PUT, I(m->account_id), I(m->target_id), I(m->id), I(m->notifications), I_OR_NUL(m->expires_at));
}

err store_mute_delete(struct tx *tx, int64_t account, int64_t target) { return db_exec(tx_db(tx), MUTE_DELETE, I(account), I(target)); }

err store_mutes(struct arena *a, struct db *db, int64_t account, struct range r, struct mute **out, size_t *n) {
	VEC(struct mute) found = {0};
	struct ROWS_AUTO *rows = NULL;
	TRY(db_query(db, &rows, r.upward ? MUTES_UP : MUTES, I(account), I(r.above), I(r.below), I(r.limit), I(clock_ms())));
	while (rows_next(rows))
		vec_push(
		    a, &found,
		    ((struct mute){
		        .account_id = account, .id = rows_i64(rows, 0), .target_id = rows_i64(rows, 1), .expires_at = rows_i64(rows, 2)}));
	TRY(rows_err(rows));
	for (size_t i = 0; r.upward && i < found.n / 2; i++) {
		struct mute swapped = found.v[i];
		found.v[i] = found.v[found.n - 1 - i];
		found.v[found.n - 1 - i] = swapped;
	}
	*out = found.v;
	*n = found.n;
	return NULL;
}
