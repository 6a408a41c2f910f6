/* Conversation (Mastodon API): one of the viewer's. */
#ifndef API_VIEW_CONVERSATION_H
#define API_VIEW_CONVERSATION_H

#include "gate/gate.h"

/* Appends the entity, or appends nothing and returns false when the viewer has no such conversation. */
bool view_conversation(struct rq *rq, struct buf *out, int64_t thread);

#endif
