/* Polls: voting and ending. A poll is seen by whoever sees its post. */
#ifndef CORE_POLL_H
#define CORE_POLL_H

#include "core/ctx.h"
#include "store/poll.h"

/* The viewer votes, once and for all. ERR_INVALID: own poll, ended, voted already, a choice that is not there, more than one of a single
 * choice. */
err poll_vote(struct ctx *c, int64_t id, const int64_t *choices, size_t n);

/* In a transaction: writes the poll of a post and the job that ends it. */
struct poll_draft;
err poll_put(struct tx *tx, int64_t status, const struct poll_draft *d, int64_t now);

/* The job POLL_END_JOB of a post's poll: marks it as ended (J_POLL_ENDED: the notifications reader tells those who took part). Without
 * effect when it is not over, because an edit put another poll in its place, or when it is gone. */
#define POLL_END_JOB "poll.end"
struct job;
err poll_end_job(struct ctx *c, const struct job *job);

#endif
