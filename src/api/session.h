/* What the routes of sessions, sign-up and first run share. */
#ifndef API_SESSION_H
#define API_SESSION_H

#include "gate/gate.h"

/* Refuses what another site made the browser send (Fetch Metadata): nobody is logged in behind their back. */
err session_from_here(struct rq *rq);
/* Opens a browser session for the account, sets its cookie, and makes the request that session's. */
err session_begin(struct rq *rq, int64_t account_id);
/* The body of GET session, for whoever the request now is. */
enum handled reply_session(struct rq *rq);

#endif
