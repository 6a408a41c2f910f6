/* How long it takes to move a network, and what binds: from how much there is, how fast it goes on one core here, the cores and the link.
 * Arithmetic only.
 *
 * Things go one after the other, what matters most first: people and keys, posts, the newest media, the rest. Each takes as long as the
 * slower of two: the cores that read, pack, check and write it, and the link that carries it. */
#ifndef MOVE_PLAN_H
#define MOVE_PLAN_H

#include <stdint.h>

#define PLAN_STAGES(X) \
	X(PLAN_PEOPLE, "accounts, keys, settings") \
	X(PLAN_POSTS, "posts and all about them") \
	X(PLAN_NEWEST, "media of the last 30 days") \
	X(PLAN_REST, "the rest of the media")

enum plan_stage {
#define X(name, words) name,
	PLAN_STAGES(X)
#undef X
	    PLAN_STAGE_COUNT
};

struct plan_load {
	double rows[PLAN_STAGE_COUNT];
	double objects[PLAN_STAGE_COUNT], bytes[PLAN_STAGE_COUNT];
};

/* Of one core, a second each; row_bytes is what a row weighs on the link. */
struct plan_rates {
	double rows, row_bytes, objects, bytes;
};

enum plan_binds { PLAN_CORES, PLAN_LINK };

struct plan {
	struct {
		double core_seconds, link_bytes;
		double seconds, ends; /* how long; since the start */
		enum plan_binds binds;
		double missing; /* of its bytes on the link, those not there at the deadline */
	} stages[PLAN_STAGE_COUNT];
	double core_seconds, link_bytes, seconds; /* of all */
	double cores_needed, link_needed;         /* to be there by the deadline; bytes/s */
};

/* cores and link (bytes/s) are more than 0, deadline is in seconds. */
void plan_make(const struct plan_load *load, const struct plan_rates *rates, double cores, double link, double deadline, struct plan *out);

#endif
