#include "edge/limit.h"

#include "base/clock.h"
#include "base/must.h"

#include <pthread.h>
#include <stdlib.h>

static const struct {
	int64_t per_account, per_address, ms;
} costs[COST_COUNT] = {
#define COST(name, per_account, per_address, seconds) [name] = {per_account, per_address, (int64_t)(seconds)*1000},
#include "edge/limit.def"
#undef COST
};

/* A window: how often one key asked since `since`. Open addressing, four slots to look at; the oldest of them gives way, so that a
 * flood of addresses can never make the table grow. */
struct window {
	uint64_t key;
	int64_t since;
	int64_t count;
};

enum { SHARDS = 16, SLOTS = 1 << 13, PROBES = 4 };

struct shard {
	pthread_mutex_t lock;
	struct window *slots;
};

struct limits {
	bool enabled;
	struct shard shards[SHARDS];
};

struct limits *limits_new(bool enabled) {
	struct limits *l = xcalloc(1, sizeof *l);
	l->enabled = enabled;
	for (int i = 0; i < SHARDS; i++)
		pthread_mutex_init(&l->shards[i].lock, NULL);
	return l;
}

void limits_free(struct limits **l) {
	if (!*l)
		return;
	for (int i = 0; i < SHARDS; i++) {
		pthread_mutex_destroy(&(*l)->shards[i].lock);
		free((*l)->shards[i].slots);
	}
	free(*l);
	*l = NULL;
}

static struct window *slot_of(struct shard *s, uint64_t key, int64_t now, int64_t span) {
	if (!s->slots)
		s->slots = xcalloc(SLOTS, sizeof *s->slots);
	struct window *oldest = NULL;
	for (uint64_t i = 0; i < PROBES; i++) {
		struct window *w = &s->slots[(key / SHARDS + i) % SLOTS];
		if (w->key == key) {
			if (now - w->since >= span)
				*w = (struct window){key, now, 0};
			return w;
		}
		if (!oldest || w->since < oldest->since)
			oldest = w;
	}
	*oldest = (struct window){key, now, 0};
	return oldest;
}

static struct limit_state take(struct limits *l, uint64_t key, int64_t limit, int64_t span) {
	int64_t now = clock_mono_ms();
	struct shard *s = &l->shards[key % SHARDS];
	pthread_mutex_lock(&s->lock);
	struct window *w = slot_of(s, key, now, span);
	w->count++;
	struct limit_state state = {
	    .limit = limit,
	    .remaining = w->count < limit ? limit - w->count : 0,
	    .reset_at = clock_ms() + w->since + span - now,
	    .refused = w->count > limit,
	};
	pthread_mutex_unlock(&s->lock);
	return state;
}

struct limit_state limits_take(struct limits *l, enum limit_cost cost, int64_t account, struct str address) {
	if (!l->enabled || costs[cost].ms == 0)
		return (struct limit_state){0};
	uint64_t salt = (uint64_t)(cost + 1) * 0x9E3779B97F4A7C15U;
	if (account)
		return take(l, ((uint64_t)account * 0xD6E8FEB86659FD93U ^ salt) | 1, costs[cost].per_account, costs[cost].ms);
	return take(l, (str_hash(address) ^ salt) | 1, costs[cost].per_address, costs[cost].ms);
}
