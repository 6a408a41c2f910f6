/* The first run: a link, good for an hour, that makes its opener the owner while there is none. */
#ifndef CORE_OWNER_H
#define CORE_OWNER_H

#include "base/buf.h"
#include "core/ctx.h"
#include "core/sign_up.h"
#include "core/site_text.h"

/* Makes a new link (earlier ones stop working) and appends it. Nothing is appended when there is an owner. */
err owner_link_new(struct ctx *c, struct buf *url);

/* Uses the link up: the member becomes the owner, confirmed and approved, and the site gets its first texts. ERR_GONE: the link is used or
 * old; ERR_CONFLICT: there is an owner; ERR_INVALID with problems. */
err owner_setup(struct ctx *c, struct str secret, const struct made_member *member, const struct site_change *site, struct problems *p,
                int64_t *account_id);

#endif
