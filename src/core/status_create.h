/* Posting. */
#ifndef CORE_STATUS_CREATE_H
#define CORE_STATUS_CREATE_H

#include "core/draft.h"

/* Posts as the viewer; *id is the post, or the one an earlier request with the same Idempotency-Key made within the hour (then *fresh is
 * false). ERR_INVALID says what is wrong with the draft, ERR_NOT_FOUND that the post replied to is not there for the viewer. */
err status_create(struct ctx *c, struct draft *d, int64_t *id, bool *fresh);

/* In a transaction: attaches the media in order; ready: those alone that can be looked at already. ERR_INVALID when one is not the
 * viewer's, not ready, could not be made, or is another post's. */
err status_attach(struct ctx *c, struct tx *tx, int64_t status, const int64_t *media, size_t n, bool ready);

/* Whether replies and boosts count on the post they refer to: private ones would give themselves away. */
static inline bool status_counts_openly(const struct status *s) { return status_visibility(s) <= VISIBILITY_UNLISTED; }

#endif
