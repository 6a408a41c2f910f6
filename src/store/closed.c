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
 * which this takes for itself. */
err store_close_to_writes(struct db *db, struct str why) {
	{
		struct ROWS_AUTO *r = NULL;
		TRY(db_query(db, &r, CLOSED_WAIT));
		while (rows_next(r))
			;
		TRY(rows_err(r));
	}
	return tx_run(db, set, &why);
}

void store_lease_writes(struct store *s, int64_t until) { s->writes_until = until; }
