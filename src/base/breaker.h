/* A circuit breaker: how often something that is away is asked. Pure; the caller locks, and brings the time (milliseconds, monotonic).
 *
 * Closed: every try goes. After BREAKER_FAILURES in a row it is open: none goes for a pause, which doubles from BREAKER_FIRST_MS to
 * BREAKER_LONGEST_MS. Then it is half-open: one try goes, and its end closes or opens it again. All zero is closed. */
#ifndef BASE_BREAKER_H
#define BASE_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

enum { BREAKER_FAILURES = 2, BREAKER_FIRST_MS = 5000, BREAKER_LONGEST_MS = 60000 };

enum breaker_state { BREAKER_CLOSED, BREAKER_HALF_OPEN, BREAKER_OPEN };

struct breaker {
	enum breaker_state state;
	int failures;            /* in a row */
	int64_t pause_ms, until; /* of BREAKER_OPEN */
};

/* "closed", "half-open", "open". */
const char *breaker_name(enum breaker_state s);

/* Whether a try would be let go now. */
bool breaker_ready(const struct breaker *b, int64_t now);
/* The same, and takes it: who gets true says how it ended by one of the two below. */
bool breaker_take(struct breaker *b, int64_t now);
void breaker_good(struct breaker *b);
void breaker_bad(struct breaker *b, int64_t now);

#endif
