/* Editing posts, with a history of all their forms. */
#ifndef CORE_STATUS_EDIT_H
#define CORE_STATUS_EDIT_H

#include "core/draft.h"
#include "store/status_edit.h"

/* Gives a post of the viewer's the texts, media, their words and poll of the draft; visibility and what it replies to stay. A poll with
 * other choices begins anew without votes; keep_poll leaves it as it is (d->poll NULL without it removes it). A draft that changes nothing
 * makes no new form. ERR_NOT_FOUND when there is no such post of the viewer's. */
err status_edit(struct ctx *c, int64_t id, struct draft *d, bool keep_poll);

/* All forms of a post the viewer sees, oldest first; a post that was never edited has none. */
err status_history(struct ctx *c, int64_t id, struct status *s, struct status_edit **out, size_t *n);

#endif
