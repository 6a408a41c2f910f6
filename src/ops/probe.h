/* One question to somebody outside, on a thread of its own: who asks waits for it no longer than they like. An answer that comes after that
 * is thrown away with all that belongs to it, so a probe's function uses nothing but what lies in its arena. */
#ifndef OPS_PROBE_H
#define OPS_PROBE_H

#include "base/arena.h"
#include "base/err.h"

struct probe;
typedef void (*probe_fn)(struct probe *p);

struct probe {
	struct arena *arena; /* of the question, made by who asks before the start; then the function's */
	void *question;
	/* The answer: for who asks, after probe_wait has said true. */
	bool failed;
	char cause[256]; /* why it failed, or empty */
	char what[256];  /* what was heard, where that is worth telling */
	int64_t ends;    /* of certificates: ms since 1970; 0: none was seen */
};

struct probe *probe_new(void);
/* False when no thread can be had: p is as if it had not answered. */
bool probe_start(struct probe *p, probe_fn fn);
/* Until deadline (monotonic ms). */
bool probe_wait(struct probe *p, int64_t deadline);
/* By who asked, in any case. */
void probe_free(struct probe **p);

/* For the function: keeps an error as the answer. */
void probe_failed(struct probe *p, err e);

#endif
