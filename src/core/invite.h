/* Invites of the ctx's viewer. */
#ifndef CORE_INVITE_H
#define CORE_INVITE_H

#include "core/ctx.h"
#include "store/invite.h"

/* max_uses 0: any number; expires_in 0: never (seconds). ERR_INVALID out of range or when there are too many already. */
err invite_make(struct ctx *c, int64_t max_uses, int64_t expires_in, struct invite_row *out);
err invite_remove(struct ctx *c, int64_t id);

/* The page of the web client that an invite is opened with. */
struct str invite_url(struct ctx *c, struct str code);

#endif
