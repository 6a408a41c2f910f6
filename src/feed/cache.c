#include "feed/cache.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { STAMPS = 16384, PIECE_OVERHEAD = 32 };

struct place {
	uint64_t key; /* 0: empty */
	struct piece *piece;
};

/* A hash table with linear probing; removal shifts back, so there are no tombstones. */
struct cache {
	struct place *places;
	size_t count, mask;
	size_t bytes, cap;
	size_t hand;
	int64_t stamps[STAMPS]; /* when a key that falls here was last dropped */
	int64_t dropped_all_at;
};

static uint64_t key_of(enum piece_kind kind, int64_t id) { return (uint64_t)kind << 60 | (uint64_t)id; }

/* The kind stands in the highest bits, which a product alone never brings down to the lowest. */
static size_t hash(uint64_t key) {
	key ^= key >> 32;
	key *= 0x9E3779B97F4A7C15u;
	return (size_t)(key ^ key >> 29);
}

struct cache *cache_new(size_t cap_bytes) {
	struct cache *c = xcalloc(1, sizeof *c);
	c->mask = 1023;
	c->places = xcalloc(c->mask + 1, sizeof *c->places);
	c->cap = cap_bytes;
	return c;
}

void cache_free(struct cache **c) {
	if (!*c)
		return;
	for (size_t i = 0; i <= (*c)->mask; i++)
		free((*c)->places[i].piece);
	free((*c)->places);
	free(*c);
	*c = NULL;
}

static size_t position(const struct cache *c, uint64_t key) {
	size_t i = hash(key) & c->mask;
	while (c->places[i].key && c->places[i].key != key)
		i = (i + 1) & c->mask;
	return i;
}

const struct piece *cache_find(struct cache *c, enum piece_kind kind, int64_t id) {
	struct piece *p = c->places[position(c, key_of(kind, id))].piece;
	/* Written only when it changes, so that readers on several processors do not fight for the line. */
	if (p && !atomic_load_explicit(&p->used, memory_order_relaxed))
		atomic_store_explicit(&p->used, 1, memory_order_relaxed);
	return p;
}

void cache_prefetch(const struct cache *c, enum piece_kind kind, int64_t id) {
	__builtin_prefetch(&c->places[hash(key_of(kind, id)) & c->mask]);
}

void cache_prefetch_piece(const struct cache *c, enum piece_kind kind, int64_t id) {
	const char *p = (const char *)c->places[position(c, key_of(kind, id))].piece;
	if (!p)
		return;
	for (int line = 0; line < 4; line++)
		__builtin_prefetch(p + line * 64);
}

static void grow(struct cache *c) {
	struct place *old = c->places;
	const size_t n = c->mask + 1;
	c->mask = n * 2 - 1;
	c->places = xcalloc(n * 2, sizeof *c->places);
	for (size_t i = 0; i < n; i++)
		if (old[i].key)
			c->places[position(c, old[i].key)] = old[i];
	free(old);
}

/* Empties place i and moves later members of its run back over it. */
static void empty_place(struct cache *c, size_t i) {
	c->bytes -= c->places[i].piece->size + PIECE_OVERHEAD;
	free(c->places[i].piece);
	c->count--;
	for (size_t j = i;;) {
		c->places[i] = (struct place){0};
		size_t home;
		do {
			j = (j + 1) & c->mask;
			if (!c->places[j].key)
				return;
			home = hash(c->places[j].key) & c->mask;
		} while (i <= j ? i < home && home <= j : i < home || home <= j);
		c->places[i] = c->places[j];
		i = j;
	}
}

static void evict(struct cache *c) {
	/* Two rounds suffice: the first clears every mark. The piece just offered is marked by nobody, and that is meant: it must be asked
	 * for once more to be worth more than others. */
	for (size_t steps = 0; c->bytes > c->cap && c->count && steps <= 2 * c->mask + 2; steps++) {
		c->hand = (c->hand + 1) & c->mask;
		struct piece *p = c->places[c->hand].piece;
		if (!p)
			continue;
		if (atomic_load_explicit(&p->used, memory_order_relaxed)) {
			atomic_store_explicit(&p->used, 0, memory_order_relaxed);
		} else {
			empty_place(c, c->hand);
			c->hand = (c->hand - 1) & c->mask;
		}
	}
}

bool cache_fresh(const struct cache *c, enum piece_kind kind, int64_t id, int64_t as_of) {
	return as_of > c->dropped_all_at && as_of > c->stamps[hash(key_of(kind, id)) % STAMPS];
}

bool cache_offer(struct cache *c, const struct piece *p, int64_t as_of) {
	must(piece_id_fits(p->id) && p->size >= sizeof *p);
	if (!cache_fresh(c, p->kind, p->id, as_of))
		return false;
	const uint64_t key = key_of(p->kind, p->id);
	size_t i = position(c, key);
	if (c->places[i].key)
		return true;
	if ((c->count + 1) * 2 > c->mask) {
		grow(c);
		i = position(c, key);
	}
	struct piece *copy = xmalloc(p->size);
	memcpy(copy, p, p->size);
	atomic_store_explicit(&copy->used, 0, memory_order_relaxed);
	c->places[i] = (struct place){key, copy};
	c->count++;
	c->bytes += p->size + PIECE_OVERHEAD;
	evict(c);
	return true;
}

void cache_drop(struct cache *c, enum piece_kind kind, int64_t id) {
	if (!piece_id_fits(id))
		return;
	const uint64_t key = key_of(kind, id);
	c->stamps[hash(key) % STAMPS] = clock_mono_ns();
	const size_t i = position(c, key);
	if (c->places[i].key)
		empty_place(c, i);
}

void cache_drop_all(struct cache *c) {
	c->dropped_all_at = clock_mono_ns();
	for (size_t i = 0; i <= c->mask; i++) {
		if (!c->places[i].key)
			continue;
		c->bytes -= c->places[i].piece->size + PIECE_OVERHEAD;
		free(c->places[i].piece);
		c->places[i] = (struct place){0};
	}
	c->count = 0;
}

void cache_account(struct cache *c, int64_t bytes) {
	c->bytes = (size_t)((int64_t)c->bytes + bytes);
	evict(c);
}

size_t cache_bytes(const struct cache *c) { return c->bytes; }
bool cache_over(const struct cache *c) { return c->bytes > c->cap; }
