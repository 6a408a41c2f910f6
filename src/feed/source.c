#include "feed/source.h"

#include "base/must.h"

#include <stdlib.h>
#include <string.h>

struct sources {
	struct cache *cache;
	struct source *v;
	int64_t *newest;
	uint32_t n, cap;
	uint32_t *places; /* hash of (kind, id) → slot + 1 */
	uint32_t mask;
	size_t bytes, most;
	uint32_t hand;
};

uint16_t source_language(const char *p, size_t n) {
	uint16_t code = 0;
	for (size_t i = 0; i < n && p[i] != '-' && p[i] != '_'; i++) {
		const char c = (char)(p[i] | 0x20);
		if (i == 3 || c < 'a' || c > 'z')
			return 0;
		code = (uint16_t)(code << 5 | (c - 'a' + 1));
	}
	return code;
}

struct sources *sources_new(struct cache *cache, size_t cap_bytes) {
	struct sources *s = xcalloc(1, sizeof *s);
	s->cache = cache;
	s->mask = 1023;
	s->places = xcalloc(s->mask + 1, sizeof *s->places);
	s->most = cap_bytes;
	return s;
}

void sources_free(struct sources **s) {
	if (!*s)
		return;
	for (uint32_t i = 0; i < (*s)->n; i++)
		free((*s)->v[i].v);
	free((*s)->v);
	free((*s)->newest);
	free((*s)->places);
	free(*s);
	*s = NULL;
}

/* ── slots ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

int64_t source_stamp(enum source_kind kind, int64_t id) { return kind == SOURCE_PUBLIC ? 1 : id; }

static uint32_t *place_of(const struct sources *s, enum source_kind kind, int64_t id) {
	const uint64_t h = ((uint64_t)id * 4 + (uint64_t)kind) * 0x9E3779B97F4A7C15u;
	uint32_t i = (uint32_t)(h >> 32) & s->mask;
	while (s->places[i]) {
		const struct source *at = &s->v[s->places[i] - 1];
		if (at->id == id && at->kind == kind)
			break;
		i = (i + 1) & s->mask;
	}
	return &s->places[i];
}

uint32_t source_find(const struct sources *s, enum source_kind kind, int64_t id) {
	const uint32_t place = *place_of(s, kind, id);
	return place ? place - 1 : SLOT_NONE;
}

static void grow(struct sources *s) {
	s->cap = s->cap ? s->cap * 2 : 256;
	/* Two to a cache line. */
	struct source *bigger = aligned_alloc(64, s->cap * sizeof *s->v);
	must(bigger && sizeof *s->v == 32);
	if (s->n)
		memcpy(bigger, s->v, s->n * sizeof *s->v);
	free(s->v);
	s->v = bigger;
	s->newest = xrealloc(s->newest, s->cap * sizeof *s->newest);
	if (s->cap * 2 <= s->mask)
		return;
	free(s->places);
	s->mask = s->mask * 2 + 1;
	s->places = xcalloc(s->mask + 1, sizeof *s->places);
	for (uint32_t i = 0; i < s->n; i++)
		*place_of(s, s->v[i].kind, s->v[i].id) = i + 1;
}

uint32_t source_slot(struct sources *s, enum source_kind kind, int64_t id) {
	uint32_t *place = place_of(s, kind, id);
	if (*place)
		return *place - 1;
	if (s->n == s->cap) {
		grow(s);
		place = place_of(s, kind, id);
	}
	const uint32_t slot = s->n++;
	s->v[slot] = (struct source){.id = id, .kind = (uint8_t)kind};
	s->newest[slot] = INT64_MAX;
	*place = slot + 1;
	return slot;
}

const struct source *source_at(const struct sources *s, uint32_t slot) { return &s->v[slot]; }
const int64_t *source_newest(const struct sources *s) { return s->newest; }

/* ── entries ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The number of entries with ids below `id`. */
static size_t rank(const struct source *at, int64_t id) {
	size_t lo = 0, hi = at->n;
	while (lo < hi) {
		const size_t mid = (lo + hi) / 2;
		if (at->v[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void count_bytes(struct sources *s, int64_t bytes) {
	s->bytes = (size_t)((int64_t)s->bytes + bytes);
	cache_account(s->cache, bytes);
}

static void resize(struct sources *s, struct source *at, size_t cap) {
	count_bytes(s, ((int64_t)cap - at->cap) * (int64_t)sizeof *at->v);
	if (cap) {
		at->v = xrealloc(at->v, cap * sizeof *at->v);
	} else {
		free(at->v);
		at->v = NULL;
	}
	at->cap = (uint16_t)cap;
}

static void note_newest(struct sources *s, uint32_t slot) {
	const struct source *at = &s->v[slot];
	/* An emptied stretch that is not complete hides older posts: the merge must ask. */
	s->newest[slot] = !at->known ? INT64_MAX : at->n ? at->v[at->n - 1].id : at->complete ? 0 : at->low;
}

void source_forget(struct sources *s, uint32_t slot) {
	struct source *at = &s->v[slot];
	resize(s, at, 0);
	at->n = 0;
	at->low = 0;
	at->known = at->complete = false;
	note_newest(s, slot);
}

void source_forget_all(struct sources *s) {
	for (uint32_t i = 0; i < s->n; i++)
		source_forget(s, i);
}

void source_forget_kind(struct sources *s, enum source_kind kind) {
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->v[i].kind != kind)
			continue;
		cache_drop(s->cache, PIECE_SOURCE, source_stamp(kind, s->v[i].id));
		source_forget(s, i);
	}
}

/* Forgets sources that were not asked for since the hand last came by. */
static void evict(struct sources *s, uint32_t but) {
	for (uint32_t steps = 0; s->bytes > s->most && steps < 2 * s->n; steps++) {
		s->hand = s->hand + 1 < s->n ? s->hand + 1 : 0;
		struct source *at = &s->v[s->hand];
		if (!at->cap || s->hand == but)
			continue;
		if (__atomic_load_n(&at->used, __ATOMIC_RELAXED))
			at->used = 0;
		else
			source_forget(s, s->hand);
	}
}

static void trim(struct sources *s, struct source *at) {
	if (at->n <= SOURCE_KEEPS)
		return;
	const uint16_t gone = at->n - SOURCE_TRIMS_TO;
	memmove(at->v, at->v + gone, SOURCE_TRIMS_TO * sizeof *at->v);
	at->n = SOURCE_TRIMS_TO;
	at->low = at->v[0].id;
	at->complete = false;
}

static void room(struct sources *s, struct source *at, size_t n) {
	if (n <= at->cap)
		return;
	size_t cap = at->cap ? at->cap : 4;
	while (cap < n)
		cap += cap / 2 + 1;
	resize(s, at, cap);
}

void source_insert(struct sources *s, uint32_t slot, const struct entry *e) {
	struct source *at = &s->v[slot];
	if (!at->known || (e->id < at->low && !at->complete))
		return;
	const size_t i = rank(at, e->id);
	if (i < at->n && at->v[i].id == e->id) {
		at->v[i] = *e;
		return;
	}
	room(s, at, at->n + 1u);
	memmove(at->v + i + 1, at->v + i, (at->n - i) * sizeof *at->v);
	at->v[i] = *e;
	at->n++;
	trim(s, at);
	note_newest(s, slot);
	evict(s, slot);
}

void source_remove(struct sources *s, uint32_t slot, int64_t id) {
	struct source *at = &s->v[slot];
	const size_t i = rank(at, id);
	if (i == at->n || at->v[i].id != id)
		return;
	memmove(at->v + i, at->v + i + 1, (at->n - i - 1) * sizeof *at->v);
	at->n--;
	note_newest(s, slot);
}

void source_fill(struct sources *s, uint32_t slot, const struct entry *v, size_t n, int64_t low, bool complete) {
	struct source *at = &s->v[slot];
	if (at->known && (at->complete || at->low <= low || at->n + n > SOURCE_KEEPS))
		return;
	if (at->known)
		while (n && v[n - 1].id >= at->low)
			n--;
	const size_t keep = at->known ? at->n : 0;
	room(s, at, keep + n);
	if (keep)
		memmove(at->v + n, at->v, keep * sizeof *at->v);
	if (n)
		memcpy(at->v, v, n * sizeof *v);
	at->n = (uint16_t)(keep + n);
	at->low = low;
	at->complete = complete;
	at->known = true;
	note_newest(s, slot);
	evict(s, slot);
}

/* ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void touch(const struct source *at) {
	uint8_t *used = (uint8_t *)(uintptr_t)&at->used;
	if (!__atomic_load_n(used, __ATOMIC_RELAXED))
		__atomic_store_n(used, 1, __ATOMIC_RELAXED);
}

enum source_answer source_below(const struct source *at, int64_t below, const struct entry **out) {
	if (!at->known)
		return SOURCE_UNKNOWN;
	touch(at);
	/* Most questions are for one of the newest, which lie side by side. */
	size_t i = at->n;
	for (int near = 0; i && at->v[i - 1].id >= below; near++) {
		if (near == 4) {
			i = rank(at, below);
			break;
		}
		i--;
	}
	if (i) {
		*out = &at->v[i - 1];
		return SOURCE_ENTRY;
	}
	return at->complete ? SOURCE_END : SOURCE_UNKNOWN;
}

enum source_answer source_above(const struct source *at, int64_t above, const struct entry **out) {
	if (!at->known || (above + 1 < at->low && !at->complete))
		return SOURCE_UNKNOWN;
	touch(at);
	const size_t i = above == INT64_MAX ? at->n : rank(at, above + 1);
	if (i == at->n)
		return SOURCE_END;
	*out = &at->v[i];
	return SOURCE_ENTRY;
}
