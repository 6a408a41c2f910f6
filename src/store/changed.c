#include "store/changed.h"

#include "base/vec.h"
#include "store/cursor.h"

err store_changed_tables(struct db *db, struct arena *a, int64_t xid, int64_t seq, bool *all, struct str **out, size_t *n) {
	VEC(struct str) found = {0};
	int64_t gone_xid, gone_seq, loads;
	*out = NULL;
	*n = 0;
	TRY(store_journal_trimmed(db, &gone_xid, &gone_seq));
	TRY(db_i64(db, &loads, NULL, CHANGED_BY_KIND, I(xid), I(seq), I(J_BULK_LOADED)));
	*all = loads || gone_xid > xid || (gone_xid == xid && gone_seq > seq);
	if (*all)
		return NULL;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CHANGED_TABLES, I(xid), I(seq)));
	while (rows_next(r))
		vec_push(a, &found, rows_copy(r, 0, a));
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}
