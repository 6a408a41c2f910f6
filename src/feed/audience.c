#include "feed/audience.h"

#include "base/must.h"
#include "feed/inside.h"
#include "feed/reader.h"
#include "store/account.h"

#include <stdlib.h>

static int by_id(const void *x, const void *y) {
	const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

/* "1,2,3", as the queries take lists. */
static struct str list_of(struct arena *a, const int64_t *ids, size_t n) {
	BUF_AUTO b = {0};
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(&b, ',');
		buf_i64(&b, ids[i]);
	}
	return arena_str(a, buf_str(&b));
}

/* ── what matters about a post ───────────────────────────────────────────────────────────────────────────────────── */

/* Whom, which conversations and which hashtags the rules ask about: ascending. */
struct matter {
	bool there;
	int64_t status, author, post, post_author; /* post: the boosted one, or the status itself */
	int64_t flags;
	struct ids accounts, threads, tags;
	uint32_t *slots; /* of the hashtags */
};

static void add_set(struct arena *a, struct ids *to, const struct status_head *s, struct section set) {
	const int64_t *v = piece_part(s, set);
	for (size_t i = 0; i < set.n; i++)
		vec_push(a, to, v[i]);
}

static void add_head(struct arena *a, struct matter *m, const struct status_head *s) {
	vec_push(a, &m->accounts, s->author);
	if (s->reply_to_author)
		vec_push(a, &m->accounts, s->reply_to_author);
	add_set(a, &m->accounts, s, s->mentions);
	add_set(a, &m->tags, s, s->tags);
	vec_push(a, &m->threads, s->thread);
}

static void set_of(struct ids *ids) {
	size_t n = 0;
	if (ids->n)
		qsort(ids->v, ids->n, sizeof *ids->v, by_id);
	for (size_t i = 0; i < ids->n; i++)
		if (!n || ids->v[n - 1] != ids->v[i])
			ids->v[n++] = ids->v[i];
	ids->n = n;
}

static const struct status_head *status_of(struct pass *p, int64_t id) {
	return (const struct status_head *)(const void *)pass_piece(p, PIECE_STATUS, id);
}

static bool is_gone(struct pass *p, int64_t account) {
	const struct account_head *a = (const struct account_head *)(const void *)pass_piece(p, PIECE_ACCOUNT, account);
	return a && (a->piece.gone || (a->flags & ACCOUNT_GONE));
}

static err find_matter(struct feed *f, struct db *db, struct arena *a, int64_t status, struct matter *m) {
	struct pass p = pass_of(f, db, a, 0);
	do {
		*m = (struct matter){.status = status};
		pass_enter(&p);
		const struct status_head *s = status_of(&p, status);
		const struct status_head *under = s && s->boost_of ? status_of(&p, s->boost_of) : s;
		if (!s || s->piece.gone || !under || under->piece.gone || is_gone(&p, s->author))
			continue;
		m->there = true;
		m->author = s->author;
		m->flags = s->flags;
		m->post = under->piece.id;
		m->post_author = under->author;
		add_head(a, m, s);
		if (under != s)
			add_head(a, m, under);
	} while (pass_leave(&p));
	if (p.error || !m->there)
		return p.error;
	set_of(&m->accounts);
	set_of(&m->threads);
	set_of(&m->tags);
	uint32_t slot;
	feed_slots(f, SOURCE_AUTHOR, 1, &m->author, sizeof m->author, &slot);
	m->slots = arena_many(a, uint32_t, m->tags.n + 1);
	feed_slots(f, SOURCE_TAG, m->tags.n, m->tags.v, sizeof *m->tags.v, m->slots);
	return NULL;
}

/* ── readers whom memory does not keep, as far as they matter ────────────────────────────────────────────────────── */

/* A row of READERS_ABOUT. The numbers stand in the query. */
enum about { ABOUT_FOLLOW, ABOUT_BLOCK, ABOUT_BLOCKED_BY, ABOUT_MUTE, ABOUT_THREAD, ABOUT_TAG, ABOUT_EXCLUSIVE, ABOUT_FILTER, ABOUTS };

struct about_row {
	int64_t viewer, id, value; /* value: a follow's flags, a mute's end */
	struct str languages;
	enum about what;
};
typedef VEC(struct about_row) about_rows;

static int by_viewer(const void *x, const void *y) {
	const struct about_row *a = x, *b = y;
	if (a->viewer != b->viewer)
		return a->viewer > b->viewer ? 1 : -1;
	if (a->what != b->what)
		return (int)a->what - (int)b->what;
	return (a->id > b->id) - (a->id < b->id);
}

static err read_about(struct db *db, struct arena *a, const struct matter *m, const struct ids *cold, about_rows *out) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, READERS_ABOUT, T(list_of(a, cold->v, cold->n)), T(list_of(a, m->accounts.v, m->accounts.n)),
	             T(list_of(a, m->threads.v, m->threads.n)), T(list_of(a, m->tags.v, m->tags.n))));
	while (rows_next(r)) {
		const struct about_row row = {
		    .viewer = rows_i64(r, 0),
		    .what = (enum about)rows_i64(r, 1),
		    .id = rows_i64(r, 2),
		    .value = rows_i64(r, 3),
		    .languages = rows_copy(r, 4, a),
		};
		must(row.what < ABOUTS);
		vec_push(a, out, row);
	}
	if (out->n)
		qsort(out->v, out->n, sizeof *out->v, by_viewer);
	return rows_err(r);
}

static uint32_t slot_of(const struct matter *m, int64_t tag) {
	const int64_t *at = bsearch(&tag, m->tags.v, m->tags.n, sizeof tag, by_id);
	must(at);
	return m->slots[at - m->tags.v];
}

/* From the viewer's rows. NULL: it has filters, which are read whole. */
static struct piece *reader_about(struct arena *a, const struct matter *m, int64_t viewer, const struct about_row *v, size_t n) {
	struct reader_parts parts = {0};
	for (size_t i = 0; i < n; i++) {
		const struct reader_mute mute = {v[i].id, v[i].value};
		switch (v[i].what) {
		case ABOUT_FOLLOW: reader_add_follow(a, &parts, v[i].id, v[i].value, v[i].languages); break;
		case ABOUT_BLOCK: vec_push(a, &parts.blocks, v[i].id); break;
		case ABOUT_BLOCKED_BY: vec_push(a, &parts.blocked_by, v[i].id); break;
		case ABOUT_MUTE: vec_push(a, &parts.mutes, mute); break;
		case ABOUT_THREAD: vec_push(a, &parts.threads, v[i].id); break;
		case ABOUT_TAG: vec_push(a, &parts.tags, slot_of(m, v[i].id)); break;
		case ABOUT_EXCLUSIVE: vec_push(a, &parts.exclusive, v[i].id); break;
		case ABOUT_FILTER:
		case ABOUTS: return NULL;
		}
	}
	return reader_of_parts(a, viewer, &parts);
}

static err load_about(struct pass *p, const struct matter *m, const struct ids *cold) {
	about_rows rows = {0};
	TRY(read_about(p->db, p->arena, m, cold, &rows));
	for (size_t i = 0, from = 0; i < cold->n; i++) {
		size_t to = from;
		while (to < rows.n && rows.v[to].viewer == cold->v[i])
			to++;
		struct piece *made = reader_about(p->arena, m, cold->v[i], rows.v + from, to - from);
		if (made)
			vec_push(p->arena, &p->pieces, made);
		from = to;
	}
	return NULL;
}

/* ── deciding ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void find_cold(struct feed *f, struct arena *a, struct wish *v, size_t n, struct ids *cold) {
	pthread_rwlock_rdlock(&f->lock);
	for (size_t i = 0; i < n; i++) {
		v[i].cold = !cache_find(f->cache, PIECE_READER, v[i].viewer);
		if (v[i].cold)
			vec_push(a, cold, v[i].viewer);
	}
	pthread_rwlock_unlock(&f->lock);
}

static void decide(struct pass *p, const struct matter *m, struct feed_query *q, struct wish *w) {
	const struct status_head *s = status_of(p, m->status);
	const struct reader *r = (const struct reader *)(const void *)pass_piece(p, PIECE_READER, w->viewer);
	q->viewer = w->viewer;
	w->wants = s && !s->piece.gone && merge_wants(p, q, s);
	w->own = w->viewer == m->author || w->viewer == m->post_author || (r && r->filters.n);
}

/* Nobody has done anything yet with what is new; a boosted or edited post some have favoured or kept. */
static err find_acts(struct db *db, struct arena *a, const struct matter *m, struct wish *v, size_t n) {
	struct ids asked = {0};
	if (!(m->flags & (STATUS_BOOST | STATUS_EDITED)))
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (v[i].wants && !v[i].own)
			vec_push(a, &asked, v[i].viewer);
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, ACTED_ON, T(list_of(a, asked.v, asked.n)), I(m->post)));
	while (rows_next(r)) {
		const int64_t viewer = rows_i64(r, 0);
		struct wish *w = bsearch(&viewer, v, n, sizeof *v, by_id); /* a wish begins with its viewer */
		if (w)
			w->own = true;
	}
	return rows_err(r);
}

err audience_wants(struct feed *f, struct db *db, struct arena *a, enum feed_kind kind, int64_t id, int64_t status, struct wish *v,
                   size_t n) {
	must(n <= AUDIENCE_AT_ONCE && kind != FEED_AUTHOR);
	struct feed_query q = {.kind = kind, .id = id, .limit = 1};
	struct pass p = pass_of(f, db, a, 0);
	struct matter m;
	struct ids cold = {0};
	for (size_t i = 0; i < n; i++)
		v[i].wants = v[i].own = v[i].cold = false;
	TRY(find_matter(f, db, a, status, &m));
	if (!m.there)
		return NULL;
	find_cold(f, a, v, n, &cold);
	if (cold.n)
		TRY(load_about(&p, &m, &cold));
	do {
		pass_enter(&p);
		for (size_t i = 0; i < n; i++)
			decide(&p, &m, &q, &v[i]);
	} while (pass_leave(&p));
	TRY(p.error);
	return find_acts(db, a, &m, v, n);
}

/* ── who follows ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* By memory: *known false where it cannot tell. Under the lock. */
static bool follows(struct feed *f, int64_t viewer, int64_t author, bool tags, bool *known) {
	const struct reader *r = (const struct reader *)(const void *)cache_find(f->cache, PIECE_READER, viewer);
	*known = r != NULL;
	return r && (reader_follows(r, author) || (tags && r->tags.n));
}

err audience_sift(struct feed *f, struct db *db, struct arena *a, int64_t author, bool tags, int64_t *viewers, size_t *n) {
	struct ids cold = {0}, left = {0};
	must(*n <= AUDIENCE_AT_ONCE);
	pthread_rwlock_rdlock(&f->lock);
	for (size_t i = 0; i < *n; i++) {
		bool known;
		if (viewers[i] == author || follows(f, viewers[i], author, tags, &known))
			vec_push(a, &left, viewers[i]);
		else if (!known)
			vec_push(a, &cold, viewers[i]);
	}
	pthread_rwlock_unlock(&f->lock);
	if (cold.n) {
		struct ROWS_AUTO *r = NULL;
		TRY(db_query(db, &r, FOLLOWERS_AMONG, T(list_of(a, cold.v, cold.n)), I(author), I(tags)));
		while (rows_next(r))
			vec_push(a, &left, rows_i64(r, 0));
		TRY(rows_err(r));
	}
	set_of(&left);
	must(left.n <= *n);
	if (left.n)
		memcpy(viewers, left.v, left.n * sizeof *viewers);
	*n = left.n;
	return NULL;
}

err audience_warm(struct feed *f, struct db *db, struct arena *a, int64_t viewer) {
	struct pass p = pass_of(f, db, a, viewer);
	do {
		pass_enter(&p);
		pass_piece(&p, PIECE_READER, viewer);
	} while (pass_leave(&p));
	return p.error;
}
