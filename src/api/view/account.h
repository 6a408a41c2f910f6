/* Account and its kin (Mastodon API), for the viewer of the request. */
#ifndef API_VIEW_ACCOUNT_H
#define API_VIEW_ACCOUNT_H

#include "gate/gate.h"

/* Appends the entity, or appends nothing and returns false: not there, may not be seen, or c.missed set on the loop. */
bool view_account(struct rq *rq, struct buf *out, int64_t id);
/* A JSON array, skipping what may not be seen. */
void view_accounts(struct rq *rq, struct buf *out, const int64_t *ids, size_t n);
bool view_credential_account(struct rq *rq, struct buf *out, int64_t id);

#endif
