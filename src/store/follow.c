#include "store/follow.h"

#include "base/vec.h"

err store_follow_put(struct tx *tx, const struct follow *f, bool added) {
	TRY(db_exec(tx_db(tx), FOLLOW_PUT, I(f->account_id), I(f->target_id), I(f->id), I(f->flags), T_OR_NUL(f->languages)));
	if (!added)
		return NULL;
	TRY(db_exec(tx_db(tx), FOLLOW_COUNT_FOLLOWING, I(f->account_id), I(1)));
	return db_exec(tx_db(tx), FOLLOW_COUNT_FOLLOWERS, I(f->target_id), I(1));
}

err store_follow_delete(struct tx *tx, int64_t account, int64_t target, bool *gone) {
	int64_t changed = 0;
	TRY(db_exec_changed(tx_db(tx), &changed, FOLLOW_DELETE, I(account), I(target)));
	*gone = changed != 0;
	if (!changed)
		return NULL;
	TRY(db_exec(tx_db(tx), FOLLOW_COUNT_FOLLOWING, I(account), I(-1)));
	return db_exec(tx_db(tx), FOLLOW_COUNT_FOLLOWERS, I(target), I(-1));
}

err store_follow_request_put(struct tx *tx, const struct follow *f) {
	return db_exec(tx_db(tx), FOLLOW_REQUEST_PUT, I(f->account_id), I(f->target_id), I(f->id), I(f->flags), T_OR_NUL(f->languages));
}

err store_follow_request_delete(struct tx *tx, int64_t account, int64_t target, bool *gone) {
	int64_t changed = 0;
	TRY(db_exec_changed(tx_db(tx), &changed, FOLLOW_REQUEST_DELETE, I(account), I(target)));
	*gone = changed != 0;
	return NULL;
}

err store_follow_request_get(struct arena *a, struct db *db, int64_t account, int64_t target, struct follow *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FOLLOW_REQUEST_GET, I(account), I(target)));
	*found = rows_next(r);
	if (*found)
		*out = (struct follow){account, target, rows_i64(r, 0), rows_i64(r, 1), rows_copy(r, 2, a)};
	return rows_err(r);
}

err store_follow_is(struct db *db, int64_t account, int64_t target, bool *out) {
	int64_t ignored;
	return db_i64(db, &ignored, out, FOLLOW_GET, I(account), I(target));
}

err store_followers(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out) {
	return range_query(a, db, FOLLOWERS, FOLLOWERS_UP, account, r, out);
}

err store_following(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out) {
	return range_query(a, db, FOLLOWING, FOLLOWING_UP, account, r, out);
}

err store_follow_requests(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out) {
	return range_query(a, db, FOLLOW_REQUESTS, FOLLOW_REQUESTS_UP, account, r, out);
}

err store_follow_requests_count(struct db *db, int64_t account, int64_t *out) {
	return db_i64(db, out, NULL, FOLLOW_REQUESTS_COUNT, I(account));
}

static err ids(struct rows *r, struct arena *a, int64_t **out, size_t *n) {
	VEC(int64_t) found = {0};
	while (rows_next(r))
		vec_push(a, &found, rows_i64(r, 0));
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_follow_notified(struct arena *a, struct db *db, int64_t target, int64_t after, int most, int64_t **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FOLLOW_NOTIFIED, I(target), I(after), I(most)));
	return ids(r, a, out, n);
}

err store_follow_familiar(struct arena *a, struct db *db, int64_t account, int64_t target, int most, int64_t **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FOLLOW_FAMILIAR, I(account), I(target), I(most)));
	return ids(r, a, out, n);
}

err store_follow_friends_of_friends(struct arena *a, struct db *db, int64_t account, int most, int64_t **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FOLLOW_FRIENDS_OF_FRIENDS, I(account), I(most)));
	return ids(r, a, out, n);
}

err store_follow_lately_active(struct arena *a, struct db *db, int most, int64_t **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FOLLOW_LATELY_ACTIVE, I(most)));
	return ids(r, a, out, n);
}
