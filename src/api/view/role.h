/* AccountRole and Role (Mastodon API): what a member may do for the site. Pure. */
#ifndef API_VIEW_ROLE_H
#define API_VIEW_ROLE_H

#include "base/buf.h"

/* As shown on a profile: id, name, color. */
void view_account_role(struct buf *out, int role);
/* With permissions, for the member itself. */
void view_role(struct buf *out, int role);

#endif
