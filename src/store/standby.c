#include "store/standby.h"

#include "base/vec.h"
#include "store/local_state.h"

static struct str cursor_of(struct arena *a, struct str name) { return arena_printf(a, "standby %.*s", S_ARG(name)); }

err store_standby_invite(struct tx *tx, struct str name, struct str token_hash, int64_t until) {
	int64_t changed = 0;
	TRY(db_exec_changed(tx_db(tx), &changed, STANDBY_INVITE, T(name), B(token_hash), I(until)));
	return changed ? NULL
	               : err_public(ERR_CONFLICT, "there is a standby called %.*s already: revoke it, or take another name", S_ARG(name));
}

err store_standby_join(struct arena *a, struct tx *tx, struct str token_hash, int64_t now, struct str key_hash, struct str *name) {
	*name = STR_NONE;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(tx_db(tx), &r, STANDBY_JOIN, B(token_hash), I(now), B(key_hash)));
	while (rows_next(r))
		*name = rows_copy(r, 0, a);
	return rows_err(r);
}

static struct str doing_of(struct arena *a, struct str name) { return arena_printf(a, "standby.doing %.*s", S_ARG(name)); }

err store_standby_seen(struct tx *tx, struct str name, int64_t now, struct str doing) {
	struct arena *a = arena_new();
	err e = db_exec(tx_db(tx), STANDBY_HEARD, T(name), I(now));
	if (!e)
		e = store_local_set(tx_db(tx), doing_of(a, name), doing);
	arena_free(&a);
	return e;
}

err store_standby_reached(struct tx *tx, struct str name, int64_t now, int64_t xid, int64_t seq) {
	struct arena *a = arena_new();
	err e = db_exec(tx_db(tx), CURSOR_SET, T(cursor_of(a, name)), I(xid), I(seq), I(now));
	arena_free(&a);
	return e;
}

err store_standby_revoke(struct tx *tx, struct str name, bool *found) {
	struct arena *a = arena_new();
	int64_t changed = 0;
	err e = db_exec_changed(tx_db(tx), &changed, STANDBY_REVOKE, T(name));
	if (!e)
		e = db_exec(tx_db(tx), STANDBY_CURSOR_DROP, T(cursor_of(a, name)));
	if (!e)
		e = store_local_set(tx_db(tx), doing_of(a, name), STR_NONE);
	*found = changed > 0;
	arena_free(&a);
	return e;
}

err store_standby_by_key(struct arena *a, struct db *db, struct str key_hash, struct str *name, int64_t *heard_at) {
	*name = STR_NONE;
	*heard_at = 0;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, STANDBY_BY_KEY, B(key_hash)));
	if (rows_next(r)) {
		*name = rows_copy(r, 0, a);
		*heard_at = rows_i64(r, 1);
	}
	return rows_err(r);
}

err store_standby_list(struct arena *a, struct db *db, struct standby_row **out, size_t *n) {
	VEC(struct standby_row) list = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, STANDBY_LIST));
	while (rows_next(r))
		vec_push(a, &list,
		         ((struct standby_row){rows_copy(r, 0, a), rows_bool(r, 1), rows_i64(r, 2), rows_i64(r, 3), rows_i64(r, 4),
		                               rows_i64(r, 5), rows_copy(r, 6, a)}));
	*out = list.v;
	*n = list.n;
	return rows_err(r);
}

err store_journal_rest(struct db *db, int64_t xid, int64_t seq, int64_t *since) {
	return db_i64(db, since, NULL, JOURNAL_REST, I(xid), I(seq));
}
