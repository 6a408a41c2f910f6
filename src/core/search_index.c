#include "core/search_index.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/vec.h"
#include "store/account.h"
#include "store/job.h"
#include "store/media.h"
#include "store/poll.h"
#include "store/search.h"
#include "wire/text.h"

const enum journal_kind search_index_kinds[] = {J_STATUS_CREATED,  J_STATUS_EDITED, J_STATUS_DELETED, J_ACCOUNT_CREATED, J_ACCOUNT_CHANGED,
                                                J_ACCOUNT_DELETED, J_MEDIA_CHANGED, J_BULK_LOADED,    JOURNAL_NONE};

enum { FILL_STRETCH = 500 };

/* ── words ── */

typedef VEC(struct str) words;

static void add_words(struct ctx *c, words *v, struct str text) {
	struct str *more;
	size_t n;
	text_words(c->arena, text, &more, &n);
	for (size_t i = 0; i < n; i++)
		vec_push(c->arena, v, more[i]);
}

err search_words(struct ctx *c, const struct status *s, struct str **out, size_t *n) {
	words v = {0};
	add_words(c, &v, s->warning);
	add_words(c, &v, s->text);
	if (s->flags & STATUS_HAS_POLL) {
		struct poll p;
		bool found;
		TRY(store_poll_by_status(c->arena, c->db, s->id, &p, &found));
		for (size_t i = 0; i < p.option_count; i++)
			add_words(c, &v, p.options[i]);
	}
	if (s->flags & STATUS_HAS_MEDIA) {
		struct media *m;
		size_t count;
		TRY(store_media_of_status(c->arena, c->db, s->id, &m, &count));
		for (size_t i = 0; i < count; i++)
			add_words(c, &v, m[i].description);
	}
	*out = v.v;
	*n = v.n;
	return NULL;
}

bool search_has_link(struct str text) {
	struct text_find f;
	for (size_t at = 0; text_next(text, &at, &f);)
		if (f.kind == TEXT_LINK)
			return true;
	return false;
}

static void put_facts(struct buf *b, const struct status *s) {
	buf_printf(b, SEARCH_BY "%lld", (long long)s->author_id);
	if (s->flags & STATUS_HAS_MEDIA)
		buf_lit(b, " " SEARCH_HAS_MEDIA);
	if (s->flags & STATUS_HAS_POLL)
		buf_lit(b, " " SEARCH_HAS_POLL);
	if (search_has_link(s->text))
		buf_lit(b, " " SEARCH_HAS_LINK);
	if (s->flags & STATUS_REPLY)
		buf_lit(b, " " SEARCH_IS_REPLY);
	if (s->flags & STATUS_SENSITIVE)
		buf_lit(b, " " SEARCH_IS_SENSITIVE);
}

/* ── what is to be written, read before the transaction ── */

struct post {
	int64_t id;
	struct str words; /* empty: drop it */
};
struct person {
	int64_t id;
	struct str *words;
	size_t n;
};
struct batch {
	struct ctx *c;
	VEC(struct post) posts;
	VEC(struct person) people;
	bool fill; /* a stretch is to follow, above these */
	int64_t fill_status, fill_account, fill_at;
};

static err add_post(struct batch *b, int64_t id) {
	struct ctx *c = b->c;
	struct post p = {.id = id};
	struct status s;
	struct str *v;
	size_t n;
	bool found;
	TRY(store_status_by_id(c->arena, c->db, id, &s, &found));
	if (found && s.boost_of_id)
		return NULL;
	if (found) {
		BUF_AUTO text = {0};
		TRY(search_words(c, &s, &v, &n));
		put_facts(&text, &s);
		for (size_t i = 0; i < n; i++) {
			buf_byte(&text, ' ');
			buf_put(&text, v[i]);
		}
		p.words = arena_str(c->arena, buf_str(&text));
	}
	vec_push(c->arena, &b->posts, p);
	return NULL;
}

static err add_person(struct batch *b, int64_t id) {
	struct ctx *c = b->c;
	struct account_row row;
	words v = {0};
	bool found;
	TRY(store_account_by_id(c->arena, c->db, id, &row, &found));
	if (found && !(row.flags & ACCOUNT_DELETED)) {
		vec_push(c->arena, &v, text_tag_fold(c->arena, row.username));
		add_words(c, &v, row.username);
		add_words(c, &v, row.display_name);
	}
	vec_push(c->arena, &b->people, ((struct person){id, v.v, v.n}));
	return NULL;
}

static err write_tx(struct tx *tx, void *arg) {
	struct batch *b = arg;
	if (b->fill)
		TRY(tx_journal(tx, J_JOBS_CHANGED, 0, 0, 0));
	for (size_t i = 0; i < b->posts.n; i++) {
		const struct post *p = &b->posts.v[i];
		TRY(p->words.n ? store_search_status_put(tx, p->id, p->words) : store_search_status_drop(tx, p->id));
	}
	for (size_t i = 0; i < b->people.n; i++)
		TRY(store_search_account_put(tx, b->people.v[i].id, b->people.v[i].words, b->people.v[i].n));
	if (b->fill)
		return store_job_add(tx, S(SEARCH_FILL_JOB), b->fill_at, b->fill_status, b->fill_account, STR_NONE, NULL);
	return NULL;
}

/* ── the reader ── */

/* Several entries about one post are one piece of work: it is read as it is now. */
static bool comes_again(const struct journal_entry *entries, size_t n, size_t i) {
	for (size_t k = i + 1; k < n; k++)
		if (entries[k].kind == entries[i].kind && entries[k].a == entries[i].a)
			return true;
	return false;
}

err search_index_read(struct ctx *c, const struct journal_entry *entries, size_t n) {
	struct batch b = {.c = c};
	for (size_t i = 0; i < n; i++) {
		const struct journal_entry *e = &entries[i];
		if (comes_again(entries, n, i))
			continue;
		switch (e->kind) {
		case J_STATUS_CREATED:
		case J_STATUS_EDITED:
		case J_STATUS_DELETED: TRY(e->c > 0 ? NULL : add_post(&b, e->a)); break;
		case J_MEDIA_CHANGED: TRY(e->c ? add_post(&b, e->c) : NULL); break;
		case J_BULK_LOADED: b.fill = true; break;
		default: TRY(add_person(&b, e->a));
		}
	}
	return tx_run_alone(c->db, write_tx, &b);
}

/* ── filling ── */

err search_index_begin(struct ctx *c) {
	struct batch b = {.c = c};
	TRY(store_search_empty(c->db, &b.fill));
	return b.fill ? tx_run_alone(c->db, write_tx, &b) : NULL;
}

err search_fill_job(struct ctx *c, const struct job *job) {
	struct batch b = {.c = c, .fill_status = job->a, .fill_account = job->b};
	int64_t began = clock_ms();
	int64_t *ids;
	size_t posts, people;
	TRY(store_search_fill_statuses(c->arena, c->db, job->a, FILL_STRETCH, &ids, &posts));
	for (size_t i = 0; i < posts; i++)
		TRY(add_post(&b, b.fill_status = ids[i]));
	TRY(store_search_fill_accounts(c->arena, c->db, job->b, FILL_STRETCH, &ids, &people));
	for (size_t i = 0; i < people; i++)
		TRY(add_person(&b, b.fill_account = ids[i]));
	b.fill = posts || people;
	b.fill_at = clock_ms() + (clock_ms() - began);
	return tx_run_alone(c->db, write_tx, &b);
}
