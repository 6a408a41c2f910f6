#include "store/tag.h"

#include "base/must.h"
#include "base/vec.h"

typedef VEC(struct tag) tags;

static err read_tags(struct rows *r, struct arena *a, struct tag **out, size_t *n) {
	tags v = {0};
	while (rows_next(r))
		vec_push(a, &v, ((struct tag){rows_i64(r, 0), rows_copy(r, 1, a), rows_copy(r, 2, a)}));
	*out = v.v;
	*n = v.n;
	return rows_err(r);
}

static err read_tag(struct rows *r, struct arena *a, struct tag *out, bool *found) {
	struct tag *v;
	size_t n;
	TRY(read_tags(r, a, &v, &n));
	*found = n > 0;
	*out = n ? v[0] : (struct tag){0};
	return NULL;
}

err store_tag_by_name(struct arena *a, struct db *db, struct str folded, struct tag *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, TAG_BY_NAME, T(folded)));
	return read_tag(r, a, out, found);
}

err store_tag_by_id(struct arena *a, struct db *db, int64_t id, struct tag *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, TAG_BY_ID, I(id)));
	return read_tag(r, a, out, found);
}

err store_tag_ensure(struct tx *tx, struct str folded, struct str display, int64_t new_id, int64_t *id) {
	bool found;
	int64_t rows = 0;
	TRY(db_i64(tx_db(tx), id, &found, TAG_BY_NAME, T(folded)));
	if (found)
		return NULL;
	*id = new_id;
	TRY(db_exec_changed(tx_db(tx), &rows, TAG_INSERT, I(new_id), T(folded), T(display)));
	if (rows)
		return NULL;
	/* Somebody else's came between, in a plain transaction: it is seen now. */
	TRY(db_i64(tx_db(tx), id, &found, TAG_BY_NAME, T(folded)));
	must(found);
	return NULL;
}

err store_tag_status_insert(struct tx *tx, int64_t tag, int64_t status) { return db_exec(tx_db(tx), TAG_STATUS_INSERT, I(tag), I(status)); }

err store_tag_status_delete(struct tx *tx, int64_t status) { return db_exec(tx_db(tx), TAG_STATUS_DELETE, I(status)); }

err store_tags_of_status(struct arena *a, struct db *db, int64_t status, struct tag **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, TAGS_OF_STATUS, I(status)));
	return read_tags(r, a, out, n);
}

err store_tags_starting(struct arena *a, struct db *db, struct str folded, int limit, int64_t offset, struct tag **out, size_t *n) {
	/* No name has U+10FFFF behind it: an upper end in the order of bytes. */
	struct str end = arena_printf(a, "%.*s\xF4\x8F\xBF\xBF", S_ARG(folded));
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, TAGS_STARTING, T(folded), T(end), I(limit), I(offset)));
	return read_tags(r, a, out, n);
}

err store_tag_follow(struct tx *tx, int64_t account, int64_t tag, int64_t id, bool *changed) {
	int64_t rows = 0;
	TRY(db_exec_changed(tx_db(tx), &rows, TAG_FOLLOW, I(account), I(tag), I(id)));
	*changed = rows > 0;
	return NULL;
}

err store_tag_unfollow(struct tx *tx, int64_t account, int64_t tag, bool *changed) {
	int64_t rows = 0;
	TRY(db_exec_changed(tx_db(tx), &rows, TAG_UNFOLLOW, I(account), I(tag)));
	*changed = rows > 0;
	return NULL;
}

err store_tag_followed(struct db *db, int64_t account, int64_t tag, bool *followed) {
	int64_t id;
	return db_i64(db, &id, followed, TAG_FOLLOWED, I(account), I(tag));
}

err store_tags_followed(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out) {
	return range_query(a, db, TAGS_FOLLOWED, TAGS_FOLLOWED_UP, account, r, out);
}

err store_tag_uses(struct arena *a, struct db *db, int64_t tag, int64_t since_id, struct tag_use **out, size_t *n) {
	VEC(struct tag_use) v = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, TAG_USES, I(tag), I(since_id)));
	while (rows_next(r))
		vec_push(a, &v, ((struct tag_use){rows_i64(r, 0), rows_i64(r, 1), rows_i64(r, 2)}));
	*out = v.v;
	*n = v.n;
	return rows_err(r);
}
