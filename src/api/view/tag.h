/* Tag (Mastodon API), for the viewer of the request. */
#ifndef API_VIEW_TAG_H
#define API_VIEW_TAG_H

#include "gate/gate.h"
#include "store/tag.h"

/* Appends the entity with its last seven days and, for somebody logged in, whether they follow it. Needs the database. */
void view_tag(struct rq *rq, struct buf *out, const struct tag *t);
void view_tags(struct rq *rq, struct buf *out, const struct tag *tags, size_t n);

#endif
