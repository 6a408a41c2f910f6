/* Relationship (Mastodon API): what stands between the viewer and another account. */
#ifndef API_VIEW_RELATIONSHIP_H
#define API_VIEW_RELATIONSHIP_H

#include "gate/gate.h"
#include "store/relation.h"

/* Appends the entity for the viewer, or appends nothing and returns false when there is no such account. */
bool view_relationship(struct rq *rq, struct buf *out, int64_t target);
/* Of a relation read before. */
void view_relation(struct buf *out, const struct relation *r);

#endif
