#include "store/media_file.h"

#include "base/must.h"
#include "base/vec.h"
#include "store/account.h"
#include "store/media.h"

/* ── reading ── */

static void read_file(struct arena *a, const struct rows *r, struct media_file *f) {
	*f = (struct media_file){
	    .media_id = rows_i64(r, 0),
	    .name = rows_copy(r, 1, a),
	    .type = rows_copy(r, 3, a),
	    .size = rows_i64(r, 4),
	};
	must(blob_name_read(rows_text(r, 2), &f->blob));
}

static err read_one(struct arena *a, struct rows *r, struct media_file *out, bool *found) {
	*found = rows_next(r);
	if (*found)
		read_file(a, r, out);
	return rows_err(r);
}

err store_media_file_get(struct arena *a, struct db *db, int64_t media, struct str name, struct media_file *out, bool *found) {
	*found = false;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEDIA_FILE_GET, I(media), T(name)));
	return read_one(a, r, out, found);
}

err store_media_files(struct arena *a, struct db *db, int64_t media, struct media_file **out, size_t *n) {
	VEC(struct media_file) all = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEDIA_FILES, I(media)));
	while (rows_next(r)) {
		struct media_file f;
		read_file(a, r, &f);
		vec_push(a, &all, f);
	}
	*out = all.v;
	*n = all.n;
	return rows_err(r);
}

err store_media_file_served(struct arena *a, struct db *db, struct str stem, struct str name, struct media_file *out, int64_t *account,
                            bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEDIA_FILE_SERVED, T(stem), T(name), I(ACCOUNT_GONE)));
	*found = rows_next(r);
	if (*found) {
		read_file(a, r, out);
		*account = rows_i64(r, 5);
	}
	return rows_err(r);
}

/* ── writing ── */

static err grow(struct tx *tx, int64_t media, int64_t by) { return by ? db_exec(tx_db(tx), MEDIA_GROW, I(media), I(by)) : NULL; }

/* What the name stood for loses its use. */
static err let_go(struct arena *a, struct tx *tx, int64_t media, struct str name) {
	struct media_file old;
	bool found;
	TRY(store_media_file_get(a, tx_db(tx), media, name, &old, &found));
	if (!found)
		return NULL;
	TRY(grow(tx, media, -old.size));
	TRY(store_blob_unuse(tx, &old.blob));
	return store_media_sweep_soon(tx);
}

static err put(struct arena *a, struct tx *tx, const struct media_file *f) {
	/* The new use first: equal bytes must not look unused in between. */
	TRY(store_blob_use(tx, &f->blob, f->size));
	TRY(let_go(a, tx, f->media_id, f->name));
	TRY(grow(tx, f->media_id, f->size));
	return db_exec(tx_db(tx), MEDIA_FILE_PUT, I(f->media_id), T(f->name), B(blob_name_str(&f->blob)), T(f->type), I(f->size));
}

err store_media_file_put(struct tx *tx, const struct media_file *f) {
	must(f->name.n && f->name.n <= MEDIA_FILE_NAME_MAX);
	struct arena *a = arena_new();
	err e = put(a, tx, f);
	arena_free(&a);
	return e;
}

err store_media_file_drop(struct tx *tx, int64_t media, struct str name) {
	struct arena *a = arena_new();
	err e = let_go(a, tx, media, name);
	arena_free(&a);
	TRY(e);
	return db_exec(tx_db(tx), MEDIA_FILE_DELETE, I(media), T(name));
}

static err unuse_all(struct arena *a, struct tx *tx, int64_t media) {
	struct media_file *all;
	size_t n;
	TRY(store_media_files(a, tx_db(tx), media, &all, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(grow(tx, media, -all[i].size));
		TRY(store_blob_unuse(tx, &all[i].blob));
	}
	return NULL;
}

err store_media_files_drop(struct tx *tx, int64_t media) {
	struct arena *a = arena_new();
	err e = unuse_all(a, tx, media);
	arena_free(&a);
	TRY(e);
	return db_exec(tx_db(tx), MEDIA_FILES_DELETE, I(media));
}
