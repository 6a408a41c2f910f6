#include "store/search.h"

#include "base/buf.h"
#include "base/vec.h"

err store_search_status_put(struct tx *tx, int64_t status, struct str words) {
	return db_exec(tx_db(tx), SEARCH_STATUS_PUT, I(status), T(words));
}

err store_search_status_drop(struct tx *tx, int64_t status) { return db_exec(tx_db(tx), SEARCH_STATUS_DROP, I(status)); }

static err read_ids(struct rows *r, struct arena *a, int64_t **ids, size_t *n) {
	VEC(int64_t) v = {0};
	while (rows_next(r))
		vec_push(a, &v, rows_i64(r, 0));
	*ids = v.v;
	*n = v.n;
	return rows_err(r);
}

/* Words are letters, marks and digits: in quotes they mean themselves to both engines. */
static void put_query(struct buf *b, enum engine engine, const struct str *words, size_t n) {
	const char quote = engine == ENGINE_SQLITE ? '"' : '\'';
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_put(b, engine == ENGINE_SQLITE ? S(" AND ") : S(" & "));
		buf_byte(b, quote);
		buf_put(b, words[i]);
		buf_byte(b, quote);
	}
}

err store_search_statuses(struct arena *a, struct db *db, const struct str *words, size_t n, int64_t above, int64_t below, int64_t most,
                          int64_t **ids, size_t *found) {
	BUF_AUTO query = {0};
	put_query(&query, db_engine(db), words, n);
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, SEARCH_STATUSES, T(buf_str(&query)), I(above), I(below), I(most)));
	return read_ids(r, a, ids, found);
}

err store_search_interacted(struct db *db, int64_t status, int64_t account, bool *out) {
	int64_t one;
	return db_i64(db, &one, out, SEARCH_INTERACTED, I(status), I(account));
}

err store_search_account_put(struct tx *tx, int64_t account, const struct str *words, size_t n) {
	TRY(db_exec(tx_db(tx), SEARCH_ACCOUNT_DROP, I(account)));
	for (size_t i = 0; i < n; i++)
		TRY(db_exec(tx_db(tx), SEARCH_ACCOUNT_PUT, T(words[i]), I(account)));
	return NULL;
}

err store_search_accounts(struct arena *a, struct db *db, struct str prefix, int64_t most, int64_t **ids, size_t *found) {
	/* No word goes on with U+10FFFF: an upper end in the order of bytes. */
	struct str end = arena_printf(a, "%.*s\xF4\x8F\xBF\xBF", S_ARG(prefix));
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, SEARCH_ACCOUNTS, T(prefix), T(end), I(most)));
	return read_ids(r, a, ids, found);
}

err store_search_fill_statuses(struct arena *a, struct db *db, int64_t above, int64_t most, int64_t **ids, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, SEARCH_FILL_STATUSES, I(above), I(most)));
	return read_ids(r, a, ids, n);
}

err store_search_fill_accounts(struct arena *a, struct db *db, int64_t above, int64_t most, int64_t **ids, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, SEARCH_FILL_ACCOUNTS, I(above), I(most)));
	return read_ids(r, a, ids, n);
}

err store_search_empty(struct db *db, bool *out) {
	int64_t one;
	return db_i64(db, &one, out, SEARCH_EMPTY);
}
