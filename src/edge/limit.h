/* Counters of what each account and each address has asked for, per kind of request (Mastodon, "Rate limits").
 *
 * Kept in memory of each node, sharded, one lock a shard; entries fall out when their window has passed. Any thread. */
#ifndef EDGE_LIMIT_H
#define EDGE_LIMIT_H

#include "base/str.h"

enum limit_cost {
#define COST(name, per_account, per_address, seconds) name,
#include "edge/limit.def"
#undef COST
	COST_COUNT
};

struct limits;
struct limits *limits_new(bool enabled);
void limits_free(struct limits **l);

struct limit_state {
	int64_t limit, remaining;
	int64_t reset_at; /* ms, wall time */
	bool refused;
};

/* Counts one request of this cost for the account, or for the address when nobody is logged in (account 0): people behind one
 * address do not use up each other's requests. limit is 0 where nothing is counted. */
struct limit_state limits_take(struct limits *l, enum limit_cost cost, int64_t account, struct str address);

#endif
