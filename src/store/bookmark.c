#include "store/bookmark.h"

err store_bookmark_insert(struct tx *tx, int64_t account, int64_t status, int64_t id, bool *changed) {
	int64_t rows = 0;
	TRY(db_exec_changed(tx_db(tx), &rows, BOOKMARK_INSERT, I(account), I(status), I(id)));
	*changed = rows > 0;
	return NULL;
}

err store_bookmark_delete(struct tx *tx, int64_t account, int64_t status, bool *changed) {
	int64_t rows = 0;
	TRY(db_exec_changed(tx_db(tx), &rows, BOOKMARK_DELETE, I(account), I(status)));
	*changed = rows > 0;
	return NULL;
}

err store_bookmark_by(struct db *db, int64_t account, int64_t status, int64_t *id) {
	return db_i64(db, id, NULL, BOOKMARK_BY, I(account), I(status));
}

err store_bookmarks_of(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out) {
	return range_query(a, db, BOOKMARKS_OF, BOOKMARKS_OF_UP, account, r, out);
}
