#include "store/closed.h"

#include "store/engine.h"
#include "store/local_state.h"

static const struct str key = {"closed", 6};

err store_closed_set(struct db *db, struct str why) { return store_local_set(db, key, why); }

err store_closed(struct arena *a, struct db *db, struct str *why) { return store_local_get(a, db, key, why); }

static err set(struct tx *tx, void *arg) {
	const struct str *why = arg;
	return store_closed_set(tx_db(tx), *why);
}

/* SQLite's writer runs this after all that was committed before. On PostgreSQL each transaction shares a lock from its journal entry on,
 * which this takes for itself: once, as who closed it before has it still. */
static err wait_for_writers(struct db *db) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CLOSED_WAIT));
	while (rows_next(r))
		;
	return rows_err(r);
}

static err closed_before(struct db *db, bool *yes) {
	struct arena *a = arena_new();
	struct str why;
	int64_t held = 0;
	err e = store_closed(a, db, &why);
	if (!e && why.n)
		e = db_i64(db, &held, NULL, CLOSED_HELD);
	*yes = held > 0;
	arena_free(&a);
	return e;
}

err store_close_to_writes(struct db *db, struct str why) {
	bool before;
	TRY(closed_before(db, &before));
	db_rest(db);
	if (!before)
		TRY(wait_for_writers(db));
	return tx_run(db, set, &why);
}

void store_lease_writes(struct store *s, int64_t until) { s->writes_until = until; }
