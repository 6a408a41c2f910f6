#include "store/member.h"

#include "base/buf.h"
#include "base/vec.h"

static err read_one(struct arena *a, struct rows *r, struct member_row *out, bool *found) {
	*found = rows_next(r);
	if (*found)
		*out = (struct member_row){
		    .account_id = rows_i64(r, 0),
		    .email = rows_copy(r, 1, a),
		    .new_email = rows_copy(r, 2, a),
		    .password_hash = rows_copy(r, 3, a),
		    .role = (int)rows_i64(r, 4),
		    .flags = rows_i64(r, 5),
		    .locale = rows_copy(r, 6, a),
		    .reason = rows_copy(r, 7, a),
		    .invite_id = rows_i64(r, 8),
		    .address = rows_copy(r, 9, a),
		    .settings = rows_copy(r, 10, a),
		    .last_login_at = rows_i64(r, 11),
		};
	return rows_err(r);
}

err store_member_by_id(struct arena *a, struct db *db, int64_t account_id, struct member_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEMBER_BY_ID, I(account_id)));
	return read_one(a, r, out, found);
}

err store_member_by_email(struct arena *a, struct db *db, struct str email, struct member_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEMBER_BY_EMAIL, T(email)));
	return read_one(a, r, out, found);
}

err store_member_any_with_role(struct db *db, int role, bool *found) {
	int64_t id;
	return db_i64(db, &id, found, MEMBER_WITH_ROLE, I(role));
}

err store_member_others_of_role(struct db *db, int role, int64_t account_id, int64_t *out) {
	return db_i64(db, out, NULL, MEMBER_OTHERS_OF_ROLE, I(role), I(account_id));
}

err store_member_owner(struct db *db, int64_t *id, bool *found) { return db_i64_(db, id, found, MEMBER_OWNER, NULL, 0); }

err store_member_count(struct db *db, int64_t since, int64_t *out) { return db_i64(db, out, NULL, MEMBER_COUNT, I(since)); }

err store_member_lines(struct arena *a, struct db *db, int64_t after, int limit, struct member_line **out, size_t *n) {
	VEC(struct member_line) list = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEMBER_LINES, I(after), I(limit)));
	while (rows_next(r)) {
		struct member_line line = {.id = rows_i64(r, 0),
		                           .username = rows_copy(r, 1, a),
		                           .email = rows_copy(r, 2, a),
		                           .role = (int)rows_i64(r, 3),
		                           .member_flags = rows_i64(r, 4),
		                           .account_flags = rows_i64(r, 5)};
		vec_push(a, &list, line);
	}
	*out = list.v;
	*n = list.n;
	return rows_err(r);
}

/* "%part%" with its wildcards escaped, lower case as the query compares; empty for any. */
static struct str like(struct arena *a, struct str part) {
	BUF_AUTO b = {0};
	if (str_empty(part))
		return S("");
	buf_byte(&b, '%');
	for (size_t i = 0; i < part.n; i++) {
		char c = part.p[i];
		if (c == '%' || c == '_' || c == '!')
			buf_byte(&b, '!');
		buf_byte(&b, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
	}
	buf_byte(&b, '%');
	return arena_str(a, buf_str(&b));
}

static err read_ids(struct arena *a, struct rows *r, int64_t **ids, size_t *n) {
	VEC(int64_t) found = {0};
	while (rows_next(r))
		vec_push(a, &found, rows_i64(r, 0));
	*ids = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_members_found(struct arena *a, struct db *db, const struct member_filter *f, int64_t above, int64_t below, int limit,
                        int64_t **ids, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEMBERS_FOUND, I(above), I(below), I(f->account_flags), I(f->account_flags_not), I(f->member_flags),
	             I(f->member_flags_not), I(f->role), T(like(a, f->username)), T(like(a, f->email)), T(like(a, f->display_name)),
	             T(f->address.n ? f->address : S("")), I(f->invited_by), I(limit)));
	return read_ids(a, r, ids, n);
}

err store_members_pending(struct arena *a, struct db *db, int64_t above, int64_t below, int limit, int64_t **ids, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEMBERS_PENDING, I(above), I(below), I(limit)));
	return read_ids(a, r, ids, n);
}

err store_member_invited_by(struct db *db, int64_t account_id, int64_t *inviter, bool *found) {
	return db_i64(db, inviter, found, MEMBER_INVITED_BY, I(account_id));
}

static err write_row(struct tx *tx, enum query q, const struct member_row *m) {
	return db_exec(tx_db(tx), q, I(m->account_id), T(m->email), T_OR_NUL(m->new_email), T_OR_NUL(m->password_hash), I(m->role),
	               I(m->flags), T_OR_NUL(m->locale), T_OR_NUL(m->reason), I_OR_NUL(m->invite_id), T_OR_NUL(m->address),
	               T_OR_NUL(m->settings), I(m->last_login_at));
}

err store_member_insert(struct tx *tx, const struct member_row *row) { return write_row(tx, MEMBER_INSERT, row); }

err store_member_update(struct tx *tx, const struct member_row *row) { return write_row(tx, MEMBER_UPDATE, row); }

err store_member_delete(struct tx *tx, int64_t account_id) { return db_exec(tx_db(tx), MEMBER_DELETE, I(account_id)); }
