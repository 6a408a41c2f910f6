/* Jobs: work that may fail and is tried again (mail, media, deletions). A verb adds one inside its own transaction, so the
 * work is there exactly when the change is; jobs/runner.h runs them. Times are milliseconds since 1970. */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include "store/tx.h"

struct job {
	int64_t id;
	int64_t run_at;
	int64_t tries;   /* that failed so far */
	int64_t a, b;    /* per kind */
	struct str data; /* per kind; never a secret: it is copied to standbys and backups */
};

/* Due at run_at (0: now). *id may be NULL. */
err store_job_add(struct tx *tx, struct str kind, int64_t run_at, int64_t a, int64_t b, struct str data, int64_t *id);

/* For work done again and again: sees to it that beside the job `but` (0: none) one of the kind waits, at run_at or sooner. */
err store_job_ensure(struct tx *tx, struct str kind, int64_t run_at, int64_t but);

/* Those of a kind that wait for later are due at run_at. */
err store_job_sooner(struct tx *tx, struct str kind, int64_t run_at);
/* How many of a kind wait, due or not. */
err store_job_waiting(struct db *db, struct str kind, int64_t *out);

/* At most `most` jobs of a kind that are due at `now`, longest waiting first. */
err store_job_due(struct db *db, struct arena *a, struct str kind, int64_t now, size_t most, struct job **out, size_t *n);

/* Whether one of them is due still: what was read as due may have been done since. */
err store_job_is_due(struct db *db, int64_t id, int64_t now, bool *due);

/* What waits is due `ms` sooner (later when it is less than 0): the clock here is behind the one by which it was told to. but: a
 * kind whose time people were told. */
err store_job_shift(struct tx *tx, int64_t ms, struct str but);

/* All of a kind; of those the ones for a; all there are. */
err store_job_forget(struct tx *tx, struct str kind);
err store_job_forget_of(struct tx *tx, struct str kind, int64_t a);
err store_job_forget_all(struct tx *tx);

/* The four ends of a try, a transaction each. */
err store_job_done(struct db *db, int64_t id);
err store_job_retry(struct db *db, int64_t id, int64_t run_at, struct str error);
err store_job_postpone(struct db *db, int64_t id, int64_t run_at, struct str error); /* a retry that does not count */
err store_job_bury(struct db *db, int64_t id, struct str error);

err store_job_count(struct db *db, int64_t *waiting, int64_t *buried);

#endif
