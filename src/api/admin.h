/* Moderators acting through routes that everybody uses. */
#ifndef API_ADMIN_H
#define API_ADMIN_H

#include "gate/gate.h"

/* Whether who asks may act as a moderator with this scope: the role, and of an access token the scope too. */
bool acts_as_moderator(const struct rq *rq, int64_t scope);

#endif
