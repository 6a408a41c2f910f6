/* The OAuth entities that more than one route answers with. */
#ifndef API_OAUTH_H
#define API_OAUTH_H

#include "core/oauth.h"
#include "gate/gate.h"

/* Token (Mastodon API). */
enum handled reply_token(struct rq *rq, const struct oauth_token *t);
enum handled reply_oauth_error(struct rq *rq, enum oauth_error e);

#endif
