#include "feed/merge.h"
#include "feed/inside.h"

#include "base/clock.h"
#include "base/must.h"
#include "feed/reader.h"
#include "store/account.h"
#include "store/follow.h"
#include "store/list.h"

enum { HEAP_TOP = 31 };

/* Why a source is in the merge. In this order entries of the same id are looked at: what comes by a follow need not come by a hashtag. */
enum via { VIA_SELF, VIA_FOLLOW, VIA_MEMBER, VIA_AUTHOR, VIA_PUBLIC, VIA_TAG };

struct item {
	int64_t key; /* id of its next entry, or no less; negated when going upward */
	uint32_t slot;
	uint32_t via;
	uint32_t follow; /* VIA_FOLLOW: index of the reader's follow */
};

struct merge {
	struct pass *pass;
	const struct feed_query *q;
	const struct reader *reader; /* NULL: nobody */
	const struct list_set *list; /* FEED_LIST */
	int64_t now;
	int scanned;
	bool stopped; /* SCAN_MOST was reached */
};

/* A walk over the sources in one direction. */
struct walk {
	struct merge *m;
	struct item *heap;
	size_t n;
	bool above;
	int64_t last; /* the last id handed out */
};

struct candidate {
	struct entry e;
	enum via via;
};

/* ── rules on entries ────────────────────────────────────────────────────────────────────────────────────────────── */

static bool shuns(const struct merge *m, int64_t author) {
	const struct reader *r = m->reader;
	if (!r || author == m->q->viewer)
		return false;
	return reader_blocks(r, author) || (r->mutes.n && reader_mutes(r, author, m->now));
}

/* A reply shows where the conversation is the reader's own: with itself, with the reader, with somebody followed. */
static bool reply_belongs(const struct merge *m, const struct entry *e, int64_t author) {
	if (!(e->flags & STATUS_REPLY) || e->ref_author == author || author == m->q->viewer)
		return true;
	if (!e->ref_author)
		return false;
	if (e->ref_author == m->q->viewer)
		return true;
	if (m->list && m->list->replies == LIST_REPLIES_NONE)
		return false;
	if (m->list && m->list->replies == LIST_REPLIES_LIST)
		return piece_has(m->list, m->list->members, e->ref_author);
	return reader_follows(m->reader, e->ref_author) != NULL;
}

static bool belongs_home(const struct merge *m, const struct entry *e, int64_t author, const struct item *it) {
	const struct reader *r = m->reader;
	if (it->via == VIA_SELF)
		return true;
	if (r->exclusive.n && piece_has(r, r->exclusive, author))
		return false;
	const struct reader_follow *f = (const struct reader_follow *)piece_part(r, r->follows) + it->follow;
	if (e->flags & STATUS_BOOST)
		return !(f->flags & FOLLOW_NO_BOOSTS);
	return reader_wants_language(r, f, e->language) && reply_belongs(m, e, author);
}

static bool belongs_list(const struct merge *m, const struct entry *e, int64_t author) {
	const int visibility = e->flags & STATUS_VISIBILITY;
	if (visibility == VISIBILITY_DIRECT)
		return false;
	if (visibility == VISIBILITY_PRIVATE && author != m->q->viewer && !reader_follows(m->reader, author))
		return false;
	return (e->flags & STATUS_BOOST) || reply_belongs(m, e, author);
}

static bool belongs_author(const struct merge *m, const struct entry *e, int64_t author) {
	const struct feed_query *q = m->q;
	if ((e->flags & STATUS_VISIBILITY) == VISIBILITY_DIRECT)
		return false;
	if (q->without_boosts && (e->flags & STATUS_BOOST))
		return false;
	return !q->without_replies || !(e->flags & STATUS_REPLY) || e->ref_author == author;
}

static bool belongs(const struct merge *m, const struct entry *e, const struct item *it) {
	const struct sources *s = feed_sources(m->pass->feed);
	const int64_t author = source_at(s, e->author)->id;
	if (it->via != VIA_SELF && it->via != VIA_AUTHOR && shuns(m, author))
		return false;
	if (e->ref_author && e->ref_author != author && it->via != VIA_SELF && it->via != VIA_AUTHOR && shuns(m, e->ref_author))
		return false;
	if (m->q->only_media && !(e->flags & STATUS_HAS_MEDIA))
		return false;
	if (m->reader && m->reader->threads.n && it->via != VIA_AUTHOR && author != m->q->viewer && !(e->flags & STATUS_BOOST) &&
	    piece_has(m->reader, m->reader->threads, e->ref))
		return false;
	switch ((enum via)it->via) {
	case VIA_SELF:
	case VIA_FOLLOW: return belongs_home(m, e, author, it);
	case VIA_MEMBER: return belongs_list(m, e, author);
	case VIA_AUTHOR: return belongs_author(m, e, author);
	case VIA_PUBLIC:
	case VIA_TAG: return (e->flags & (STATUS_VISIBILITY | STATUS_BOOST)) == VISIBILITY_PUBLIC;
	}
	return false;
}

/* ── rules on posts ──────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct account_head *account_of(struct pass *p, int64_t id) {
	return (const struct account_head *)(const void *)pass_piece(p, PIECE_ACCOUNT, id);
}

static const struct status_head *status_of(struct pass *p, int64_t id) {
	return (const struct status_head *)(const void *)pass_piece(p, PIECE_STATUS, id);
}

/* Of one row, the boosted post aside. True also when the pass wants something: then it is made again. */
static bool sees_row(struct pass *p, const struct reader *r, int64_t viewer, const struct status_head *s) {
	if (viewer && s->author == viewer)
		return true;
	const struct account_head *author = account_of(p, s->author);
	if (!author)
		return true;
	if (author->piece.gone || (author->flags & ACCOUNT_GONE))
		return false;
	if (r && r->blocked_by.n && piece_has(r, r->blocked_by, s->author))
		return false;
	switch (head_visibility(s)) {
	case VISIBILITY_PUBLIC:
	case VISIBILITY_UNLISTED: return true;
	case VISIBILITY_PRIVATE:
		if (r && reader_follows(r, s->author))
			return true;
		break;
	case VISIBILITY_DIRECT: break;
	}
	return viewer && piece_has(s, s->mentions, viewer);
}

bool feed_sees(struct pass *p, int64_t viewer, const struct status_head *s) {
	const struct reader *r = NULL;
	if (s->piece.gone)
		return false;
	if (viewer && !(r = (const struct reader *)(const void *)pass_piece(p, PIECE_READER, viewer)))
		return true;
	if (!sees_row(p, r, viewer, s))
		return false;
	if (!s->boost_of)
		return true;
	const struct status_head *under = status_of(p, s->boost_of);
	return !under || (!under->piece.gone && sees_row(p, r, viewer, under));
}

static bool names_shunned(const struct merge *m, const struct status_head *s) {
	const struct reader *r = m->reader;
	if (!r || !s->mentions.n || !(r->blocks.n + r->blocked_by.n + r->mutes.n) || s->author == m->q->viewer)
		return false;
	const int64_t *v = piece_part(s, s->mentions);
	for (size_t i = 0; i < s->mentions.n; i++)
		if (shuns(m, v[i]))
			return true;
	return false;
}

static bool filtered_out(const struct merge *m, const struct status_head *s) {
	static const uint32_t contexts[] = {[FEED_HOME] = FILTER_HOME,
	                                    [FEED_LIST] = FILTER_HOME,
	                                    [FEED_PUBLIC] = FILTER_PUBLIC,
	                                    [FEED_TAGS] = FILTER_PUBLIC,
	                                    [FEED_AUTHOR] = FILTER_ACCOUNT};
	const struct reader *r = m->reader;
	if (!r || !r->filters.n || s->author == m->q->viewer)
		return false;
	const struct reader_filter *f = piece_part(r, r->filters);
	for (size_t i = 0; i < r->filters.n; i++)
		if (f[i].action == FILTER_HIDE && (f[i].contexts & contexts[m->q->kind]) &&
		    reader_filter_hits(r, &f[i], m->now, s->piece.id, piece_str(s, s->folded)))
			return true;
	return false;
}

static bool has_tags(const struct feed_query *q, const struct status_head *s) {
	if (q->tag && !piece_has(s, s->tags, q->tag))
		return false;
	for (size_t i = 0; i < q->all_n; i++)
		if (!piece_has(s, s->tags, q->all[i]))
			return false;
	for (size_t i = 0; i < q->none_n; i++)
		if (piece_has(s, s->tags, q->none[i]))
			return false;
	return true;
}

/* What is shown to everybody does not show those a moderator limited, but to their followers. */
static bool limited_out(struct merge *m, const struct candidate *c, int64_t author) {
	if ((c->via != VIA_PUBLIC && c->via != VIA_TAG) || author == m->q->viewer)
		return false;
	const struct account_head *a = account_of(m->pass, author);
	return a && (a->flags & ACCOUNT_LIMITED) && !(m->reader && reader_follows(m->reader, author));
}

/* True also when something is wanted: the page is void then anyway, and what else it needs is asked for in the same round. */
static bool shows(struct merge *m, const struct candidate *c) {
	const struct status_head *s = status_of(m->pass, c->e.id);
	if (!s)
		return true;
	if (s->piece.gone || !feed_sees(m->pass, m->q->viewer, s) || limited_out(m, c, s->author))
		return false;
	const struct status_head *post = s->boost_of ? status_of(m->pass, s->boost_of) : s;
	if (!post || post->piece.gone)
		return !post;
	if (!has_tags(m->q, post))
		return false;
	if (c->via != VIA_AUTHOR) {
		if (names_shunned(m, post))
			return false;
		if (s->boost_of && m->reader && m->reader->threads.n && post->author != m->q->viewer &&
		    piece_has(m->reader, m->reader->threads, post->thread))
			return false;
	}
	return !filtered_out(m, post);
}

/* ── the walk ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static inline bool before(const struct item *a, const struct item *b) { return a->key != b->key ? a->key > b->key : a->via < b->via; }

static void sink(struct item *h, size_t n, size_t i) {
	const struct item it = h[i];
	for (size_t kid; (kid = 2 * i + 1) < n; i = kid) {
		if (kid + 1 < n && before(&h[kid + 1], &h[kid]))
			kid++;
		if (!before(&h[kid], &it))
			break;
		h[i] = h[kid];
	}
	h[i] = it;
}

static const struct entry *next_in(struct walk *w, uint32_t slot, int64_t from, bool *unknown) {
	return w->above ? pass_above(w->m->pass, slot, from, unknown) : pass_below(w->m->pass, slot, from, unknown);
}

/* The entry below one that memory keeps lies beside it. NULL: ask. */
static const struct entry *beside(const struct walk *w, uint32_t slot, const struct entry *e) {
	const struct source *at = source_at(feed_sources(w->m->pass->feed), slot);
	const uintptr_t first = (uintptr_t)at->v, place = (uintptr_t)e;
	return !w->above && place > first && place < first + at->n * sizeof *e ? e - 1 : NULL;
}

/* Adds a source when it has something beyond the position. newest: of its slot. */
static inline void add(struct walk *w, struct item it, int64_t position, int64_t newest) {
	if (!w->above && newest < position) {
		if (!newest)
			return;
		it.key = newest; /* its newest entry, or a bound above it that next() replaces */
	} else {
		if (w->above && newest <= position)
			return;
		bool unknown;
		const struct entry *e = next_in(w, it.slot, position, &unknown);
		if (!e)
			return;
		it.key = w->above ? -e->id : e->id;
	}
	w->heap[w->n++] = it;
}

static size_t count_sources(const struct merge *m) {
	switch (m->q->kind) {
	case FEED_HOME: return m->reader->follows.n + m->reader->tags.n + 1;
	case FEED_LIST: return m->list->slots.n;
	case FEED_TAGS: return m->q->any_n + 1;
	default: return 1;
	}
}

static void add_home(struct walk *w, int64_t position, const int64_t *newest) {
	const struct reader *r = w->m->reader;
	const struct reader_follow *f = piece_part(r, r->follows);
	const uint32_t *tags = piece_part(r, r->tags);
	for (size_t i = 0; i < r->follows.n; i++) {
		if (i + 8 < r->follows.n)
			__builtin_prefetch(&newest[f[i + 8].slot]);
		add(w, (struct item){.slot = f[i].slot, .via = VIA_FOLLOW, .follow = (uint32_t)i}, position, newest[f[i].slot]);
	}
	add(w, (struct item){.slot = r->self, .via = VIA_SELF}, position, newest[r->self]);
	for (size_t i = 0; i < r->tags.n; i++)
		add(w, (struct item){.slot = tags[i], .via = VIA_TAG}, position, newest[tags[i]]);
}

static void add_known(struct walk *w, enum source_kind kind, int64_t id, enum via via, int64_t position, const int64_t *newest) {
	const uint32_t slot = source_find(feed_sources(w->m->pass->feed), kind, id);
	must(slot != SLOT_NONE);
	add(w, (struct item){.slot = slot, .via = via}, position, newest[slot]);
}

static void walk_start(struct walk *w, struct merge *m, int64_t position, bool above) {
	*w = (struct walk){.m = m, .above = above, .last = -1};
	w->heap = arena_alloc(m->pass->arena, count_sources(m) * sizeof *w->heap);
	const int64_t *newest = source_newest(feed_sources(m->pass->feed));
	const uint32_t *slots;
	switch (m->q->kind) {
	case FEED_HOME: add_home(w, position, newest); break;
	case FEED_LIST:
		slots = piece_part(m->list, m->list->slots);
		for (size_t i = 0; i < m->list->slots.n; i++)
			add(w, (struct item){.slot = slots[i], .via = VIA_MEMBER}, position, newest[slots[i]]);
		break;
	case FEED_PUBLIC: add_known(w, SOURCE_PUBLIC, 0, VIA_PUBLIC, position, newest); break;
	case FEED_TAGS:
		add_known(w, SOURCE_TAG, m->q->id, VIA_TAG, position, newest);
		for (size_t i = 0; i < m->q->any_n; i++)
			add_known(w, SOURCE_TAG, m->q->any[i], VIA_TAG, position, newest);
		break;
	case FEED_AUTHOR: add_known(w, SOURCE_AUTHOR, m->q->id, VIA_AUTHOR, position, newest); break;
	}
	for (size_t i = w->n / 2; i--;)
		sink(w->heap, w->n, i);
	/* Most of a page comes from the top of the heap: its sources are asked for at once. */
	const struct sources *sources = feed_sources(m->pass->feed);
	const size_t top = w->n < HEAP_TOP ? w->n : HEAP_TOP;
	for (size_t i = 0; i < top; i++)
		__builtin_prefetch(source_at(sources, w->heap[i].slot));
	for (size_t i = 0; i < top; i++) {
		const struct source *at = source_at(sources, w->heap[i].slot);
		if (at->n)
			__builtin_prefetch(&at->v[at->n - 1]);
	}
}

/* The first source moves on to its next entry, or leaves. */
static void advance(struct walk *w, const struct entry *next) {
	if (next)
		w->heap[0].key = w->above ? -next->id : next->id;
	else
		w->heap[0] = w->heap[--w->n];
	if (w->n)
		sink(w->heap, w->n, 0);
}

/* What memory keeps although it is over: boosts of a deleted post, whose deletion is all that memory is told, and posts under a hashtag
 * that an edit took away. (What is wanted makes the page void anyway.) */
static bool is_dead_boost(struct pass *p, const struct entry *e) {
	if (!(e->flags & STATUS_BOOST))
		return false;
	const struct status_head *post = status_of(p, e->ref);
	return !post || post->piece.gone;
}

static bool has_lost_tag(struct pass *p, const struct entry *e, uint32_t slot) {
	const struct status_head *post = status_of(p, e->id);
	return !post || post->piece.gone || !piece_has(post, post->tags, source_at(feed_sources(p->feed), slot)->id);
}

/* The next entry that the rules on entries let through. False at the end, when the pass wants something, and after SCAN_MOST. */
static bool walk_next(struct walk *w, struct candidate *out) {
	while (w->n) {
		struct item it = w->heap[0];
		const int64_t key = w->above ? -it.key : it.key;
		bool unknown;
		const struct entry *e = next_in(w, it.slot, w->above ? key - 1 : key + 1, &unknown);
		if (unknown)
			return false;
		if (!e || e->id != key) {
			advance(w, e);
			continue;
		}
		const bool in = key != w->last && belongs(w->m, e, &it) && (it.via != VIA_TAG || !has_lost_tag(w->m->pass, e, it.slot));
		if (in)
			*out = (struct candidate){*e, (enum via)it.via};
		const struct entry *next = beside(w, it.slot, e);
		if (!next && (next = next_in(w, it.slot, key, &unknown), unknown))
			return false;
		advance(w, next);
		if (w->m->scanned++ >= SCAN_MOST) {
			w->m->stopped = true;
			return false;
		}
		if (in) {
			w->last = key;
			return true;
		}
	}
	return false;
}

/* ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t post_of(const struct entry *e) { return e->flags & STATUS_BOOST ? e->ref : e->id; }

/* The posts of the last BOOST_WINDOW entries. An id's last bits are drawn at random: a bit for each that was ever in says of most others
 * that they are not. */
struct window {
	int64_t posts[BOOST_WINDOW];
	size_t next;
	uint64_t seen[4];
};

static bool window_has(const struct window *w, int64_t post) {
	bool has = false;
	if (!(w->seen[post >> 6 & 3] >> (post & 63) & 1))
		return false;
	for (size_t i = 0; i < BOOST_WINDOW; i++)
		has |= w->posts[i] == post;
	return has;
}

static void window_add(struct window *w, int64_t post) {
	w->posts[w->next] = post;
	w->next = w->next + 1 == BOOST_WINDOW ? 0 : w->next + 1;
	w->seen[post >> 6 & 3] |= 1ULL << (post & 63);
}

static bool has_window(const struct feed_query *q) { return q->kind == FEED_HOME || q->kind == FEED_LIST; }

/* The entries right above where the page begins hide posts in it too. */
static void window_before(struct merge *m, struct window *window) {
	struct walk up;
	struct candidate c;
	int64_t posts[BOOST_WINDOW];
	size_t n = 0;
	walk_start(&up, m, m->q->max_id - 1, true);
	while (n < BOOST_WINDOW && walk_next(&up, &c))
		if (!is_dead_boost(m->pass, &c.e))
			posts[n++] = post_of(&c.e);
	while (n)
		window_add(window, posts[--n]);
}

/* Takes up to `most` candidates and asks for all that the rules on posts, and then their reader, will look at. */
static size_t gather(struct walk *w, struct candidate *out, size_t most) {
	const struct sources *sources = feed_sources(w->m->pass->feed);
	const struct cache *cache = feed_cache(w->m->pass->feed);
	size_t n = 0;
	while (n < most && walk_next(w, &out[n])) {
		const struct entry *e = &out[n++].e;
		cache_prefetch(cache, PIECE_STATUS, e->id);
		cache_prefetch(cache, PIECE_ACCOUNT, source_at(sources, e->author)->id);
		if (e->flags & STATUS_BOOST) {
			cache_prefetch(cache, PIECE_STATUS, e->ref);
			cache_prefetch(cache, PIECE_ACCOUNT, e->ref_author);
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &out[i].e;
		cache_prefetch_piece(cache, PIECE_STATUS, e->id);
		cache_prefetch_piece(cache, PIECE_ACCOUNT, source_at(sources, e->author)->id);
		if (e->flags & STATUS_BOOST) {
			cache_prefetch_piece(cache, PIECE_STATUS, e->ref);
			cache_prefetch_piece(cache, PIECE_ACCOUNT, e->ref_author);
		}
	}
	return n;
}

/* Takes one candidate into the page. False: the page ends before it. */
static bool take_down(struct merge *m, const struct candidate *c, struct window *window, struct feed_page *out) {
	if (c->e.id <= m->q->since_id)
		return false;
	if (out->n == (size_t)m->q->limit) {
		out->more = true;
		return false;
	}
	if (!out->newest_seen)
		out->newest_seen = c->e.id;
	out->oldest_seen = c->e.id;
	if (is_dead_boost(m->pass, &c->e))
		return true;
	const int64_t post = post_of(&c->e);
	const bool again = has_window(m->q) && window_has(window, post);
	window_add(window, post);
	if (!again && shows(m, c))
		out->v[out->n++] = c->e;
	return true;
}

static void page_down(struct merge *m, struct feed_page *out) {
	struct window window = {0};
	struct walk w;
	struct candidate batch[PAGE_MOST + 1];
	if (m->q->max_id && has_window(m->q))
		window_before(m, &window);
	walk_start(&w, m, m->q->max_id ? m->q->max_id : INT64_MAX, false);
	for (size_t n; (n = gather(&w, batch, (size_t)m->q->limit - out->n + 1));)
		for (size_t i = 0; i < n; i++)
			/* A loop gives up at the first thing it lacks. */
			if (!take_down(m, &batch[i], &window, out) || (pass_wants(m->pass) && !m->pass->db))
				return;
	out->more = m->stopped;
}

static void page_up(struct merge *m, struct feed_page *out) {
	struct walk w;
	struct candidate c;
	VEC(struct candidate) run = {0};
	const size_t ahead = has_window(m->q) ? BOOST_WINDOW : 0;
	bool end = false;
	walk_start(&w, m, m->q->min_id, true);
	for (size_t i = 0; out->n < (size_t)m->q->limit; i++) {
		while (!end && run.n <= i + ahead) {
			if (!walk_next(&w, &c))
				end = true;
			else if (!is_dead_boost(m->pass, &c.e))
				vec_push(m->pass->arena, &run, c);
		}
		if (i >= run.n || (m->q->max_id && run.v[i].e.id >= m->q->max_id) || (pass_wants(m->pass) && !m->pass->db))
			break;
		const struct candidate *one = &run.v[i];
		if (!out->oldest_seen)
			out->oldest_seen = one->e.id;
		out->newest_seen = one->e.id;
		bool again = false;
		for (size_t k = i + 1; k < run.n && k <= i + ahead; k++)
			again |= post_of(&run.v[k].e) == post_of(&one->e);
		if (!again && shows(m, one))
			out->v[out->n++] = one->e;
	}
	for (size_t i = 0; i < out->n / 2; i++) {
		const struct entry swap = out->v[i];
		out->v[i] = out->v[out->n - 1 - i];
		out->v[out->n - 1 - i] = swap;
	}
}

void feed_open(struct feed *f, const struct feed_query *q) {
	uint32_t slot;
	switch (q->kind) {
	case FEED_PUBLIC: feed_slots(f, SOURCE_PUBLIC, 1, &(int64_t){0}, sizeof(int64_t), &slot); break;
	case FEED_AUTHOR: feed_slots(f, SOURCE_AUTHOR, 1, &q->id, sizeof q->id, &slot); break;
	case FEED_TAGS:
		feed_slots(f, SOURCE_TAG, 1, &q->id, sizeof q->id, &slot);
		for (size_t i = 0; i < q->any_n; i++)
			feed_slots(f, SOURCE_TAG, 1, &q->any[i], sizeof *q->any, &slot);
		break;
	case FEED_HOME:
	case FEED_LIST: break;
	}
}

/* The sets the merge needs; false: wanted, or there is nothing to merge. */
static bool prepare(struct merge *m) {
	if (m->q->viewer) {
		m->reader = (const struct reader *)(const void *)pass_piece(m->pass, PIECE_READER, m->q->viewer);
		if (!m->reader)
			return false;
	}
	if (m->q->kind == FEED_LIST) {
		m->list = (const struct list_set *)(const void *)pass_piece(m->pass, PIECE_LIST, m->q->id);
		return m->list && !m->list->piece.gone && m->list->owner == m->q->viewer;
	}
	if (m->q->kind == FEED_AUTHOR && m->reader && m->reader->blocked_by.n && piece_has(m->reader, m->reader->blocked_by, m->q->id))
		return false;
	return m->q->kind != FEED_HOME || m->reader;
}

void feed_merge(struct pass *p, const struct feed_query *q, struct feed_page *out) {
	must(q->limit > 0 && q->limit <= PAGE_MOST);
	struct merge m = {.pass = p, .q = q, .now = clock_ms()};
	out->n = 0;
	out->oldest_seen = out->newest_seen = 0;
	out->more = false;
	if (!prepare(&m))
		return;
	if (q->min_id)
		page_up(&m, out);
	else
		page_down(&m, out);
}

/* ── live ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The entry as its author's source, or a followed hashtag's, would bring it. */
bool merge_wants(struct pass *p, const struct feed_query *q, const struct status_head *s) {
	struct merge m = {.pass = p, .q = q, .now = clock_ms()};
	if (!prepare(&m))
		return false;
	struct sources *sources = feed_sources(p->feed);
	const uint32_t author = source_find(sources, SOURCE_AUTHOR, s->author);
	if (author == SLOT_NONE)
		return false;
	struct candidate c = {.e = {.id = s->piece.id, .flags = (uint16_t)s->flags, .language = s->language, .author = author}};
	c.e.ref = s->boost_of ? s->boost_of : s->thread;
	c.e.ref_author = s->boost_of ? s->boost_author : s->reply_to_author;
	struct item it = {.slot = author, .via = VIA_SELF};
	if (q->kind == FEED_PUBLIC || q->kind == FEED_TAGS) {
		it.via = c.via = q->kind == FEED_PUBLIC ? VIA_PUBLIC : VIA_TAG;
		if (q->kind == FEED_TAGS ? !piece_has(s, s->tags, q->id) : (s->flags & STATUS_REPLY) && s->reply_to_author != s->author)
			return false;
		return belongs(&m, &c.e, &it) && shows(&m, &c);
	}
	if (q->kind == FEED_LIST) {
		it.via = VIA_MEMBER;
		if (!piece_has(m.list, m.list->members, s->author))
			return false;
	} else if (s->author != q->viewer) {
		const struct reader_follow *f = reader_follows(m.reader, s->author);
		it.via = VIA_FOLLOW;
		if (f)
			it.follow = (uint32_t)(f - (const struct reader_follow *)piece_part(m.reader, m.reader->follows));
		else
			it.via = VIA_TAG;
	}
	c.via = (enum via)it.via;
	if (it.via != VIA_TAG && belongs(&m, &c.e, &it) && shows(&m, &c))
		return true;
	if (q->kind == FEED_LIST || s->author == q->viewer)
		return false;
	it.via = c.via = VIA_TAG;
	const uint32_t *tags = piece_part(m.reader, m.reader->tags);
	for (size_t i = 0; i < m.reader->tags.n; i++) {
		if (piece_has(s, s->tags, source_at(sources, tags[i])->id) && belongs(&m, &c.e, &it) && shows(&m, &c))
			return true;
	}
	return false;
}
