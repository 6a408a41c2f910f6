#include "api/view/status.h"

#include "api/view/filter.h"
#include "api/view/pieces.h"
#include "base/clock.h"
#include "core/site.h"
#include "store/account.h"

enum { ROOM_PER_POST = 3000 };

/* One attempt at an answer: the pass, and the viewer's own pieces. */
struct joint {
	struct pass *pass;
	struct buf *out;
	int64_t viewer, now;
	const struct reader *reader; /* NULL: nobody */
	const struct acts *acts;
};

static bool joint_ready(struct joint *j) {
	if (!j->viewer)
		return true;
	j->reader = (const struct reader *)(const void *)pass_piece(j->pass, PIECE_READER, j->viewer);
	j->acts = (const struct acts *)(const void *)pass_piece(j->pass, PIECE_ACTS, j->viewer);
	return j->reader && j->acts;
}

static const struct status_piece *status_at(struct joint *j, int64_t id) {
	return (const struct status_piece *)(const void *)pass_piece(j->pass, PIECE_STATUS, id);
}

/* ── what the viewer did ─────────────────────────────────────────────────────────────────────────────────────────── */

struct own {
	bool favourited, boosted, bookmarked;
	const void *votes_in;  /* the piece that holds them */
	struct section votes;  /* of struct reader_vote, or of choices when from an act */
	const struct act *act; /* asked of the database */
};

/* False: wanted. */
static bool find_own(struct joint *j, int64_t id, bool poll, struct own *out) {
	*out = (struct own){0};
	const struct acts *a = j->acts;
	if (!a)
		return true;
	if (id < a->favourites_from || id < a->bookmarks_from || id < a->boosts_from || (poll && id < a->votes_from)) {
		out->act = (const struct act *)(const void *)pass_piece(j->pass, PIECE_ACT, id);
		if (!out->act)
			return false;
		out->favourited = out->act->favourited;
		out->boosted = out->act->boosted;
		out->bookmarked = out->act->bookmarked;
		return true;
	}
	out->favourited = piece_has(a, a->favourites, id);
	out->boosted = piece_has(a, a->boosts, id);
	out->bookmarked = piece_has(a, a->bookmarks, id);
	return true;
}

static void put_choice(struct buf *out, bool *any, int64_t choice) {
	if (*any)
		buf_byte(out, ',');
	*any = true;
	buf_i64(out, choice);
}

/* The choices, comma-separated. */
static bool put_votes(struct joint *j, int64_t id, const struct own *own) {
	bool any = false;
	if (own->act) {
		const int64_t *choices = piece_part(own->act, own->act->votes);
		for (size_t i = 0; i < own->act->votes.n; i++)
			put_choice(j->out, &any, choices[i]);
	} else if (j->acts) {
		const struct reader_vote *v = piece_part(j->acts, j->acts->votes);
		for (size_t i = 0; i < j->acts->votes.n; i++)
			if (v[i].status_id == id)
				put_choice(j->out, &any, v[i].choice);
	}
	return any;
}

/* ── parts ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void put_poll(struct joint *j, const struct status_piece *s, const struct own *own) {
	struct buf *out = j->out;
	const bool over = s->poll_ends_at && s->poll_ends_at <= j->now;
	buf_put(out, piece_str(s, s->poll));
	buf_put(out, piece_str(s, s->poll_hides && !over ? s->options_hidden : s->options));
	buf_put(out, over ? S(",\"expired\":true,\"own_votes\":[") : S(",\"expired\":false,\"own_votes\":["));
	const bool voted = put_votes(j, s->head.piece.id, own) || (j->viewer && s->head.author == j->viewer);
	buf_put(out, voted ? S("],\"voted\":true}") : S("],\"voted\":false}"));
}

static void put_matches(struct joint *j, const struct reader_filter *f, const struct status_piece *s) {
	struct buf *out = j->out;
	const struct reader_word *w = piece_part(j->reader, f->words);
	bool any = false;
	buf_lit(out, ",\"keyword_matches\":");
	for (size_t i = 0; i < f->words.n; i++) {
		if (!reader_word_in(piece_str(s, s->head.folded), piece_str(j->reader, w[i].folded), w[i].whole))
			continue;
		buf_byte(out, any ? ',' : '[');
		any = true;
		buf_json_string(out, piece_str(j->reader, w[i].text));
	}
	buf_put(out, any ? S("],\"status_matches\":") : S("null,\"status_matches\":"));
	if (piece_has(j->reader, f->statuses, s->head.piece.id)) {
		buf_lit(out, "[\"");
		buf_i64(out, s->head.piece.id);
		buf_lit(out, "\"]}");
	} else {
		buf_lit(out, "null}");
	}
}

/* All filters that match, whatever their contexts: the client knows where it shows the post. */
static void put_filtered(struct joint *j, const struct status_piece *s) {
	const struct reader *r = j->reader;
	bool any = false;
	buf_lit(j->out, ",\"filtered\":[");
	const struct reader_filter *f = r && s->head.author != j->viewer ? piece_part(r, r->filters) : NULL;
	for (size_t i = 0; f && i < r->filters.n; i++) {
		if (!reader_filter_hits(r, &f[i], j->now, s->head.piece.id, piece_str(s, s->head.folded)))
			continue;
		const struct filter plain = {
		    .id = f[i].id,
		    .title = piece_str(r, f[i].title),
		    .contexts = f[i].contexts,
		    .action = (enum filter_action)f[i].action,
		    .expires_at = f[i].expires_at,
		};
		buf_put(j->out, any ? S(",{\"filter\":") : S("{\"filter\":"));
		any = true;
		view_filter(j->out, &plain, false);
		put_matches(j, &f[i], s);
	}
	buf_lit(j->out, "],\"poll\":");
}

/* What is true of a post for this viewer. */
struct marks {
	bool sensitive, favourited, boosted, bookmarked, muted, pinned;
};

static void put_marks(struct buf *out, struct marks m) {
	if (!(m.sensitive | m.favourited | m.boosted | m.bookmarked | m.muted | m.pinned)) {
		buf_lit(
		    out,
		    ",\"sensitive\":false,\"favourited\":false,\"reblogged\":false,\"bookmarked\":false,\"muted\":false,\"pinned\":false");
		return;
	}
	buf_put(out, m.sensitive ? S(",\"sensitive\":true") : S(",\"sensitive\":false"));
	buf_put(out, m.favourited ? S(",\"favourited\":true") : S(",\"favourited\":false"));
	buf_put(out, m.boosted ? S(",\"reblogged\":true") : S(",\"reblogged\":false"));
	buf_put(out, m.bookmarked ? S(",\"bookmarked\":true") : S(",\"bookmarked\":false"));
	buf_put(out, m.muted ? S(",\"muted\":true") : S(",\"muted\":false"));
	buf_put(out, m.pinned ? S(",\"pinned\":true") : S(",\"pinned\":false"));
}

/* The pieces' part of what the viewer may see of a post; the rows were checked by the caller. False: wanted, or gone. */
static bool put_post(struct joint *j, const struct status_piece *s, bool boosted) {
	struct buf *out = j->out;
	const struct account_piece *author = (const struct account_piece *)(const void *)pass_piece(j->pass, PIECE_ACCOUNT, s->head.author);
	const struct status_piece *under = s->head.boost_of && !boosted ? status_at(j, s->head.boost_of) : NULL;
	const struct status_piece *post = under ? under : s;
	struct own own;
	const bool known = find_own(j, post->head.piece.id, s->has_poll, &own);
	if (!author || !known || author->head.piece.gone || (s->head.boost_of && !boosted && (!under || under->head.piece.gone)))
		return false;
	buf_put(out, piece_str(s, s->json));
	buf_put(out, piece_str(author, author->json));
	const bool sensitive =
	    (s->head.flags & STATUS_SENSITIVE) || ((author->head.flags & ACCOUNT_SENSITIVE) && (s->head.flags & STATUS_HAS_MEDIA));
	const bool muted = j->reader && j->reader->threads.n && piece_has(j->reader, j->reader->threads, post->head.thread);
	const bool pinned = j->acts && s->head.author == j->viewer && piece_has(j->acts, j->acts->pins, s->head.piece.id);
	put_marks(out, (struct marks){sensitive, own.favourited, own.boosted, own.bookmarked, muted, pinned});
	if (!j->reader || !j->reader->filters.n)
		buf_lit(out, ",\"filtered\":[],\"poll\":");
	else
		put_filtered(j, post);
	if (s->has_poll)
		put_poll(j, s, &own);
	else
		buf_lit(out, "null");
	if (!under) {
		buf_lit(out, ",\"reblog\":null}");
		return true;
	}
	buf_lit(out, ",\"reblog\":");
	if (!put_post(j, under, true))
		return false;
	buf_byte(out, '}');
	return true;
}

/* False: wanted, gone, or not to be seen; then nothing is appended. */
static bool put_status(struct joint *j, int64_t id) {
	const size_t from = j->out->n;
	const struct status_piece *s = status_at(j, id);
	if (!s || s->head.piece.gone || !feed_sees(j->pass, j->viewer, &s->head))
		return false;
	if (put_post(j, s, false))
		return true;
	j->out->n = from;
	return false;
}

/* ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct pass pass_for(struct rq *rq) { return pass_of(rq->c.site->feed, rq->c.db, rq->c.arena, rq->c.viewer); }

static struct joint joint_of(struct rq *rq, struct pass *p, struct buf *out) {
	return (struct joint){.pass = p, .out = out, .viewer = rq->c.viewer, .now = clock_ms()};
}

/* A pass that could not answer leaves the request missed on a loop, broken on the pool. */
static err outcome(struct rq *rq, struct pass *p, struct buf *out, size_t from) {
	if (!p->missed && !p->error)
		return NULL;
	out->n = from;
	if (p->missed)
		return ctx_miss(&rq->c);
	ctx_broke(&rq->c, p->error);
	return p->error;
}

bool view_status(struct rq *rq, struct buf *out, int64_t id) {
	const size_t from = out->n;
	struct pass p = pass_for(rq);
	bool done;
	do {
		out->n = from;
		pass_enter(&p);
		struct joint j = joint_of(rq, &p, out);
		done = joint_ready(&j) && put_status(&j, id);
	} while (pass_leave(&p));
	return !outcome(rq, &p, out, from) && done;
}

bool view_status_new(struct rq *rq, struct buf *out, int64_t id) {
	const size_t from = out->n;
	struct pass p = pass_for(rq);
	bool done;
	do {
		out->n = from;
		pass_enter(&p);
		struct joint j = joint_of(rq, &p, out);
		const struct status_piece *s = status_at(&j, id);
		done = s && !s->head.piece.gone && put_post(&j, s, false);
	} while (pass_leave(&p));
	if (!done)
		out->n = from;
	return !outcome(rq, &p, out, from) && done;
}

void view_statuses(struct rq *rq, struct buf *out, const int64_t *ids, size_t n) {
	const size_t from = out->n;
	struct pass p = pass_for(rq);
	do {
		out->n = from;
		pass_enter(&p);
		struct joint j = joint_of(rq, &p, out);
		bool any = false;
		const bool ready = joint_ready(&j);
		buf_byte(out, '[');
		for (size_t i = 0; ready && i < n; i++) {
			if (any)
				buf_byte(out, ',');
			if (put_status(&j, ids[i]))
				any = true;
			else if (any)
				out->n--;
		}
		buf_byte(out, ']');
	} while (pass_leave(&p));
	if (outcome(rq, &p, out, from))
		buf_lit(out, "[]");
}

bool view_poll(struct rq *rq, struct buf *out, int64_t status) {
	const size_t from = out->n;
	struct pass p = pass_for(rq);
	bool done;
	do {
		out->n = from;
		done = false;
		pass_enter(&p);
		struct joint j = joint_of(rq, &p, out);
		struct own own;
		const struct status_piece *s = joint_ready(&j) ? status_at(&j, status) : NULL;
		if (s && !s->head.piece.gone && s->has_poll && feed_sees(&p, j.viewer, &s->head) && find_own(&j, status, true, &own)) {
			put_poll(&j, s, &own);
			done = true;
		}
	} while (pass_leave(&p));
	return !outcome(rq, &p, out, from) && done;
}

err view_feed(struct rq *rq, struct buf *out, const struct feed_query *q, struct feed_page *page) {
	const size_t from = out->n;
	struct pass p = pass_for(rq);
	feed_open(rq->c.site->feed, q);
	/* Room at once for what pages mostly are, instead of copying while it grows. */
	buf_reserve(out, (size_t)q->limit * ROOM_PER_POST);
	do {
		out->n = from;
		pass_enter(&p);
		feed_merge(&p, q, page);
		struct joint j = joint_of(rq, &p, out);
		const bool ready = joint_ready(&j);
		buf_byte(out, '[');
		for (size_t i = 0; ready && i < page->n && !(pass_wants(&p) && !p.db); i++) {
			const size_t before = out->n;
			const struct status_piece *s = status_at(&j, page->v[i].id);
			if (before > from + 1)
				buf_byte(out, ',');
			if (!s || s->head.piece.gone || !put_post(&j, s, false))
				out->n = before;
		}
		buf_byte(out, ']');
	} while (pass_leave(&p));
	return outcome(rq, &p, out, from);
}
