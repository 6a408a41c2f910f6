/* What the routes of sessions, sign-up and first run share. */
#ifndef API_SESSION_H
#define API_SESSION_H

#include "gate/gate.h"
#include "store/member.h"

/* Refuses what another site made the browser send (Fetch Metadata): nobody is logged in behind their back. */
err session_from_here(struct rq *rq);
/* Who it is that sends a name and a password, whatever still stands between them and the network; false: it was answered. */
bool session_check(struct rq *rq, struct member_row *out, enum handled *done);
/* Puts Retry-After beside an answer; 0: none. */
enum handled session_wait(struct rq *rq, enum handled done, int64_t wait_s);
/* Opens a browser session for the account, sets its cookie, and makes the request that session's. */
err session_begin(struct rq *rq, int64_t account_id);
/* The body of GET session, for whoever the request now is. */
enum handled reply_session(struct rq *rq);

#endif
