/* What the viewer does with a post that changes nothing in it: favourite, bookmark, pin, mute its conversation.
 *
 * All take the id of a post the viewer may see (of a boost: the post under it; *status is the post meant), are ERR_NOT_FOUND for others,
 * and succeed without effect when it is so already. */
#ifndef CORE_STATUS_MARK_H
#define CORE_STATUS_MARK_H

#include "core/ctx.h"

err status_favourite(struct ctx *c, int64_t id, bool on, int64_t *status);
err status_bookmark(struct ctx *c, int64_t id, bool on, int64_t *status);
/* Own public, unlisted and private posts only, at most statuses.max_pinned: else ERR_INVALID. */
err status_pin(struct ctx *c, int64_t id, bool on, int64_t *status);
err status_mute_thread(struct ctx *c, int64_t id, bool on, int64_t *status);

#endif
