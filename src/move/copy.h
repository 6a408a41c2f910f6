/* Copies all blobs of one store to another: many at once, resumable, each proven.
 *
 * Two threads list the stores, in the order of names; what is in both with the same length is passed over, so that a copy that was killed
 * goes on where it was. What is read is what was put (blob/blob.h), and an object store gets the SHA-256 of every body and refuses another;
 * a store that can copy inside itself does so and its checksums are compared. Memory does not grow with the stores, but for one line a
 * failure. */
#ifndef MOVE_COPY_H
#define MOVE_COPY_H

#include "base/arena.h"
#include "blob/blob.h"

#include <stdatomic.h>

enum { COPY_JOBS_MAX = 64, COPY_TELL_MS = 200 };

struct copy_counts {
	int64_t seen, seen_bytes;     /* in the source so far; all of them when listed */
	int64_t there;                /* were in both */
	int64_t copied, copied_bytes; /* dry run: would be */
	int64_t gone;                 /* from the source, since it was listed */
	int64_t failed;
	bool listed;
};

struct copy_order {
	struct blobs *from, *to;
	int jobs;      /* 1 … COPY_JOBS_MAX at once */
	int64_t rate;  /* bytes a second on average; 0: as fast as it goes */
	int64_t floor; /* nothing is put when less room is left in `to` */
	bool dry_run;
	const _Atomic bool *stop; /* set by others: ends early; may be NULL */
	/* About every COPY_TELL_MS, and once at the end, on the caller's thread. */
	void (*tell)(void *ctx, const struct copy_counts *now);
	/* Each blob that is in `to`, proven and durable, on the threads that copy; an err counts as its failure. NULL: nothing. */
	err (*done)(void *ctx, const struct blob_item *item);
	void *ctx;
};

struct copy_failure {
	struct blob_name name;
	struct str why;
};

/* Runs until all is copied. The failures live in the arena. An err: a store could not be listed, or the end not be made durable; what was
 * copied stays. */
err copy_run(struct arena *a, const struct copy_order *o, struct copy_counts *counts, struct copy_failure **failures, size_t *n);

#endif
