#include "base/must.h"
#include "feed/feed.h"
#include "feed/inside.h"
#include "feed/reader.h"

#include <stdlib.h>

enum {
	CHUNK_HEADS = 256, /* power of two */
	CHUNK_LOADS = 40,  /* entries of a source at a time, below what memory keeps */
	AUTHORS_AT_ONCE = 500,
	ROUNDS_MOST = 10000,
};

static const struct piece nothing = {.size = sizeof(struct piece), .gone = true};

void pass_enter(struct pass *p) {
	vec_clear(&p->needs);
	pthread_rwlock_rdlock(&p->feed->lock);
}

/* ── questions under the lock ────────────────────────────────────────────────────────────────────────────────────── */

static void need(struct pass *p, struct need n) {
	for (size_t i = p->needs.n; i--;)
		if (p->needs.v[i].kind == n.kind && p->needs.v[i].id == n.id && (n.kind != PIECE_SOURCE || p->needs.v[i].above == n.above))
			return;
	vec_push(p->arena, &p->needs, n);
}

const struct piece *pass_piece(struct pass *p, enum piece_kind kind, int64_t id) {
	if (!piece_id_fits(id))
		return &nothing;
	/* What this request loaded itself is at least as new as its snapshot; the cache may be newer, so it comes first. */
	const struct piece *found = cache_find(p->feed->cache, kind, id);
	if (found)
		return found;
	for (size_t i = 0; i < p->pieces.n; i++)
		if (p->pieces.v[i]->id == id && p->pieces.v[i]->kind == kind)
			return p->pieces.v[i];
	need(p, (struct need){.kind = kind, .id = id});
	return NULL;
}

/* The chunk of a slot that says what lies directly below, or above, a position. */
static const struct chunk *chunk_at(const struct pass *p, uint32_t slot, int64_t position, bool above) {
	if (!p->chunk_heads)
		return NULL;
	for (int32_t i = p->chunk_heads[slot % CHUNK_HEADS]; i >= 0; i = p->chunks.v[i].next) {
		const struct chunk *c = &p->chunks.v[i];
		if (c->slot != slot)
			continue;
		if (above ? c->low <= position + 1 && position < c->high
		          : c->low < position && position <= (c->high == INT64_MAX ? c->high : c->high + 1))
			return c;
	}
	return NULL;
}

const struct entry *pass_below(struct pass *p, uint32_t slot, int64_t below, bool *unknown) {
	const struct source *at = source_at(p->feed->sources, slot);
	const struct entry *e = NULL;
	*unknown = false;
	switch (source_below(at, below, &e)) {
	case SOURCE_ENTRY: return e;
	case SOURCE_END: return NULL;
	case SOURCE_UNKNOWN: break;
	}
	if (at->known && at->low < below)
		below = at->low;
	for (const struct chunk *c; (c = chunk_at(p, slot, below, false)); below = c->low) {
		for (size_t i = c->n; i--;)
			if (c->v[i].id < below)
				return &c->v[i];
		if (c->low <= 0)
			return NULL;
	}
	*unknown = true;
	need(p, (struct need){PIECE_SOURCE, slot, below, false});
	return NULL;
}

const struct entry *pass_above(struct pass *p, uint32_t slot, int64_t above, bool *unknown) {
	const struct entry *e = NULL;
	*unknown = false;
	switch (source_above(source_at(p->feed->sources, slot), above, &e)) {
	case SOURCE_ENTRY: return e;
	case SOURCE_END: return NULL;
	case SOURCE_UNKNOWN: break;
	}
	for (const struct chunk *c; (c = chunk_at(p, slot, above, true)); above = c->high) {
		for (size_t i = 0; i < c->n; i++)
			if (c->v[i].id > above)
				return &c->v[i];
		if (c->high == INT64_MAX)
			return NULL;
	}
	*unknown = true;
	need(p, (struct need){PIECE_SOURCE, slot, above, true});
	return NULL;
}

/* ── loading ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static err load_piece(struct pass *p, const struct need *n) {
	struct piece *made = NULL;
	switch (n->kind) {
	case PIECE_READER: TRY(reader_load(p->feed, p->db, p->arena, n->id, &made)); break;
	case PIECE_ACTS: TRY(acts_load(p->feed, p->db, p->arena, n->id, &made)); break;
	case PIECE_LIST: TRY(list_set_load(p->feed, p->db, p->arena, n->id, &made)); break;
	case PIECE_ACT:
		TRY(act_load(p->db, p->arena, p->viewer, n->id, &made));
		vec_push(p->arena, &p->pieces, made);
		return NULL;
	default: TRY(p->feed->loaders[n->kind](p->feed->loader_args[n->kind], p->db, p->arena, n->id, &made)); break;
	}
	if (!made) {
		made = arena_one(p->arena, struct piece);
		*made = (struct piece){.id = n->id, .size = sizeof *made, .kind = (uint8_t)n->kind, .gone = true};
	}
	vec_push(p->arena, &p->pieces, made);
	pthread_rwlock_wrlock(&p->feed->lock);
	cache_offer(p->feed->cache, made, db_snapshot_at(p->db));
	pthread_rwlock_unlock(&p->feed->lock);
	return NULL;
}

struct loaded {
	struct entry entry;
	int64_t author;
};
typedef VEC(struct loaded) loaded_entries;

static err read_entries(struct rows *r, struct arena *a, loaded_entries *out) {
	while (rows_next(r)) {
		const struct loaded l = {entry_of_row(r), rows_i64(r, 1)};
		vec_push(a, out, l);
	}
	return rows_err(r);
}

static void keep_chunk(struct pass *p, struct chunk c) {
	if (!p->chunk_heads) {
		p->chunk_heads = arena_many(p->arena, int32_t, CHUNK_HEADS);
		memset(p->chunk_heads, 0xFF, CHUNK_HEADS * sizeof *p->chunk_heads);
	}
	c.next = p->chunk_heads[c.slot % CHUNK_HEADS];
	p->chunk_heads[c.slot % CHUNK_HEADS] = (int32_t)p->chunks.n;
	vec_push(p->arena, &p->chunks, c);
}

static int by_entry_id(const void *x, const void *y) {
	const struct loaded *a = x, *b = y;
	return (a->entry.id > b->entry.id) - (a->entry.id < b->entry.id);
}

static int by_author(const void *x, const void *y) {
	const struct loaded *a = x, *b = y;
	return (a->author > b->author) - (a->author < b->author);
}

static size_t first_of_author(const loaded_entries *v, int64_t author) {
	size_t lo = 0, hi = v->n;
	while (lo < hi) {
		const size_t mid = (lo + hi) / 2;
		if (v->v[mid].author < author)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Turns what was loaded for one source into its chunk, and gives it to memory where it joins what is known there. */
static void take_loaded(struct pass *p, const struct need *n, struct loaded *v, size_t count, size_t asked) {
	struct chunk c = {.slot = (uint32_t)n->id, .n = count, .v = arena_many(p->arena, struct entry, count + 1)};
	if (count)
		qsort(v, count, sizeof *v, by_entry_id);
	const bool whole = count < asked;
	c.low = n->above ? n->position + 1 : whole ? 0 : v[0].entry.id;
	c.high = n->above ? (whole ? INT64_MAX : v[count - 1].entry.id) : n->position == INT64_MAX ? INT64_MAX : n->position - 1;
	pthread_rwlock_wrlock(&p->feed->lock);
	struct sources *s = p->feed->sources;
	for (size_t i = 0; i < count; i++) {
		c.v[i] = v[i].entry;
		c.v[i].author = source_slot(s, SOURCE_AUTHOR, v[i].author);
	}
	const struct source *at = source_at(s, c.slot);
	const bool joins = !n->above && (at->known ? c.high >= at->low - 1 : c.high == INT64_MAX);
	if (joins && cache_fresh(p->feed->cache, PIECE_SOURCE, source_stamp(at->kind, at->id), db_snapshot_at(p->db)))
		source_fill(s, c.slot, c.v, c.n, c.low, whole);
	pthread_rwlock_unlock(&p->feed->lock);
	keep_chunk(p, c);
}

/* Authors that are asked from the same position on, in one query. */
static err load_authors(struct pass *p, struct need *const *needs, size_t n, size_t asked) {
	BUF_AUTO list = {0};
	int64_t *ids = arena_many(p->arena, int64_t, n);
	pthread_rwlock_rdlock(&p->feed->lock);
	for (size_t i = 0; i < n; i++)
		ids[i] = source_at(p->feed->sources, (uint32_t)needs[i]->id)->id;
	pthread_rwlock_unlock(&p->feed->lock);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(&list, ',');
		buf_i64(&list, ids[i]);
	}
	loaded_entries v = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(p->db, &r, needs[0]->above ? FEED_OF_AUTHORS_ABOVE : FEED_OF_AUTHORS, T(buf_str(&list)), I(needs[0]->position),
	             I((int64_t)asked - 1)));
	TRY(read_entries(r, p->arena, &v));
	rows_end(&r);
	if (v.n)
		qsort(v.v, v.n, sizeof *v.v, by_author);
	for (size_t i = 0; i < n; i++) {
		const size_t from = first_of_author(&v, ids[i]);
		size_t to = from;
		while (to < v.n && v.v[to].author == ids[i])
			to++;
		take_loaded(p, needs[i], v.v + from, to - from, asked);
	}
	return NULL;
}

static err load_other(struct pass *p, const struct need *n, const struct source *at) {
	loaded_entries v = {0};
	struct ROWS_AUTO *r = NULL;
	if (at->kind == SOURCE_TAG)
		TRY(db_query(p->db, &r, n->above ? FEED_OF_TAG_ABOVE : FEED_OF_TAG, I(at->id), I(n->position), I(CHUNK_LOADS)));
	else
		TRY(db_query(p->db, &r, n->above ? FEED_OF_PUBLIC_ABOVE : FEED_OF_PUBLIC, I(n->position), I(CHUNK_LOADS)));
	TRY(read_entries(r, p->arena, &v));
	take_loaded(p, n, v.v, v.n, CHUNK_LOADS);
	return NULL;
}

static int by_kind_and_position(const void *x, const void *y) {
	const struct need *a = *(struct need *const *)x, *b = *(struct need *const *)y;
	if (a->above != b->above)
		return a->above ? 1 : -1;
	return (a->position > b->position) - (a->position < b->position);
}

static err load_sources(struct pass *p, struct need **needs, size_t n) {
	if (n)
		qsort(needs, n, sizeof *needs, by_kind_and_position);
	for (size_t i = 0, k; i < n; i = k) {
		k = i + 1;
		while (k < n && k - i < AUTHORS_AT_ONCE && needs[k]->above == needs[i]->above && needs[k]->position == needs[i]->position)
			k++;
		/* The first look at a source takes little of each; a later one wants to go on from there. */
		const bool first = !needs[i]->above && needs[i]->position == INT64_MAX;
		TRY(load_authors(p, needs + i, k - i, first ? SOURCE_LOADS : CHUNK_LOADS));
	}
	return NULL;
}

static err load_needs(struct pass *p) {
	struct need **authors = arena_many(p->arena, struct need *, p->needs.n);
	size_t n = 0;
	for (size_t i = 0; i < p->needs.n; i++) {
		struct need *one = &p->needs.v[i];
		if (one->kind != PIECE_SOURCE) {
			TRY(load_piece(p, one));
			continue;
		}
		pthread_rwlock_rdlock(&p->feed->lock);
		const struct source at = *source_at(p->feed->sources, (uint32_t)one->id);
		pthread_rwlock_unlock(&p->feed->lock);
		if (at.kind == SOURCE_AUTHOR)
			authors[n++] = one;
		else
			TRY(load_other(p, one, &at));
	}
	return load_sources(p, authors, n);
}

bool pass_leave(struct pass *p) {
	pthread_rwlock_unlock(&p->feed->lock);
	if (!p->needs.n)
		return false;
	if (!p->db) {
		p->missed = true;
		return false;
	}
	must(p->rounds++ < ROUNDS_MOST);
	p->error = load_needs(p);
	return !p->error;
}
