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

/* Both come in the order of their own ids, so each filter's are picked out of the whole in one more walk. */
static err read_keywords(struct arena *a, struct db *db, int64_t account, struct filter *filters, size_t n) {
	VEC(struct filter_keyword) all = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FILTER_KEYWORDS_OF, I(account)));
	while (rows_next(r))
		vec_push(a, &all, ((struct filter_keyword){rows_i64(r, 0), rows_i64(r, 1), rows_copy(r, 2, a), rows_bool(r, 3)}));
	TRY(rows_err(r));
	for (struct filter *f = filters; f < filters + n; f++) {
		VEC(struct filter_keyword) own = {0};
		for (size_t i = 0; i < all.n; i++)
			if (all.v[i].filter_id == f->id)
				vec_push(a, &own, all.v[i]);
		f->keywords = own.v;
		f->keyword_count = own.n;
	}
	return NULL;
}

static err read_statuses(struct arena *a, struct db *db, int64_t account, struct filter *filters, size_t n) {
	VEC(struct filter_status) all = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FILTER_STATUSES_OF, I(account)));
	while (rows_next(r))
		vec_push(a, &all, ((struct filter_status){rows_i64(r, 0), rows_i64(r, 1), rows_i64(r, 2)}));
	TRY(rows_err(r));
	for (struct filter *f = filters; f < filters + n; f++) {
		VEC(struct filter_status) own = {0};
		for (size_t i = 0; i < all.n; i++)
			if (all.v[i].filter_id == f->id)
				vec_push(a, &own, all.v[i]);
		f->statuses = own.v;
		f->status_count = own.n;
	}
	return NULL;
}

err store_filters(struct arena *a, struct db *db, int64_t account, struct filter **out, size_t *n) {
	TRY(read_filters(a, db, account, out, n));
	if (!*n)
		return NULL;
	TRY(read_keywords(a, db, account, *out, *n));
	return read_statuses(a, db, account, *out, *n);
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
