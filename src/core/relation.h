/* What stands between the viewer and another account, for verbs and views. */
#ifndef CORE_RELATION_H
#define CORE_RELATION_H

#include "core/ctx.h"
#include "store/relation.h"

/* ERR_NOT_FOUND when there is no such account, or it is gone (suspended, deleted, not let in yet) and `gone_too` is not set. */
err relation_get(struct ctx *c, int64_t target, bool gone_too, struct relation *out);

/* The same inside a transaction of the viewer's, with the rows as they are there. */
struct tx;
err relation_in_tx(struct ctx *c, struct tx *tx, int64_t target, bool gone_too, struct relation *out);

#endif
