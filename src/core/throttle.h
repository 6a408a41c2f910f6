/* Wrong passwords: how long one has to wait after too many of them, per account and per address; the delay doubles with each further one.
 *
 * In memory of each node, a fixed number of entries, the oldest of a set gives way. Any thread. */
#ifndef CORE_THROTTLE_H
#define CORE_THROTTLE_H

#include "base/str.h"

struct throttle;

struct throttle *throttle_new(void);
void throttle_free(struct throttle **t);

enum throttle_of { THROTTLE_LOGIN, THROTTLE_ADDRESS, THROTTLE_MAIL, THROTTLE_SMS, THROTTLE_SMS_ADDRESS };

/* Seconds until the next try is heard; 0: now. */
int64_t throttle_wait(struct throttle *t, enum throttle_of of, struct str who);
/* One more failure (of THROTTLE_MAIL and THROTTLE_SMS: one more message sent). */
void throttle_failed(struct throttle *t, enum throttle_of of, struct str who);
/* It was right: forgets the failures. */
void throttle_clear(struct throttle *t, enum throttle_of of, struct str who);

#endif
