/* A backup inside the running server: one at a time, on a thread of its own, so that other commands get their turn. Whoever asked for it
 * asks now and then how far it is. */
#ifndef OPS_BACKUP_INSIDE_H
#define OPS_BACKUP_INSIDE_H

#include "move/backup.h"
#include "ops/command.h"

/* What `freehold backup TO` was told. Strings are copied where it is begun. */
struct backup_wish {
	struct str to, key;
	struct backup_keep keep;
	bool has_keep, after_loss;
};

/* Opens the place and makes the backup, in this thread. */
err backup_do(struct ctx *c, const struct backup_wish *wish, struct backup_order *order, struct backup_result *out);

/* ERR_CONFLICT while one runs. */
err backup_inside_begin(struct site *site, const struct backup_wish *wish);
/* False when there is none. *running: still; then *counts is set. Else *failed's code is 0 or it says why, and *result is set. */
bool backup_inside_state(bool *running, struct backup_counts *counts, struct backup_result *result, struct err *failed);
/* Ends one that runs: the site is about to go. */
void backup_inside_stop(void);

#endif
