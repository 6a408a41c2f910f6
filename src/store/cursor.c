#include "store/cursor.h"

#include "base/clock.h"

static const struct str trimmed = {"trimmed", 7};

static err two(struct rows *r, int64_t *xid, int64_t *seq, bool *found) {
	*found = rows_next(r);
	*xid = *found ? rows_i64(r, 0) : 0;
	*seq = *found ? rows_i64(r, 1) : 0;
	return rows_err(r);
}

err store_cursor_get(struct db *db, struct str name, int64_t *xid, int64_t *seq, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CURSOR_GET, T(name)));
	return two(r, xid, seq, found);
}

struct move {
	struct str name, holder;
	int64_t xid, seq;
};

static err move(struct tx *tx, void *arg) {
	const struct move *m = arg;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(tx_db(tx), &r, LEASE_HOLDER, T(m->name)));
	bool held = rows_next(r) && str_eq(rows_text(r, 0), m->holder);
	rows_end(&r);
	if (!held)
		return err_private(ERR_CONFLICT, "another node has taken over %.*s", S_ARG(m->name));
	return db_exec(tx_db(tx), CURSOR_SET, T(m->name), I(m->xid), I(m->seq), I(clock_ms()));
}

err store_cursor_set(struct db *db, struct str name, struct str holder, int64_t xid, int64_t seq) {
	return tx_run(db, move, &(struct move){name, holder, xid, seq});
}

err store_journal_trimmed(struct db *db, int64_t *xid, int64_t *seq) {
	bool found;
	return store_cursor_get(db, trimmed, xid, seq, &found);
}

struct trim {
	int64_t before, heard_since;
	size_t most, n;
};

static err trim(struct tx *tx, void *arg) {
	struct trim *t = arg;
	struct db *db = tx_db(tx);
	int64_t xid, seq;
	bool any;
	t->n = 0;
	{
		struct ROWS_AUTO *r = NULL;
		TRY(db_query(db, &r, CURSOR_LEAST, I(t->heard_since)));
		TRY(two(r, &xid, &seq, &any));
		if (!any)
			return NULL;
	}
	{
		struct ROWS_AUTO *r = NULL;
		TRY(db_query(db, &r, JOURNAL_OLD, I(t->before), I(xid), I(seq), I((int64_t)t->most)));
		for (; rows_next(r); t->n++) {
			xid = rows_i64(r, 0);
			seq = rows_i64(r, 1);
		}
		TRY(rows_err(r));
	}
	if (!t->n)
		return NULL;
	TRY(db_exec(db, CHANGE_CUT, I(xid), I(seq)));
	TRY(db_exec(db, JOURNAL_CUT, I(xid), I(seq)));
	return db_exec(db, CURSOR_SET, T(trimmed), I(xid), I(seq), I(clock_ms()));
}

err store_journal_trim(struct db *db, int64_t before, int64_t heard_since, size_t most, size_t *n) {
	struct trim t = {.before = before, .heard_since = heard_since, .most = most};
	*n = 0;
	TRY(tx_run(db, trim, &t));
	*n = t.n;
	return NULL;
}
