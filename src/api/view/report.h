/* Report (Mastodon API), as its maker and notifications see it. */
#ifndef API_VIEW_REPORT_H
#define API_VIEW_REPORT_H

#include "gate/gate.h"
#include "store/report.h"

void view_report(struct rq *rq, struct buf *out, const struct report *r);

#endif
