#include "core/search.h"

#include "base/id.h"
#include "base/vec.h"
#include "core/policy.h"
#include "core/search_index.h"
#include "core/site.h"
#include "store/account.h"
#include "store/block.h"
#include "store/relation.h"
#include "store/search.h"
#include "wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PROPOSED = 100, LOOKED_AT_MOST = 2000, QUERY_WORDS_MOST = 32, NAMES_MOST = 2000, DAY_MS = 86400 * 1000 };

/* ── the query ── */

struct phrase {
	struct str *words;
	size_t n;
	bool without;
};
struct asked {
	VEC(struct phrase) phrases;
	VEC(struct str) index; /* what is asked of the index: all must be there */
	int64_t author, above, below;
	int64_t flags; /* that the post must have */
	bool link, impossible;
};

static void add_phrase(struct ctx *c, struct asked *q, struct str text, bool without) {
	struct phrase p = {.without = without};
	text_words(c->arena, text, &p.words, &p.n);
	if (!p.n)
		return;
	vec_push(c->arena, &q->phrases, p);
	for (size_t i = 0; i < p.n && !without && q->index.n < QUERY_WORDS_MOST; i++)
		vec_push(c->arena, &q->index, p.words[i]);
}

static void add_fact(struct ctx *c, struct asked *q, int64_t flag, const char *word) {
	q->flags |= flag;
	vec_push(c->arena, &q->index, str_of(word));
}

static void add_author(struct ctx *c, struct asked *q, int64_t author) {
	if (q->author && q->author != author)
		q->impossible = true;
	q->author = author;
	vec_push(c->arena, &q->index, arena_printf(c->arena, SEARCH_BY "%lld", (long long)author));
}

/* "2026-01-31" → the first id of that day (UTC). */
static bool parse_day(struct str text, int64_t *id) {
	int64_t year, month, day;
	if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' || !str_i64(str_first(text, 4), &year) ||
	    !str_i64(str_first(str_skip(text, 5), 2), &month) || !str_i64(str_skip(text, 8), &day) || month < 1 || month > 12 || day < 1 ||
	    day > 31)
		return false;
	struct tm tm = {.tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day};
	time_t seconds = timegm(&tm);
	*id = seconds < 0 ? 0 : id_at((int64_t)seconds * 1000, 0);
	return true;
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static err add_from(struct ctx *c, struct asked *q, struct str name) {
	bool found;
	int64_t id;
	if (str_starts(name, S("@")))
		name = str_skip(name, 1);
	if (str_eq(name, S("me"))) {
		add_author(c, q, c->viewer);
		return NULL;
	}
	struct str domain = name, user = str_cut(&domain, '@');
	TRY(store_account_id_by_name(c->db, user, str_eq_ci(domain, c->site->domain) ? STR_NONE : domain, &id, &found));
	if (found)
		add_author(c, q, id);
	else
		q->impossible = true;
	return NULL;
}

/* name:value; *known false when it is no operator but a word with a colon. */
static err add_operator(struct ctx *c, struct asked *q, struct str word, bool *known) {
	struct str value = word, name = str_cut(&value, ':');
	int64_t day;
	*known = true;
	if (str_eq(name, S("from")) && value.n)
		return add_from(c, q, value);
	if (str_eq(name, S("has")) && (str_eq(value, S("media")) || str_eq(value, S("image"))))
		add_fact(c, q, STATUS_HAS_MEDIA, SEARCH_HAS_MEDIA);
	else if (str_eq(name, S("has")) && str_eq(value, S("poll")))
		add_fact(c, q, STATUS_HAS_POLL, SEARCH_HAS_POLL);
	else if (str_eq(name, S("has")) && str_eq(value, S("link"))) {
		q->link = true;
		add_fact(c, q, 0, SEARCH_HAS_LINK);
	} else if (str_eq(name, S("is")) && str_eq(value, S("reply")))
		add_fact(c, q, STATUS_REPLY, SEARCH_IS_REPLY);
	else if (str_eq(name, S("is")) && str_eq(value, S("sensitive")))
		add_fact(c, q, STATUS_SENSITIVE, SEARCH_IS_SENSITIVE);
	else if (str_eq(name, S("before")) && parse_day(value, &day))
		q->below = least(q->below, day);
	else if (str_eq(name, S("after")) && parse_day(value, &day))
		q->above = most(q->above, day + ((int64_t)DAY_MS << 16) - 1);
	else if (str_eq(name, S("during")) && parse_day(value, &day)) {
		q->above = most(q->above, day - 1);
		q->below = least(q->below, day + ((int64_t)DAY_MS << 16));
	} else
		*known = false;
	return NULL;
}

static err parse_query(struct ctx *c, struct str text, struct asked *q) {
	while ((text = str_trim(text)).n) {
		bool without = text.n > 1 && text.p[0] == '-', known = false;
		if (without)
			text = str_skip(text, 1);
		if (text.p[0] == '"') {
			text = str_skip(text, 1);
			add_phrase(c, q, str_cut(&text, '"'), without);
			continue;
		}
		size_t n = 0;
		while (n < text.n && !strchr(" \t\r\n\"", text.p[n]))
			n++;
		struct str word = str_first(text, n);
		text = str_skip(text, n);
		if (!without)
			TRY(add_operator(c, q, word, &known));
		if (!known)
			add_phrase(c, q, word, without);
	}
	return NULL;
}

/* ── posts ── */

static bool has_phrase(const struct phrase *p, const struct str *words, size_t n) {
	for (size_t i = 0; i + p->n <= n; i++) {
		size_t k = 0;
		while (k < p->n && str_eq(words[i + k], p->words[k]))
			k++;
		if (k == p->n)
			return true;
	}
	return false;
}

/* The post as it is now fits the query. */
static err fits(struct ctx *c, const struct asked *q, const struct status *s, bool *out) {
	struct str *words;
	size_t n;
	*out = false;
	if ((q->author && s->author_id != q->author) || (s->flags & q->flags) != q->flags || (q->link && !search_has_link(s->text)))
		return NULL;
	TRY(search_words(c, s, &words, &n));
	for (size_t i = 0; i < q->phrases.n; i++)
		if (has_phrase(&q->phrases.v[i], words, n) == q->phrases.v[i].without)
			return NULL;
	*out = true;
	return NULL;
}

/* The viewer may see it, and it is for their search: own, public by somebody who wants to be found, or one they had to do with. */
static err is_for(struct ctx *c, const struct status *s, bool *out) {
	int64_t flags;
	bool found, blocked;
	*out = s->author_id == c->viewer;
	if (*out || !policy_sees(c, s))
		return NULL;
	TRY(store_block_either_way(c->db, c->viewer, s->author_id, &blocked));
	if (blocked)
		return NULL;
	TRY(store_account_flags(c->db, s->author_id, &flags, &found));
	*out = status_visibility(s) == VISIBILITY_PUBLIC && flags & ACCOUNT_INDEXABLE && !(flags & ACCOUNT_LIMITED);
	return *out ? NULL : store_search_interacted(c->db, s->id, c->viewer, out);
}

static err judge(struct ctx *c, const struct asked *q, int64_t id, bool *out) {
	struct status s;
	*out = false;
	TRY(store_status_by_id(c->arena, c->db, id, &s, out));
	if (*out)
		TRY(fits(c, q, &s, out));
	return *out ? is_for(c, &s, out) : NULL;
}

err search_statuses(struct ctx *c, const struct search_want *w, int64_t **ids, size_t *n) {
	struct asked q = {.above = w->above, .below = w->below};
	VEC(int64_t) found = {0};
	int64_t skipped = 0;
	*n = 0;
	TRY(parse_query(c, w->query, &q));
	if (w->author)
		add_author(c, &q, w->author);
	if (!c->viewer || q.impossible || !q.index.n)
		return NULL;
	for (size_t looked = 0; looked < LOOKED_AT_MOST;) {
		int64_t *proposed;
		size_t count;
		TRY(store_search_statuses(c->arena, c->db, q.index.v, q.index.n, q.above, q.below, PROPOSED, &proposed, &count));
		for (size_t i = 0; i < count && (int)found.n < w->limit; i++) {
			bool good;
			TRY(judge(c, &q, proposed[i], &good));
			if (good && skipped++ >= w->offset)
				vec_push(c->arena, &found, proposed[i]);
		}
		if (count < PROPOSED || (int)found.n >= w->limit)
			break;
		looked += count;
		q.below = proposed[count - 1];
	}
	*ids = found.v;
	*n = found.n;
	return NULL;
}

/* ── accounts ── */

struct candidate {
	int64_t id, followers;
	bool exact, followed;
};

static int by_rank(const void *a, const void *b) {
	const struct candidate *x = a, *y = b;
	if (x->exact != y->exact)
		return y->exact - x->exact;
	if (x->followed != y->followed)
		return y->followed - x->followed;
	if (x->followers != y->followers)
		return x->followers < y->followers ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

static bool begins_one(struct str prefix, const struct str *words, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (str_starts(words[i], prefix))
			return true;
	return false;
}

/* All the query's words begin a word of the account's names. */
static bool names_fit(struct ctx *c, const struct account_row *row, const struct str *asked, size_t n) {
	struct str *words, all = arena_printf(c->arena, "%.*s %.*s", S_ARG(row->username), S_ARG(row->display_name));
	size_t count;
	text_words(c->arena, all, &words, &count);
	for (size_t i = 0; i < n; i++)
		if (!begins_one(asked[i], words, count) && !str_starts(text_tag_fold(c->arena, row->username), asked[i]))
			return false;
	return true;
}

struct name_query {
	struct str name, domain; /* an exact name, perhaps */
	struct str *words;
	size_t n;
	bool following;
};

static err judge_account(struct ctx *c, const struct name_query *q, int64_t id, struct candidate *out, bool *good) {
	struct account_row row;
	struct relation r = {0};
	bool found;
	*good = false;
	TRY(store_account_by_id(c->arena, c->db, id, &row, &found));
	if (!found || (row.flags & ACCOUNT_GONE && id != c->viewer))
		return NULL;
	if (c->viewer && c->viewer != id)
		TRY(store_relation(c->arena, c->db, c->viewer, id, &r, &found));
	*out = (struct candidate){id, row.followers, str_eq_ci(row.username, q->name) && str_eq_ci(row.domain, q->domain), r.following};
	*good = !r.blocked_by && (out->exact || names_fit(c, &row, q->words, q->n)) &&
	        (out->exact || r.following || !(row.flags & ACCOUNT_LIMITED)) && (!q->following || r.following);
	return NULL;
}

static void parse_names(struct ctx *c, struct str query, bool following, struct name_query *q) {
	query = str_trim(query);
	if (str_starts(query, S("@")))
		query = str_skip(query, 1);
	struct str domain = query, name = str_cut(&domain, '@');
	*q = (struct name_query){.name = name, .domain = str_eq_ci(domain, c->site->domain) ? STR_NONE : domain, .following = following};
	text_words(c->arena, name, &q->words, &q->n);
}

err search_accounts(struct ctx *c, struct str query, bool following, int limit, int64_t offset, int64_t **ids, size_t *n) {
	struct name_query q;
	VEC(struct candidate) found = {0};
	int64_t *proposed = NULL, exact;
	size_t count = 0;
	bool there;
	*n = 0;
	parse_names(c, query, following, &q);
	if (!q.n)
		return NULL;
	TRY(store_account_id_by_name(c->db, q.name, q.domain, &exact, &there));
	if (str_empty(q.domain))
		TRY(store_search_accounts(c->arena, c->db, q.words[0], NAMES_MOST, &proposed, &count));
	for (size_t i = 0; i < count + there; i++) {
		int64_t id = i < count ? proposed[i] : exact;
		struct candidate candidate;
		bool good;
		if (i < count && there && id == exact)
			continue;
		TRY(judge_account(c, &q, id, &candidate, &good));
		if (good)
			vec_push(c->arena, &found, candidate);
	}
	if (found.n)
		qsort(found.v, found.n, sizeof *found.v, by_rank);
	*ids = arena_many(c->arena, int64_t, (size_t)limit + 1);
	for (size_t i = (size_t)offset; i < found.n && *n < (size_t)limit; i++)
		(*ids)[(*n)++] = found.v[i].id;
	return NULL;
}

/* ── hashtags, addresses ── */

err search_tags(struct ctx *c, struct str query, int limit, int64_t offset, struct tag **tags, size_t *n) {
	query = str_trim(query);
	if (str_starts(query, S("#")))
		query = str_skip(query, 1);
	*n = 0;
	if (str_empty(query) || str_chr(query, ' ') >= 0)
		return NULL;
	return store_tags_starting(c->arena, c->db, text_tag_fold(c->arena, query), limit, offset, tags, n);
}

/* BASE/@name and BASE/@name/ID. */
err search_address(struct ctx *c, struct str query, int64_t *status, int64_t *account) {
	*status = *account = 0;
	struct str rest = str_trim(query);
	if (!str_starts(rest, c->site->base_url) || !str_starts(str_skip(rest, c->site->base_url.n), S("/@")))
		return NULL;
	rest = str_skip(rest, c->site->base_url.n + 2);
	struct str name = str_cut(&rest, '/');
	struct status s;
	int64_t id;
	bool found;
	if (rest.n) {
		err e = str_i64(rest, &id) ? status_visible(c, id, &s) : err_plain(ERR_NOT_FOUND);
		if (!e)
			*status = id;
		return e && e->code != ERR_NOT_FOUND ? e : NULL;
	}
	TRY(store_account_id_by_name(c->db, name, STR_NONE, &id, &found));
	if (found)
		*account = id;
	return NULL;
}
