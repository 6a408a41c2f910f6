#include "feed/reader.h"

#include "base/buf.h"
#include "base/must.h"
#include "base/vec.h"
#include "feed/feed.h"
#include "feed/inside.h"

#include <stdlib.h>
#include <utf8proc.h>

/* How many of the newest acts are kept of each kind. */
enum { ACTS_KEPT = 500 };

/* ── questions ───────────────────────────────────────────────────────────────────────────────────────────────────── */

bool piece_has(const void *piece, struct section set, int64_t id) {
	const int64_t *v = piece_part(piece, set);
	size_t lo = 0, hi = set.n;
	while (lo < hi) {
		const size_t mid = (lo + hi) / 2;
		if (v[mid] < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < set.n && v[lo] == id;
}

const struct reader_follow *reader_follows(const struct reader *r, int64_t author) {
	const struct reader_follow *v = piece_part(r, r->follows);
	size_t lo = 0, hi = r->follows.n;
	while (lo < hi) {
		const size_t mid = (lo + hi) / 2;
		if (v[mid].id < author)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < r->follows.n && v[lo].id == author ? &v[lo] : NULL;
}

bool reader_mutes(const struct reader *r, int64_t author, int64_t now) {
	const struct reader_mute *v = piece_part(r, r->mutes);
	for (size_t i = 0; i < r->mutes.n && v[i].id <= author; i++)
		if (v[i].id == author)
			return !v[i].expires_at || v[i].expires_at > now;
	return false;
}

bool reader_wants_language(const struct reader *r, const struct reader_follow *f, uint16_t language) {
	if (!f->language || !language)
		return true;
	const uint16_t *list = (const uint16_t *)piece_part(r, r->languages) + f->language;
	for (size_t i = 1; i <= list[0]; i++)
		if (list[i] == language)
			return true;
	return false;
}

void reader_fold(struct buf *out, struct str text) {
	utf8proc_int32_t c;
	for (size_t i = 0; i < text.n;) {
		const utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)text.p + i, (utf8proc_ssize_t)(text.n - i), &c);
		if (used <= 0)
			return;
		i += (size_t)used;
		buf_reserve(out, 4);
		out->n += (size_t)utf8proc_encode_char(utf8proc_tolower(c), (utf8proc_uint8_t *)out->p + out->n);
	}
}

/* Letters, digits and marks of any script make words. */
static bool word_char(struct str s, size_t at) {
	utf8proc_int32_t c;
	while (at && ((unsigned char)s.p[at] & 0xC0) == 0x80)
		at--;
	if (utf8proc_iterate((const utf8proc_uint8_t *)s.p + at, (utf8proc_ssize_t)(s.n - at), &c) <= 0)
		return false;
	if (c == '_')
		return true;
	const utf8proc_category_t k = utf8proc_category(c);
	return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_NO);
}

bool reader_word_in(struct str text, struct str word, bool whole) {
	if (!word.n)
		return false;
	for (size_t from = 0; from + word.n <= text.n;) {
		const char *hit = memmem(text.p + from, text.n - from, word.p, word.n);
		if (!hit)
			return false;
		const size_t at = (size_t)(hit - text.p), end = at + word.n;
		if (!whole)
			return true;
		const bool left = at && word_char(word, 0) && word_char(text, at - 1);
		const bool right = end < text.n && word_char(word, word.n - 1) && word_char(text, end);
		if (!left && !right)
			return true;
		from = at + 1;
	}
	return false;
}

bool reader_filter_hits(const struct reader *r, const struct reader_filter *f, int64_t now, int64_t status_id, struct str folded) {
	if (f->expires_at && f->expires_at <= now)
		return false;
	if (piece_has(r, f->statuses, status_id))
		return true;
	const struct reader_word *w = piece_part(r, f->words);
	for (size_t i = 0; i < f->words.n; i++)
		if (reader_word_in(folded, piece_str(r, w[i].folded), w[i].whole))
			return true;
	return false;
}

/* ── making pieces ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* Appends items to the piece being built, aligned to 8, and says where they are. */
static struct section put(struct buf *b, const void *items, size_t n, size_t size) {
	while (b->n & 7)
		buf_byte(b, 0);
	const struct section s = {(uint32_t)b->n, (uint32_t)n};
	buf_put(b, str_mem(items, n * size));
	return s;
}

static struct piece *finish(struct arena *a, struct buf *b, const void *head, size_t head_n) {
	must(b->n >= head_n && b->n <= UINT32_MAX);
	memcpy(b->p, head, head_n);
	struct piece *p = arena_alloc(a, b->n);
	memcpy(p, b->p, b->n);
	p->size = (uint32_t)b->n;
	return p;
}

static err load_ids(struct db *db, struct arena *a, enum query q, int64_t id, struct ids *out) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, q, I(id)));
	while (rows_next(r))
		vec_push(a, out, rows_i64(r, 0));
	return rows_err(r);
}

static err put_ids(struct db *db, struct arena *a, struct buf *b, enum query q, int64_t id, struct section *out) {
	struct ids v = {0};
	TRY(load_ids(db, a, q, id, &v));
	*out = put(b, v.v, v.n, sizeof *v.v);
	return NULL;
}

void reader_add_follow(struct arena *a, struct reader_parts *p, int64_t target, int64_t flags, struct str list) {
	struct reader_follow follow = {.id = target, .slot = SLOT_NONE, .flags = (uint16_t)flags};
	if (!p->languages.n)
		vec_push(a, &p->languages, 0);
	if (list.n && p->languages.n < UINT16_MAX - 64) {
		follow.language = (uint16_t)p->languages.n;
		vec_push(a, &p->languages, 0);
		while (list.n && p->languages.v[follow.language] < 32) {
			const struct str one = str_trim(str_cut(&list, ','));
			vec_push(a, &p->languages, source_language(one.p, one.n));
			p->languages.v[follow.language]++;
		}
	}
	vec_push(a, &p->follows, follow);
}

static err load_follows(struct feed *f, struct db *db, struct arena *a, int64_t id, struct reader_parts *out) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, READER_FOLLOWS, I(id)));
	while (rows_next(r))
		reader_add_follow(a, out, rows_i64(r, 0), rows_i64(r, 1), rows_text(r, 2));
	TRY(rows_err(r));
	struct reader_follow *v = out->follows.v;
	if (out->follows.n)
		feed_slots(f, SOURCE_AUTHOR, out->follows.n, &v->id, sizeof *v, &v->slot);
	return NULL;
}

static err load_mutes(struct db *db, struct arena *a, int64_t id, struct reader_parts *out) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, READER_MUTES, I(id)));
	while (rows_next(r)) {
		const struct reader_mute m = {rows_i64(r, 0), rows_i64(r, 1)};
		vec_push(a, &out->mutes, m);
	}
	return rows_err(r);
}

static err load_tags(struct feed *f, struct db *db, struct arena *a, int64_t id, struct reader_parts *out) {
	struct ids v = {0};
	TRY(load_ids(db, a, READER_TAGS, id, &v));
	uint32_t *slots = arena_many(a, uint32_t, v.n + 1);
	feed_slots(f, SOURCE_TAG, v.n, v.v, sizeof *v.v, slots);
	for (size_t i = 0; i < v.n; i++)
		vec_push(a, &out->tags, slots[i]);
	return NULL;
}

static void put_parts(struct buf *b, struct reader *r, const struct reader_parts *p) {
	r->follows = put(b, p->follows.v, p->follows.n, sizeof *p->follows.v);
	r->languages = put(b, p->languages.v, p->languages.n, sizeof *p->languages.v);
	r->blocks = put(b, p->blocks.v, p->blocks.n, sizeof *p->blocks.v);
	r->blocked_by = put(b, p->blocked_by.v, p->blocked_by.n, sizeof *p->blocked_by.v);
	r->mutes = put(b, p->mutes.v, p->mutes.n, sizeof *p->mutes.v);
	r->threads = put(b, p->threads.v, p->threads.n, sizeof *p->threads.v);
	r->tags = put(b, p->tags.v, p->tags.n, sizeof *p->tags.v);
	r->exclusive = put(b, p->exclusive.v, p->exclusive.n, sizeof *p->exclusive.v);
}

struct piece *reader_of_parts(struct arena *a, int64_t id, const struct reader_parts *p) {
	struct reader r = {.piece = {.id = id, .kind = PIECE_READER}, .self = SLOT_NONE};
	BUF_AUTO b = {0};
	put(&b, &r, 1, sizeof r);
	put_parts(&b, &r, p);
	return finish(a, &b, &r, sizeof r);
}

struct loaded_filter {
	struct reader_filter filter;
	struct str title;
	VEC(struct reader_word) words;
	VEC(int64_t) statuses;
};
typedef VEC(struct loaded_filter) loaded_filters;

static struct loaded_filter *filter_of(loaded_filters *v, int64_t id) {
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].filter.id == id)
			return &v->v[i];
	return NULL;
}

static err load_words(struct db *db, struct arena *a, struct buf *b, int64_t id, loaded_filters *v) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, READER_FILTER_WORDS, I(id)));
	while (rows_next(r)) {
		struct loaded_filter *f = filter_of(v, rows_i64(r, 0));
		if (!f)
			continue;
		struct reader_word w = {.whole = rows_bool(r, 2)};
		const struct str typed = rows_text(r, 1);
		w.text = put(b, typed.p, typed.n, 1);
		w.folded.at = (uint32_t)b->n;
		reader_fold(b, typed);
		w.folded.n = (uint32_t)b->n - w.folded.at;
		vec_push(a, &f->words, w);
	}
	return rows_err(r);
}

static err load_filter_statuses(struct db *db, struct arena *a, int64_t id, loaded_filters *v) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, READER_FILTER_STATUSES, I(id)));
	while (rows_next(r)) {
		struct loaded_filter *f = filter_of(v, rows_i64(r, 0));
		if (f)
			vec_push(a, &f->statuses, rows_i64(r, 1));
	}
	return rows_err(r);
}

static err load_filters(struct db *db, struct arena *a, struct buf *b, int64_t id, struct section *out) {
	loaded_filters v = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, READER_FILTERS, I(id)));
	while (rows_next(r)) {
		const struct loaded_filter f = {
		    .filter = {.id = rows_i64(r, 0),
		               .contexts = (uint32_t)rows_i64(r, 1),
		               .action = (uint32_t)rows_i64(r, 2),
		               .expires_at = rows_i64(r, 3)},
		    .title = rows_copy(r, 4, a),
		};
		vec_push(a, &v, f);
	}
	TRY(rows_err(r));
	if (v.n) {
		TRY(load_words(db, a, b, id, &v));
		TRY(load_filter_statuses(db, a, id, &v));
	}
	struct reader_filter *done = arena_many(a, struct reader_filter, v.n + 1);
	for (size_t i = 0; i < v.n; i++) {
		done[i] = v.v[i].filter;
		done[i].title = put(b, v.v[i].title.p, v.v[i].title.n, 1);
		done[i].words = put(b, v.v[i].words.v, v.v[i].words.n, sizeof(struct reader_word));
		done[i].statuses = put(b, v.v[i].statuses.v, v.v[i].statuses.n, sizeof(int64_t));
	}
	*out = put(b, done, v.n, sizeof *done);
	return NULL;
}

err reader_load(struct feed *f, struct db *db, struct arena *a, int64_t id, struct piece **out) {
	struct reader r = {.piece = {.id = id, .kind = PIECE_READER}};
	struct reader_parts parts = {0};
	BUF_AUTO b = {0};
	put(&b, &r, 1, sizeof r);
	feed_slots(f, SOURCE_AUTHOR, 1, &id, sizeof id, &r.self);
	TRY(load_follows(f, db, a, id, &parts));
	TRY(load_ids(db, a, READER_BLOCKS, id, &parts.blocks));
	TRY(load_ids(db, a, READER_BLOCKED_BY, id, &parts.blocked_by));
	TRY(load_mutes(db, a, id, &parts));
	TRY(load_ids(db, a, READER_THREAD_MUTES, id, &parts.threads));
	TRY(load_tags(f, db, a, id, &parts));
	TRY(load_ids(db, a, READER_EXCLUSIVE, id, &parts.exclusive));
	put_parts(&b, &r, &parts);
	TRY(load_filters(db, a, &b, id, &r.filters));
	*out = finish(a, &b, &r, sizeof r);
	return NULL;
}

static int by_id(const void *x, const void *y) {
	const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

/* The newest acts come newest first and are kept ascending; *from is 0 when these are all. `column` holds the post. */
static err load_acts(struct db *db, struct arena *a, struct buf *b, enum query q, int64_t id, int column, struct section *out,
                     int64_t *from) {
	VEC(int64_t) v = {0};
	int64_t rows = 0, last = 0;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, q, I(id), I(ACTS_KEPT)));
	for (; rows_next(r); rows++) {
		last = rows_i64(r, 0);
		if (rows_i64(r, column))
			vec_push(a, &v, rows_i64(r, column));
	}
	TRY(rows_err(r));
	if (v.n)
		qsort(v.v, v.n, sizeof *v.v, by_id);
	*from = rows < ACTS_KEPT ? 0 : last;
	*out = put(b, v.v, v.n, sizeof *v.v);
	return NULL;
}

static err load_votes(struct db *db, struct arena *a, struct buf *b, int64_t id, struct acts *out) {
	VEC(struct reader_vote) v = {0};
	int64_t rows = 0;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, ACTS_VOTES, I(id), I(ACTS_KEPT)));
	for (; rows_next(r); rows++) {
		const struct reader_vote vote = {rows_i64(r, 0), rows_i64(r, 1)};
		vec_push(a, &v, vote);
	}
	TRY(rows_err(r));
	/* The last poll's votes may be cut: they count as unknown. */
	out->votes_from = rows < ACTS_KEPT ? 0 : v.v[v.n - 1].status_id + 1;
	for (size_t i = 0; i < v.n / 2; i++) {
		const struct reader_vote swap = v.v[i];
		v.v[i] = v.v[v.n - 1 - i];
		v.v[v.n - 1 - i] = swap;
	}
	out->votes = put(b, v.v, v.n, sizeof *v.v);
	return NULL;
}

err acts_load(struct feed *f, struct db *db, struct arena *a, int64_t id, struct piece **out) {
	(void)f;
	struct acts acts = {.piece = {.id = id, .kind = PIECE_ACTS}};
	BUF_AUTO b = {0};
	put(&b, &acts, 1, sizeof acts);
	TRY(load_acts(db, a, &b, ACTS_FAVOURITES, id, 0, &acts.favourites, &acts.favourites_from));
	TRY(load_acts(db, a, &b, ACTS_BOOKMARKS, id, 0, &acts.bookmarks, &acts.bookmarks_from));
	TRY(load_acts(db, a, &b, ACTS_BOOSTS, id, 1, &acts.boosts, &acts.boosts_from));
	TRY(put_ids(db, a, &b, ACTS_PINS, id, &acts.pins));
	TRY(load_votes(db, a, &b, id, &acts));
	*out = finish(a, &b, &acts, sizeof acts);
	return NULL;
}

err act_load(struct db *db, struct arena *a, int64_t viewer, int64_t status, struct piece **out) {
	struct act act = {.piece = {.id = status, .kind = PIECE_ACT}};
	BUF_AUTO b = {0};
	put(&b, &act, 1, sizeof act);
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, ACT_OF, I(viewer), I(status)));
	if (rows_next(r)) {
		act.favourited = rows_bool(r, 0);
		act.bookmarked = rows_bool(r, 1);
		act.boosted = rows_bool(r, 2);
	}
	TRY(rows_err(r));
	rows_end(&r);
	VEC(int64_t) votes = {0};
	TRY(db_query(db, &r, ACT_VOTES_OF, I(viewer), I(status)));
	while (rows_next(r))
		vec_push(a, &votes, rows_i64(r, 0));
	act.votes = put(&b, votes.v, votes.n, sizeof *votes.v);
	TRY(rows_err(r));
	*out = finish(a, &b, &act, sizeof act);
	return NULL;
}

err list_set_load(struct feed *f, struct db *db, struct arena *a, int64_t id, struct piece **out) {
	struct list_set l = {.piece = {.id = id, .kind = PIECE_LIST}};
	BUF_AUTO b = {0};
	put(&b, &l, 1, sizeof l);
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, READER_LIST, I(id)));
	if (rows_next(r)) {
		l.owner = rows_i64(r, 0);
		l.replies = (int)rows_i64(r, 1);
	} else {
		TRY(rows_err(r));
		l.piece.gone = true;
	}
	rows_end(&r);
	TRY(put_ids(db, a, &b, READER_LIST_MEMBERS, id, &l.members));
	uint32_t *slots = arena_many(a, uint32_t, l.members.n + 1);
	feed_slots(f, SOURCE_AUTHOR, l.members.n, (const int64_t *)(const void *)(b.p + l.members.at), sizeof(int64_t), slots);
	l.slots = put(&b, slots, l.members.n, sizeof *slots);
	*out = finish(a, &b, &l, sizeof l);
	return NULL;
}
