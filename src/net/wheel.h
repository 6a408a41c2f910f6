/* A timer wheel of one loop: deadlines that mostly move later. Moving one later costs a store; it is looked at again when its slot comes
 * round. The loop's thread only. */
#ifndef NET_WHEEL_H
#define NET_WHEEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

enum { WHEEL_SLOTS = 512, WHEEL_TICK_MS = 32 };

struct timer {
	LIST_ENTRY(timer) link;
	int64_t at;   /* the deadline, ms of the monotonic clock */
	int64_t slot; /* the tick it is filed under; 0: not in the wheel */
};

LIST_HEAD(timer_list, timer);

struct wheel {
	struct timer_list slots[WHEEL_SLOTS];
	int64_t tick;    /* everything before it has been looked at */
	int64_t soonest; /* no filed tick is before this one */
};

void wheel_init(struct wheel *w, int64_t now);
void wheel_set(struct wheel *w, struct timer *t, int64_t at);
void wheel_remove(struct timer *t);
/* How long the loop may sleep, at most a second. */
int wheel_wait_ms(const struct wheel *w, int64_t now);
/* Hands out one timer whose deadline has passed, taken out of the wheel; NULL when there is none left now. */
struct timer *wheel_expired(struct wheel *w, int64_t now);

#endif
