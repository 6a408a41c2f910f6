/* What both versions of the notifications' routes read from a request. */
#ifndef API_NOTIFICATIONS_H
#define API_NOTIFICATIONS_H

#include "api/range.h"
#include "store/notification.h"

/* types[], exclude_types[], account_id. */
err notifications_wanted(struct rq *rq, struct notification_want *w);
/* The marker of the viewer's notifications; 0: never set. */
err notifications_read_until(struct rq *rq, int64_t *last_read);

#endif
