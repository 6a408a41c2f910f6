#include "store/emoji.h"

#include "base/vec.h"

static struct emoji read_emoji(const struct rows *r, struct arena *a) {
	return (struct emoji){
	    .id = rows_i64(r, 0),
	    .shortcode = rows_copy(r, 1, a),
	    .key = rows_copy(r, 2, a),
	    .category = rows_copy(r, 3, a),
	    .visible = rows_bool(r, 4),
	};
}

err store_emoji_by_shortcode(struct arena *a, struct db *db, struct str shortcode, struct emoji *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, EMOJI_BY_SHORTCODE, T(shortcode)));
	*found = rows_next(r);
	if (*found)
		*out = read_emoji(r, a);
	return rows_err(r);
}

err store_emoji_by_id(struct arena *a, struct db *db, int64_t id, struct emoji *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, EMOJI_BY_ID, I(id)));
	*found = rows_next(r);
	if (*found)
		*out = read_emoji(r, a);
	return rows_err(r);
}

err store_emoji_all(struct arena *a, struct db *db, struct emoji **out, size_t *n) {
	VEC(struct emoji) v = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query_(db, &r, EMOJI_ALL, NULL, 0));
	while (rows_next(r))
		vec_push(a, &v, read_emoji(r, a));
	*out = v.v;
	*n = v.n;
	return rows_err(r);
}

err store_emoji_insert(struct tx *tx, const struct emoji *e, int64_t media) {
	return db_exec(tx_db(tx), EMOJI_INSERT, I(e->id), T(e->shortcode), I(media), T_OR_NUL(e->category), I(e->visible));
}

err store_emoji_update(struct tx *tx, const struct emoji *e) {
	return db_exec(tx_db(tx), EMOJI_UPDATE, I(e->id), T_OR_NUL(e->category), I(e->visible));
}

err store_emoji_delete(struct tx *tx, int64_t id) { return db_exec(tx_db(tx), EMOJI_DELETE, I(id)); }
