/* Conversations: the lists of direct posts, one view of each per participant. */
#ifndef CORE_CONVERSATION_H
#define CORE_CONVERSATION_H

#include "core/ctx.h"
#include "store/conversation.h"
#include "store/status.h"

/* In a transaction: a direct post is the newest of its conversation for the author and all it names (unread for these). */
err conversation_add(struct ctx *c, struct tx *tx, const struct status *s, const int64_t *named, size_t n);
/* In a transaction, before the post's mentions go: the participants' views fall back to the post before it, or vanish. */
err conversation_take(struct ctx *c, struct tx *tx, const struct status *s);

/* The viewer's own. ERR_NOT_FOUND when there is none of that id. */
err conversation_mark(struct ctx *c, int64_t thread, bool unread);
err conversation_drop(struct ctx *c, int64_t thread);

#endif
