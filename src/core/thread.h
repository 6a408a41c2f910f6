/* Threads: what stands above and below a post, as the viewer may and wants to see it. */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include "core/ctx.h"
#include "store/status.h"

struct thread {
	int64_t *above, *below; /* the first post of all first; replies right after what they reply to */
	size_t above_count, below_count;
};

/* ERR_NOT_FOUND when the viewer may not see the post itself. Left out: posts that may not be seen, those of accounts the viewer blocks or
 * mutes, and those of limited accounts that the viewer does not follow. Nobody logged in: at most 40 above and 60 below. */
err thread_of(struct ctx *c, int64_t id, struct thread *out);

/* By the same rules: whether a post of a thread stands there for the viewer. */
bool thread_shows(struct ctx *c, int64_t id);

#endif
