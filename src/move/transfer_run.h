/* Inside move/transfer: one that is under way. */
#ifndef MOVE_TRANSFER_RUN_H
#define MOVE_TRANSFER_RUN_H

#include "base/buf.h"
#include "move/transfer.h"

struct transfer_run {
	struct ctx c; /* viewer: the account; an arena of its own, which each kind empties after every line */
	struct transfer t, had;
	struct buf report;
	int report_lines;
	int64_t told; /* monotonic ms */
};

/* Counts a line that is not taken, and reports it while there is room. */
void transfer_refuse(struct transfer_run *r, int64_t line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Writes the progress now and then. ERR_UNAVAILABLE when the program wants to stop: the job is run again. */
err transfer_step(struct transfer_run *r);

/* The kinds. An err that is ERR_INVALID or ERR_TOO_LARGE is the person's; others let the job run again. */
err transfer_lists_in(struct transfer_run *r, struct str file);
err transfer_posts_in(struct transfer_run *r, int fd);
err transfer_bluesky_in(struct transfer_run *r, int fd);
/* Exports write into fd and set t.size. */
err transfer_archive_out(struct transfer_run *r, int fd);
err transfer_account_out(struct transfer_run *r, int fd);

/* Whether an err of a verb is about this line alone. */
bool transfer_is_about_line(err e);

#endif
