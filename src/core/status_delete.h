/* Deleting posts: the row and all that hangs on it really go; earlier images of it in the change log are blanked by the store. */
#ifndef CORE_STATUS_DELETE_H
#define CORE_STATUS_DELETE_H

#include "core/ctx.h"
#include "store/status.h"

/* Deletes a post or boost of the viewer's. *was is what it was, so that it can be written anew. Attachments stay the viewer's, under new
 * addresses, unless with_media. ERR_NOT_FOUND when there is none of the viewer's with that id. */
err status_delete(struct ctx *c, int64_t id, bool with_media, struct status *was);

/* The same for somebody else's, by a moderator, attachments too. */
err status_delete_by_moderator(struct ctx *c, int64_t id, struct status *was);

/* In a transaction that has its journal entry: removes the post, its boosts, and every row that names it. */
err status_remove(struct ctx *c, struct tx *tx, const struct status *s, bool with_media);

#endif
