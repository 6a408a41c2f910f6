#include "store/filter.h"

#include "base/vec.h"

static err read_filters(struct arena *a, struct db *db, int64_t account, struct filter **out, size_t *n) {
	VEC(struct filter) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FILTERS_OF, I(account)));
	while (rows_next(r))
		vec_push(a, &found,
		         ((struct filter){.id = rows_i64(r, 0),
		                          .account_id = rows_i64(r, 1),
		                          .title = rows_copy(r, 2, a),
		                          .contexts = rows_i64(r, 3),
		                          .action = (enum filter_action)rows_i64(r, 4),
		                          .expires_at = rows_i64(r, 5)}));
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}

static err read_keywords(struct arena *a, struct db *db, int64_t account, struct filter *f) {
	VEC(struct filter_keyword) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FILTER_KEYWORDS_OF, I(account)));
	while (rows_next(r))
		if (rows_i64(r, 1) == f->id)
			vec_push(a, &found, ((struct filter_keyword){rows_i64(r, 0), f->id, rows_copy(r, 2, a), rows_bool(r, 3)}));
	f->keywords = found.v;
	f->keyword_count = found.n;
	return rows_err(r);
}

static err read_statuses(struct arena *a, struct db *db, int64_t account, struct filter *f) {
	VEC(struct filter_status) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FILTER_STATUSES_OF, I(account)));
	while (rows_next(r))
		if (rows_i64(r, 1) == f->id)
			vec_push(a, &found, ((struct filter_status){rows_i64(r, 0), f->id, rows_i64(r, 2)}));
	f->statuses = found.v;
	f->status_count = found.n;
	return rows_err(r);
}

err store_filters(struct arena *a, struct db *db, int64_t account, struct filter **out, size_t *n) {
	TRY(read_filters(a, db, account, out, n));
	for (size_t i = 0; i < *n; i++) {
		TRY(read_keywords(a, db, account, &(*out)[i]));
		TRY(read_statuses(a, db, account, &(*out)[i]));
	}
	return NULL;
}

err store_filter_put(struct tx *tx, const struct filter *f) {
	return db_exec(tx_db(tx), FILTER_PUT, I(f->id), I(f->account_id), T(f->title), I(f->contexts), I(f->action),
	               I_OR_NUL(f->expires_at));
}

err store_filter_delete(struct tx *tx, int64_t id) {
	TRY(db_exec(tx_db(tx), FILTER_KEYWORD_DELETE_ALL, I(id)));
	TRY(db_exec(tx_db(tx), FILTER_STATUS_DELETE_ALL, I(id)));
	return db_exec(tx_db(tx), FILTER_DELETE, I(id));
}

err store_filter_keyword_put(struct tx *tx, const struct filter_keyword *k) {
	return db_exec(tx_db(tx), FILTER_KEYWORD_PUT, I(k->id), I(k->filter_id), T(k->keyword), I(k->whole_word));
}

err store_filter_keyword_delete(struct tx *tx, int64_t id) { return db_exec(tx_db(tx), FILTER_KEYWORD_DELETE, I(id)); }

err store_filter_status_put(struct tx *tx, const struct filter_status *s) {
	return db_exec(tx_db(tx), FILTER_STATUS_PUT, I(s->id), I(s->filter_id), I(s->status_id));
}

err store_filter_status_delete(struct tx *tx, int64_t id) { return db_exec(tx_db(tx), FILTER_STATUS_DELETE, I(id)); }

err store_filter_status_forget(struct tx *tx, int64_t status) { return db_exec(tx_db(tx), FILTER_STATUS_FORGET, I(status)); }
