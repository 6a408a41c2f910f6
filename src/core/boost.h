/* Boosts: a post shown again by somebody else. A boost is a status row of its own. */
#ifndef CORE_BOOST_H
#define CORE_BOOST_H

#include "core/ctx.h"
#include "store/status.h"

/* The viewer boosts a post (of a boost: the post under it); *boost is the boost, the earlier one when there is one. visibility -1: public,
 * or the post's own where that is narrower. Public and unlisted posts may be boosted, private ones by their author; others are
 * ERR_NOT_FOUND or ERR_FORBIDDEN ("This action is not allowed"). */
err boost_status(struct ctx *c, int64_t id, int visibility, int64_t *boost);

/* Takes the viewer's boost back; *original is the post it was of. Succeeds when there was none. ERR_NOT_FOUND when the viewer may not see
 * the post: the boost is gone all the same. */
err unboost_status(struct ctx *c, int64_t id, int64_t *original);

#endif
