/* Puts a backup back (move/backup.h): rows into an empty database of either engine, blobs into any media store; or only looks whether that
 * could be done. Nothing is written before the chain of manifests was looked at. What was cut off is gone on with: the database keeps how
 * far it came (store/local_state.h), and blobs that are there are passed over. After the rows of a snapshot comes the log (move/ship.h). */
#ifndef MOVE_RESTORE_H
#define MOVE_RESTORE_H

#include "blob/blob.h"
#include "move/vault.h"
#include "store/db.h"

struct restore_counts {
	int64_t rows, rows_all, blobs, blobs_all, bytes, entries;
};

struct restore {
	struct vault *vault;
	struct backup_manifest m;
	struct blob_name hash; /* of m */
	int64_t at;            /* no entry of the log that is later (ms); 0: all there is */
	int64_t upto;          /* when the last entry was made that is in, or the snapshot */
	struct restore_counts counts;
	int64_t told;
	const _Atomic bool *stop; /* ends it early with ERR_UNAVAILABLE; may be NULL */
	/* Now and then on the caller's thread; may be NULL. */
	void (*tell)(void *ctx, const struct restore_counts *now);
	void *ctx;
};

/* Reads the newest manifest, or the newest of those not after `at` (ms; 0: any), and looks at all that are kept. ERR_NOT_FOUND when none is
 * so old. */
err restore_choose(struct arena *a, struct restore *r, int64_t at);

/* Loads the rows. ERR_CONFLICT: the database has rows that are not of this restore. ERR_STORE names an object of the backup that is
 * damaged; ERR_INVALID: it is of a newer program. */
err restore_rows(struct restore *r, struct store *store);

/* Compares the tables with the manifest: counts, and sums over the rows. ERR_STORE names the table that differs. */
err restore_check_rows(struct restore *r, struct db *db);

/* Replays the log that follows the snapshot, as far as r->at. A log that does not join ends there: r->upto says how far it came. */
err restore_log(struct restore *r, struct store *store);

/* The network's secret, with which blobs are named (32 bytes). ERR_STORE when the database has none. */
err restore_secret(struct db *db, char secret[32]);

/* Puts all blobs, of the snapshot and of the log, into the store, proven by their names; `to` NULL: only proves them. dir: where a blob of
 * many chunks waits. */
err restore_blobs(struct restore *r, const char secret[32], struct blobs *to, struct str dir);

/* Restores into a database in a folder of its own under `under`, which is removed again, and compares; blobs are read whole and proven, one
 * at a time. ERR_STORE says what is not whole. */
err restore_try(struct arena *a, struct restore *r, struct str under);

/* What the place of before has no meaning for here is forgotten, and that this was a restore. */
err restore_end(struct db *db);

#endif
