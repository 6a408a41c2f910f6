/* Who may see what: decided at answer time against current state, deny by default.
 *
 * A post is seen by its author always; by others only while its author is neither suspended nor blocking the viewer, and then: public and
 * unlisted by everybody, private by followers and those it names, direct by those it names. A boost is seen by who sees both the boost
 * and the post under it. On a loop thread (no db) what memory cannot decide sets missed and is denied. */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include "core/ctx.h"
#include "store/status.h"

bool policy_sees(struct ctx *c, const struct status *s);

/* The post itself, its texts in the ctx's arena; ERR_NOT_FOUND when it does not exist or may not be seen: nobody can tell which. */
err status_visible(struct ctx *c, int64_t id, struct status *out);

#endif
