/* How many members and posts there are, as the network tells everybody who asks. Counting reads whole tables, so it is done seldom, the
 * more seldom the longer it takes. In memory of each node. Any thread that has a db. */
#ifndef CORE_TOTALS_H
#define CORE_TOTALS_H

#include "core/ctx.h"

struct totals;

struct totals *totals_new(void);
void totals_free(struct totals **t);

struct total_counts {
	int64_t members, active_month, posts; /* members: confirmed and approved; active: here within 30 days */
};
/* At least a second old at times. */
err totals_read(struct ctx *c, struct total_counts *out);

#endif
