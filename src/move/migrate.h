/* Moving the media to another store while the network runs.
 *
 * Beginning writes the switch into the site table and a job, in one transaction: from then on every node puts new blobs into the new store
 * and reads what is not there from the old one (core/media_store.h). The job moves the rest, blob by blob: put, proven, dropped; it goes on
 * after a restart and ends when the old store stays empty. A blob that the old store has damaged stays there and is named in the log; the
 * job comes back to it. */
#ifndef MOVE_MIGRATE_H
#define MOVE_MIGRATE_H

#include "core/ctx.h"
#include "core/media_store.h"
#include "store/job.h"

#define MEDIA_MIGRATE_JOB "media.migrate"
/* How far it is, in local_state: blobs moved, blobs found so far, 1 when these are all. Some seconds old. */
#define MEDIA_MOVING "media.moving"
enum { MIGRATE_TRIES = 1000 };

/* ERR_INVALID when `to` is no store, refuses us or is the present one; ERR_CONFLICT while a move is going on. */
err migrate_begin(struct ctx *c, struct str to);

/* What the site table says, and how many blobs the old store still has (counted by listing it). */
err migrate_status(struct ctx *c, struct media_move *out, bool *found, int64_t *left);

err migrate_job(struct ctx *c, const struct job *job);

#endif
