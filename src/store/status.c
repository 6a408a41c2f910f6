#include "store/status.h"

#include "base/vec.h"

static void read_status(const struct rows *r, struct arena *a, struct status *s) {
	*s = (struct status){
	    .id = rows_i64(r, 0),
	    .author_id = rows_i64(r, 1),
	    .flags = rows_i64(r, 2),
	    .reply_to_id = rows_i64(r, 3),
	    .reply_to_author_id = rows_i64(r, 4),
	    .thread_id = rows_null(r, 5) ? rows_i64(r, 0) : rows_i64(r, 5),
	    .boost_of_id = rows_i64(r, 6),
	    .boost_author_id = rows_i64(r, 7),
	    .text = rows_copy(r, 8, a),
	    .warning = rows_copy(r, 9, a),
	    .language = rows_copy(r, 10, a),
	    .app_id = rows_i64(r, 11),
	    .edited_at = rows_i64(r, 12),
	};
}

err store_status_by_id(struct arena *a, struct db *db, int64_t id, struct status *out, bool *found) {
	*found = false;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, STATUS_BY_ID, I(id)));
	if (rows_next(r)) {
		read_status(r, a, out);
		*found = true;
	}
	return rows_err(r);
}

err store_status_boost_by(struct db *db, int64_t status_id, int64_t account_id, int64_t *boost_id) {
	return db_i64(db, boost_id, NULL, STATUS_BOOST_BY, I(status_id), I(account_id));
}

err store_status_counts(struct db *db, int64_t id, struct status_counts *out) {
	*out = (struct status_counts){0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, STATUS_COUNTS, I(id)));
	if (rows_next(r))
		*out = (struct status_counts){rows_i64(r, 0), rows_i64(r, 1), rows_i64(r, 2)};
	return rows_err(r);
}

err store_status_policy(struct db *db, int64_t author, int64_t viewer, int64_t status, struct status_policy *out) {
	*out = (struct status_policy){.author_flags = -1};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, STATUS_POLICY, I(author), I(viewer), I(status)));
	if (rows_next(r))
		*out = (struct status_policy){rows_i64(r, 0), rows_bool(r, 1), rows_bool(r, 2), rows_bool(r, 3)};
	return rows_err(r);
}

err store_status_insert(struct tx *tx, const struct status *s) {
	return db_exec(tx_db(tx), STATUS_INSERT, I(s->id), I(s->author_id), I(s->flags), I_OR_NUL(s->reply_to_id),
	               I_OR_NUL(s->reply_to_author_id), s->thread_id == s->id ? NUL : I_OR_NUL(s->thread_id), I_OR_NUL(s->boost_of_id),
	               I_OR_NUL(s->boost_author_id), T_OR_NUL(s->text), T_OR_NUL(s->warning), T_OR_NUL(s->language), I_OR_NUL(s->app_id));
}

err store_status_update(struct tx *tx, const struct status *s) {
	return db_exec(tx_db(tx), STATUS_UPDATE, I(s->id), I(s->flags), T_OR_NUL(s->text), T_OR_NUL(s->warning), T_OR_NUL(s->language),
	               I_OR_NUL(s->edited_at));
}

err store_status_count_add(struct tx *tx, int64_t id, int replies, int boosts, int favourites) {
	return db_exec(tx_db(tx), STATUS_COUNT_ADD, I(id), I(replies), I(boosts), I(favourites));
}

err store_status_count_take(struct tx *tx, int64_t id, int replies, int boosts, int favourites) {
	return db_exec(tx_db(tx), STATUS_COUNT_TAKE, I(id), I(replies), I(boosts), I(favourites));
}

err store_status_delete(struct tx *tx, int64_t id) {
	TRY(db_exec(tx_db(tx), STATUS_DELETE_COUNTS, I(id)));
	return db_exec(tx_db(tx), STATUS_DELETE, I(id));
}

err store_status_of_account_add(struct tx *tx, int64_t account, int by, int64_t posted_at) {
	return db_exec(tx_db(tx), STATUS_OF_ACCOUNT_ADD, I(account), I(by), I(posted_at));
}

err store_status_boosters(struct arena *a, struct db *db, int64_t id, struct range r, struct placed_ids *out) {
	return range_query(a, db, STATUS_BOOSTERS, STATUS_BOOSTERS_UP, id, r, out);
}

static err read_ids(struct rows *r, struct arena *a, int64_t **ids, size_t *n) {
	VEC(int64_t) v = {0};
	while (rows_next(r))
		vec_push(a, &v, rows_i64(r, 0));
	*ids = v.v;
	*n = v.n;
	return rows_err(r);
}

err store_status_ancestors(struct arena *a, struct db *db, int64_t id, int64_t most, int64_t **ids, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, STATUS_ANCESTORS, I(id), I(most)));
	return read_ids(r, a, ids, n);
}

err store_status_descendants(struct arena *a, struct db *db, int64_t id, int64_t deep, int64_t most, struct status_link **out, size_t *n) {
	VEC(struct status_link) v = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, STATUS_DESCENDANTS, I(id), I(deep), I(most)));
	while (rows_next(r))
		vec_push(a, &v, ((struct status_link){rows_i64(r, 0), rows_i64(r, 1)}));
	*out = v.v;
	*n = v.n;
	return rows_err(r);
}
