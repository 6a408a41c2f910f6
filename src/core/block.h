/* Blocking, muting and notes: by the viewer of the ctx, one transaction each. */
#ifndef CORE_BLOCK_H
#define CORE_BLOCK_H

#include "core/ctx.h"

/* Ends follows and requests both ways, takes each off the other's lists and the target out of the viewer's notifications.
 * ERR_FORBIDDEN for oneself. */
err block_account(struct ctx *c, int64_t target);
err unblock_account(struct ctx *c, int64_t target);

/* seconds 0: until unmuted. Muting again changes what and how long. */
err mute_account(struct ctx *c, int64_t target, bool notifications, int64_t seconds);
err unmute_account(struct ctx *c, int64_t target);

enum { NOTE_MAX = 2000 };
/* The viewer's private note about the target, at most NOTE_MAX characters; empty deletes it. */
err note_set(struct ctx *c, int64_t target, struct str text);

#endif
