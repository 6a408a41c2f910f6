/* Inside the gate: writes are slowed down while another machine, which is to take over, comes near the end of the journal.
 *
 * They go one at a time, a gap apart, and the gap grows as long as that machine is behind: so it comes near however many people write, and
 * reads have the rest of the machine. Without news of it all is as before within PACE_MS. Any thread. */
#ifndef GATE_PACE_H
#define GATE_PACE_H

#include "gate/gate.h"

#include <pthread.h>

enum { PACE_MS = 10000 };

struct pace {
	pthread_mutex_t lock;
	int64_t gap;  /* ms */
	int64_t next; /* whose turn is next may go then */
	int64_t news; /* when it came last */
	int64_t until;
};

void pace_init(struct pace *p);
void pace_destroy(struct pace *p);
/* News of that machine. True when writes were not slowed down before. */
bool pace_news(struct pace *p, bool behind);
/* Whether news came a moment ago: more at once would slow writes down no better. */
bool pace_fresh(struct pace *p);
/* On a worker's thread, before a write: waits for its turn. ERR_UNAVAILABLE when that is too far off. */
err pace_wait(struct pace *p, struct rq *rq);

#endif
