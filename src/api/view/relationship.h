/* Relationship (Mastodon API): what stands between the viewer and another account. */
#ifndef API_VIEW_RELATIONSHIP_H
#define API_VIEW_RELATIONSHIP_H

#include "base/buf.h"
#include "store/relation.h"

void view_relation(struct buf *out, const struct relation *r);

#endif
