/* Polls: voting and ending. A poll is seen by whoever sees its post. */
#ifndef CORE_POLL_H
#define CORE_POLL_H

#include "core/ctx.h"
#include "store/poll.h"

/* ERR_NOT_FOUND when there is no such poll for the viewer. */
err poll_visible(struct ctx *c, int64_t id, struct poll *out);

/* The viewer votes, once and for all. ERR_INVALID: own poll, ended, voted already, a choice that is not there, more than one of a single
 * choice. */
err poll_vote(struct ctx *c, int64_t id, const int64_t *choices, size_t n);

/* Marks a poll whose time is over as ended (J_POLL_ENDED: the notifications reader tells those who took part). Without effect when it is
 * not over, marked already or gone. *left_ms: how long it still runs; 0: nothing more to do. Not for a viewer: the expiry job runs it. */
err poll_end(struct ctx *c, int64_t id, int64_t *left_ms);

#endif
