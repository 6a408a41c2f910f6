#include "store/upload.h"

#include "base/clock.h"
#include "store/job.h"

enum { LATER_MS = 60 * 1000 };

err store_upload_by_id(struct arena *a, struct db *db, int64_t id, struct upload_row *out, bool *found) {
	*found = false;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, UPLOAD_BY_ID, I(id)));
	*found = rows_next(r);
	if (*found)
		*out = (struct upload_row){
		    .id = rows_i64(r, 0),
		    .account_id = rows_i64(r, 1),
		    .size = rows_i64(r, 2),
		    .metadata = rows_copy(r, 3, a),
		    .expires_at = rows_i64(r, 4),
		    .media_id = rows_i64(r, 5),
		};
	return rows_err(r);
}

err store_uploads_open(struct db *db, int64_t account, int64_t *count, int64_t *bytes) {
	*count = *bytes = 0;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, UPLOADS_OPEN, I(account)));
	if (rows_next(r)) {
		*count = rows_i64(r, 0);
		*bytes = rows_i64(r, 1);
	}
	return rows_err(r);
}

err store_upload_insert(struct tx *tx, const struct upload_row *row) {
	TRY(store_job_add(tx, S(UPLOAD_SWEEP), row->expires_at + LATER_MS, 0, 0, STR_NONE, NULL));
	return db_exec(tx_db(tx), UPLOAD_INSERT, I(row->id), I(row->account_id), I(row->size), T_OR_NUL(row->metadata), I(row->expires_at));
}

err store_upload_done(struct tx *tx, int64_t id, int64_t media_id) { return db_exec(tx_db(tx), UPLOAD_DONE, I(id), I(media_id)); }

err store_upload_delete(struct tx *tx, int64_t id) { return db_exec(tx_db(tx), UPLOAD_DELETE, I(id)); }

err store_uploads_delete_of_account(struct tx *tx, int64_t account) {
	int64_t deleted;
	TRY(db_exec_changed(tx_db(tx), &deleted, UPLOADS_DELETE_OF_ACCOUNT, I(account)));
	return deleted ? store_job_add(tx, S(UPLOAD_SWEEP), 0, 0, 0, STR_NONE, NULL) : NULL;
}

err store_uploads_delete_over(struct tx *tx, int64_t now) { return db_exec(tx_db(tx), UPLOADS_DELETE_OVER, I(now)); }
