/* Poll (Mastodon API), for the viewer of the request. */
#ifndef API_VIEW_POLL_H
#define API_VIEW_POLL_H

#include "gate/gate.h"
#include "store/poll.h"

/* Appends the entity. The caller saw to it that the viewer may see the post; `voted` are the viewer's choices. own: of the viewer's own
 * post. */
void view_poll(struct buf *out, const struct poll *p, int64_t now, bool viewer, bool own, const int64_t *voted, size_t n);

/* The same of a post, with what it needs read from the database: nothing and false when it has no poll or there is no db. */
bool view_poll_of(struct rq *rq, struct buf *out, int64_t status, int64_t author);

#endif
