/* StatusEdit (Mastodon API): one form of a post that was edited. */
#ifndef API_VIEW_STATUS_EDIT_H
#define API_VIEW_STATUS_EDIT_H

#include "gate/gate.h"
#include "store/status.h"
#include "store/status_edit.h"

/* A JSON array of all forms, oldest first; of a post never edited (n = 0) the one it has. The caller saw to it that the viewer may see it.
 */
void view_status_forms(struct rq *rq, struct buf *out, const struct status *s, const struct status_edit *forms, size_t n);

#endif
