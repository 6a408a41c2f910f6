/* The scratch copy of a drill: a folder, a standby in it, and what is looked at in its database once it is opened. */
#ifndef OPS_DRILL_COPY_H
#define OPS_DRILL_COPY_H

#include "ops/drill.h"
#include "ops/progress.h"

/* This network, as it was asked. */
struct drill_look {
	int64_t at, entries; /* ms; where its journal ends */
	int64_t counts[EXTENT_COUNT];
	struct rehearsal_row rows[REHEARSAL_ROWS];
	size_t row_count;
};

struct drill_copy {
	struct command_call *call;
	struct str dir, data, conf, log; /* of the copy */
	struct str program;
	int pid;  /* of its standby; 0: none runs */
	int lock; /* on the scratch folder, as long as the process lives */

	int64_t rows, blobs, blob_bytes;      /* that came */
	int64_t copy_ms, promote_ms, through; /* promote_ms: to end the standby and open its database */

	int64_t counts[EXTENT_COUNT];
	struct rehearsal_row found[REHEARSAL_ROWS]; /* the look's rows, as they are here */
	struct drill_trial trial;
};

/* Takes the folder in which the copy shall be, and removes what a drill that was killed left there. ERR_CONFLICT: another is at work. */
err drill_copy_lock(struct drill_copy *c, struct command_call *call, struct str scratch);
/* Makes the copy's folder and its settings. */
err drill_copy_make(struct drill_copy *c, struct str scratch, struct str domain);
/* Starts the standby, with a token. */
err drill_copy_start(struct drill_copy *c, struct str url, struct str token);
/* Waits until everything acknowledged before `at` (ms, 0: all rows and files) is here. */
err drill_copy_wait(struct drill_copy *c, int64_t at, int64_t rows, int64_t bytes);
/* Ends the standby, opens the copy, and looks for the rows; makes somebody's token for the trial. */
err drill_copy_open(struct drill_copy *c, const struct drill_look *look);
/* Ends what runs and removes the folder. */
void drill_copy_remove(struct drill_copy *c);

#endif
