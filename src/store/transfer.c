#include "store/transfer.h"

#include "base/vec.h"
#include "store/job.h"
#include "store/media.h"

const char *const transfer_names[TRANSFER_KINDS] = {
    [TRANSFER_EXPORT] = "archive",  [TRANSFER_FOLLOWS] = "follows",     [TRANSFER_BLOCKS] = "blocks",     [TRANSFER_MUTES] = "mutes",
    [TRANSFER_LISTS] = "lists",     [TRANSFER_BOOKMARKS] = "bookmarks", [TRANSFER_MASTODON] = "mastodon", [TRANSFER_X] = "x",
    [TRANSFER_BLUESKY] = "bluesky", [TRANSFER_DIASPORA] = "diaspora",   [TRANSFER_ACCOUNT] = "account",
};

static struct transfer row_of(const struct rows *r, struct arena *a) {
	struct transfer t = {
	    .id = rows_i64(r, 0),
	    .account_id = rows_i64(r, 1),
	    .kind = (enum transfer_kind)rows_i64(r, 2),
	    .state = (enum transfer_state)rows_i64(r, 3),
	    .position = rows_i64(r, 4),
	    .total = rows_i64(r, 5),
	    .taken = rows_i64(r, 6),
	    .known = rows_i64(r, 7),
	    .refused = rows_i64(r, 8),
	    .report = rows_copy(r, 9, a),
	    .error = rows_copy(r, 10, a),
	    .size = rows_i64(r, 12),
	    .expires_at = rows_i64(r, 13),
	};
	t.has_blob = blob_name_read(rows_text(r, 11), &t.blob);
	return t;
}

static err all_of(struct rows *r, struct arena *a, struct transfer **out, size_t *n) {
	VEC(struct transfer) found = {0};
	while (rows_next(r))
		vec_push(a, &found, row_of(r, a));
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_transfer_by_id(struct arena *a, struct db *db, int64_t id, struct transfer *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	*found = false;
	TRY(db_query(db, &r, TRANSFER_BY_ID, I(id)));
	*found = rows_next(r);
	if (*found)
		*out = row_of(r, a);
	return rows_err(r);
}

err store_transfers_of(struct arena *a, struct db *db, int64_t account, int most, struct transfer **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, TRANSFERS_OF, I(account), I(most)));
	return all_of(r, a, out, n);
}

err store_transfers_open(struct db *db, int64_t account, int64_t *out) { return db_i64(db, out, NULL, TRANSFERS_OPEN, I(account)); }

err store_transfers_over(struct arena *a, struct db *db, int64_t now, int most, struct transfer **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, TRANSFERS_OVER, I(now), I(most)));
	return all_of(r, a, out, n);
}

static struct bind blob_of(const struct transfer *t) { return t->has_blob ? B(blob_name_str(&t->blob)) : NUL; }

err store_transfer_insert(struct tx *tx, const struct transfer *t) {
	if (t->has_blob)
		TRY(store_blob_use(tx, &t->blob, t->size));
	TRY(store_job_add(tx, S(TRANSFER_JOB), 0, t->id, 0, STR_NONE, NULL));
	TRY(store_job_ensure(tx, S(TRANSFER_SWEEP), t->expires_at, 0));
	return db_exec(tx_db(tx), TRANSFER_INSERT, I(t->id), I(t->account_id), I(t->kind), blob_of(t), I(t->size), I(t->expires_at));
}

static err let_go(struct tx *tx, const struct transfer *t) {
	if (!t->has_blob)
		return NULL;
	TRY(store_blob_unuse(tx, &t->blob));
	return store_media_sweep_soon(tx);
}

err store_transfer_update(struct tx *tx, const struct transfer *t, const struct transfer *had) {
	if (t->has_blob && !had->has_blob)
		TRY(store_blob_use(tx, &t->blob, t->size));
	else if (!t->has_blob)
		TRY(let_go(tx, had));
	TRY(store_job_ensure(tx, S(TRANSFER_SWEEP), t->expires_at, 0));
	return db_exec(tx_db(tx), TRANSFER_UPDATE, I(t->id), I(t->state), I(t->position), I(t->total), I(t->taken), I(t->known),
	               I(t->refused), T_OR_NUL(t->report), T_OR_NUL(t->error), blob_of(t), I(t->size), I(t->expires_at));
}

err store_transfer_delete(struct tx *tx, const struct transfer *t) {
	TRY(let_go(tx, t));
	return db_exec(tx_db(tx), TRANSFER_DELETE, I(t->id));
}

err store_transfer_posts(struct arena *a, struct db *db, int64_t account, int64_t after, int most, int64_t **ids, size_t *n) {
	VEC(int64_t) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, TRANSFER_POSTS, I(account), I(after), I(most)));
	while (rows_next(r))
		vec_push(a, &found, rows_i64(r, 0));
	*ids = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_import_source(struct db *db, int64_t account, struct str source, int64_t *status) {
	return db_i64(db, status, NULL, IMPORT_SOURCE_GET, I(account), T(source));
}

err store_import_source_put(struct tx *tx, int64_t account, struct str source, int64_t status) {
	return db_exec(tx_db(tx), IMPORT_SOURCE_PUT, I(account), T(source), I(status));
}
