#include "store/mention.h"

#include "base/vec.h"

err store_mention_insert(struct tx *tx, int64_t status, int64_t account, bool silent) {
	return db_exec(tx_db(tx), MENTION_INSERT, I(status), I(account), I(silent));
}

err store_mentions_silence(struct tx *tx, int64_t status) { return db_exec(tx_db(tx), MENTIONS_SILENCE, I(status)); }

err store_mentions_delete(struct tx *tx, int64_t status) { return db_exec(tx_db(tx), MENTIONS_DELETE, I(status)); }

err store_mentions_of(struct arena *a, struct db *db, int64_t status, struct mention **out, size_t *n) {
	VEC(struct mention) v = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MENTIONS_OF_STATUS, I(status)));
	while (rows_next(r))
		vec_push(a, &v, ((struct mention){rows_i64(r, 0), rows_bool(r, 1), rows_copy(r, 2, a), rows_copy(r, 3, a)}));
	*out = v.v;
	*n = v.n;
	return rows_err(r);
}

err store_mention_resolve(struct db *db, struct str username, struct str domain, int64_t author, int64_t *account, int64_t *flags,
                          bool *blocked) {
	*account = 0;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MENTION_RESOLVE, T(username), T(domain), I(author)));
	if (rows_next(r)) {
		*account = rows_i64(r, 0);
		*flags = rows_i64(r, 1);
		*blocked = rows_bool(r, 2);
	}
	return rows_err(r);
}
