/* How fast a network can leave this machine: measured here and now, for about three seconds, on one core.
 *
 * Rows are read from the database and packed, and loaded into a scratch SQLite file; the slower of the two counts. Objects are read, their
 * checksums taken, and written into a scratch folder. Blocks; the scratch folder is the caller's. */
#ifndef MOVE_RATES_H
#define MOVE_RATES_H

#include "base/arena.h"
#include "move/plan.h"
#include "store/db.h"

struct rates_measured {
	double rows_read, rows_loaded; /* a second */
	int64_t rows;                  /* how many were measured */
	double row_bytes;              /* packed */
	double objects, bytes;         /* a second */
};

/* db has rows to read; scratch is a store of its own, freshly made, that is loaded; folder is empty. */
err rates_measure(struct arena *a, struct db *db, struct store *scratch, struct str folder, struct rates_measured *out);

struct plan_rates rates_of(const struct rates_measured *m);

#endif
