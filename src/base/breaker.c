#include "base/breaker.h"

const char *breaker_name(enum breaker_state s) {
	static const char *const names[] = {[BREAKER_CLOSED] = "closed", [BREAKER_HALF_OPEN] = "half-open", [BREAKER_OPEN] = "open"};
	return names[s];
}

bool breaker_ready(const struct breaker *b, int64_t now) {
	return b->state == BREAKER_CLOSED || (b->state == BREAKER_OPEN && now >= b->until);
}

bool breaker_take(struct breaker *b, int64_t now) {
	if (!breaker_ready(b, now))
		return false;
	if (b->state == BREAKER_OPEN)
		b->state = BREAKER_HALF_OPEN;
	return true;
}

void breaker_good(struct breaker *b) { *b = (struct breaker){0}; }

/* Tries that began while it was closed may end when it is open already: they do not lengthen the pause. */
void breaker_bad(struct breaker *b, int64_t now) {
	b->failures++;
	if (b->state == BREAKER_OPEN || (b->state == BREAKER_CLOSED && b->failures < BREAKER_FAILURES))
		return;
	b->pause_ms = b->pause_ms ? b->pause_ms * 2 : BREAKER_FIRST_MS;
	if (b->pause_ms > BREAKER_LONGEST_MS)
		b->pause_ms = BREAKER_LONGEST_MS;
	b->until = now + b->pause_ms;
	b->state = BREAKER_OPEN;
}
