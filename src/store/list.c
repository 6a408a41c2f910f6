#include "store/list.h"

#include "base/vec.h"

static struct list read_list(struct arena *a, const struct rows *r, int64_t account) {
	return (struct list){
	    .id = rows_i64(r, 0),
	    .account_id = account,
	    .title = rows_copy(r, 1, a),
	    .replies = (enum list_replies)rows_i64(r, 2),
	    .exclusive = rows_bool(r, 3),
	};
}

static err read_lists(struct arena *a, struct rows *r, int64_t account, struct list **out, size_t *n) {
	VEC(struct list) found = {0};
	while (rows_next(r))
		vec_push(a, &found, read_list(a, r, account));
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_lists(struct arena *a, struct db *db, int64_t account, struct list **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, LISTS_OF, I(account)));
	return read_lists(a, r, account, out, n);
}

err store_lists_with(struct arena *a, struct db *db, int64_t account, int64_t member, struct list **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, LISTS_WITH, I(account), I(member)));
	return read_lists(a, r, account, out, n);
}

err store_list_get(struct arena *a, struct db *db, int64_t id, int64_t account, struct list *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, LIST_GET, I(id), I(account)));
	*found = rows_next(r);
	if (*found)
		*out = read_list(a, r, account);
	return rows_err(r);
}

err store_list_count(struct db *db, int64_t account, int64_t *out) { return db_i64(db, out, NULL, LIST_COUNT, I(account)); }

err store_list_members(struct arena *a, struct db *db, int64_t list, struct range r, struct placed_ids *out) {
	return range_query(a, db, LIST_MEMBERS, LIST_MEMBERS_UP, list, r, out);
}

err store_list_has(struct db *db, int64_t list, int64_t account, bool *out) {
	int64_t ignored;
	return db_i64(db, &ignored, out, LIST_MEMBER_HAS, I(list), I(account));
}

err store_list_put(struct tx *tx, const struct list *l) {
	return db_exec(tx_db(tx), LIST_PUT, I(l->id), I(l->account_id), T(l->title), I(l->replies), I(l->exclusive));
}

err store_list_delete(struct tx *tx, int64_t id) {
	TRY(db_exec(tx_db(tx), LIST_EMPTY, I(id)));
	return db_exec(tx_db(tx), LIST_DELETE, I(id));
}

err store_list_member_put(struct tx *tx, int64_t list, int64_t account, int64_t id) {
	return db_exec(tx_db(tx), LIST_MEMBER_PUT, I(list), I(account), I(id));
}

err store_list_member_delete(struct tx *tx, int64_t list, int64_t account) {
	return db_exec(tx_db(tx), LIST_MEMBER_DELETE, I(list), I(account));
}

err store_list_member_delete_all(struct tx *tx, int64_t owner, int64_t account) {
	return db_exec(tx_db(tx), LIST_MEMBER_DELETE_ALL, I(owner), I(account));
}
