#include "store/card.h"

#include "base/buf.h"
#include "base/vec.h"
#include "store/job.h"
#include "store/status.h"

/* ── reading ── */

static void read_card(struct arena *a, const struct rows *r, struct card *k) {
	*k = (struct card){
	    .id = rows_i64(r, 0),
	    .url = rows_copy(r, 2, a),
	    .state = (enum card_state)rows_i64(r, 3),
	    .fetched_at = rows_i64(r, 4),
	    .title = rows_copy(r, 5, a),
	    .description = rows_copy(r, 6, a),
	    .author = rows_copy(r, 7, a),
	    .author_url = rows_copy(r, 8, a),
	    .provider = rows_copy(r, 9, a),
	    .language = rows_copy(r, 10, a),
	    .published = rows_copy(r, 11, a),
	    .image_url = rows_copy(r, 12, a),
	    .image_key = rows_copy(r, 13, a),
	    .image_type = rows_copy(r, 15, a),
	    .image_alt = rows_copy(r, 16, a),
	    .image_width = rows_i64(r, 17),
	    .image_height = rows_i64(r, 18),
	    .blurhash = rows_copy(r, 19, a),
	};
	/* An archive may have brought anything. */
	struct str hash = str_first(rows_text(r, 1), CARD_HASH);
	if (hash.n)
		memcpy(k->hash, hash.p, hash.n);
	if (!blob_name_read(rows_text(r, 14), &k->image_blob))
		k->image_key = STR_NONE;
}

static err read_one(struct arena *a, struct rows *r, struct card *out, bool *found) {
	*found = rows_next(r);
	if (*found)
		read_card(a, r, out);
	return rows_err(r);
}

err store_card_by_id(struct arena *a, struct db *db, int64_t id, struct card *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CARD_BY_ID, I(id)));
	return read_one(a, r, out, found);
}

err store_card_by_hash(struct arena *a, struct db *db, const char hash[CARD_HASH], struct card *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CARD_BY_HASH, B(str_mem(hash, CARD_HASH))));
	return read_one(a, r, out, found);
}

err store_card_by_key(struct arena *a, struct db *db, struct str key, struct card *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CARD_BY_KEY, T(key)));
	return read_one(a, r, out, found);
}

err store_card_of_status(struct arena *a, struct db *db, int64_t status, struct card *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CARD_OF_STATUS, I(status)));
	return read_one(a, r, out, found);
}

err store_card_statuses(struct arena *a, struct db *db, int64_t card, int64_t after, int limit, int64_t **ids, size_t *n) {
	VEC(int64_t) v = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CARD_STATUSES, I(card), I(after), I(limit)));
	while (rows_next(r))
		vec_push(a, &v, rows_i64(r, 0));
	*ids = v.v;
	*n = v.n;
	return rows_err(r);
}

err store_card_names(struct db *db, const struct blob_name *blob, bool *out) {
	int64_t n;
	TRY(db_i64(db, &n, NULL, CARD_NAMES, B(blob_name_str(blob))));
	*out = n > 0;
	return NULL;
}

/* ── writing ── */

err store_card_insert(struct tx *tx, const struct card *k) {
	return db_exec(tx_db(tx), CARD_INSERT, I(k->id), B(str_mem(k->hash, CARD_HASH)), T(k->url), I(CARD_WAITING));
}

err store_card_set_state(struct tx *tx, int64_t id, enum card_state state, int64_t fetched_at) {
	return db_exec(tx_db(tx), CARD_SET_STATE, I(id), I(state), I(fetched_at));
}

err store_card_update(struct tx *tx, const struct card *k) {
	bool image = k->image_key.n > 0;
	return db_exec(tx_db(tx), CARD_UPDATE, I(k->id), I(k->state), I(k->fetched_at), T_OR_NUL(k->title), T_OR_NUL(k->description),
	               T_OR_NUL(k->author), T_OR_NUL(k->author_url), T_OR_NUL(k->provider), T_OR_NUL(k->language), T_OR_NUL(k->published),
	               T_OR_NUL(k->image_url), T_OR_NUL(k->image_key), image ? B(blob_name_str(&k->image_blob)) : NUL,
	               T_OR_NUL(k->image_type), T_OR_NUL(k->image_alt), I(k->image_width), I(k->image_height), T_OR_NUL(k->blurhash));
}

err store_card_link(struct tx *tx, int64_t status, int64_t card) {
	TRY(db_exec(tx_db(tx), CARD_LINK, I(status), I(card)));
	return db_exec(tx_db(tx), CARD_MARK, I(status), I(STATUS_HAS_CARD));
}

err store_card_sweep(struct tx *tx, const struct blob_name *blob) {
	BUF_AUTO hex = {0};
	buf_hex(&hex, blob_name_str(blob));
	return store_job_add(tx, S(CARD_JOB), 0, 0, CARD_WORK_SWEEP, buf_str(&hex), NULL);
}

static err drop(struct arena *a, struct tx *tx, int64_t id) {
	struct card k;
	bool found;
	int64_t gone;
	TRY(store_card_by_id(a, tx_db(tx), id, &k, &found));
	TRY(db_exec_changed(tx_db(tx), &gone, CARD_DROP, I(id)));
	if (!found || !gone || !k.image_key.n)
		return NULL;
	return store_card_sweep(tx, &k.image_blob);
}

err store_card_unlink(struct tx *tx, int64_t status) {
	int64_t card;
	bool found;
	TRY(db_i64(tx_db(tx), &card, &found, CARD_LINKED, I(status)));
	if (!found)
		return NULL;
	TRY(db_exec(tx_db(tx), CARD_UNLINK, I(status)));
	struct arena *a = arena_new();
	err e = drop(a, tx, card);
	arena_free(&a);
	return e;
}
