#include "ops/made_network.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "base/vec.h"
#include "core/scope.h"
#include "core/secret.h"
#include "ops/made_text.h"
#include "store/account.h"
#include "store/bulk.h"
#include "store/member.h"
#include "store/status.h"
#include "store/token.h"

#include <math.h>

enum { READERS = 10000, ORDINARILY = 100, GREATLY = 1000, REACH = 3000 };

/* Accounts come in the first two years, posts in the four after. */
static const int64_t accounts_from = 1546300800000, posts_from = 1609459200000, posts_until = 1735689600000;

/* What a random number is drawn for. */
enum what { NAME, PROFILE, DEGREE, TARGET, FOLLOWED_AT, AUTHOR, KIND, PARENT, WORDS, LOOKS, TAG_OF, FAVOURED, ID };

struct counts {
	uint32_t replies, boosts, favourites;
};

struct account_counts {
	uint32_t statuses, followers, following;
	int64_t last_status_at;
};

struct tagging {
	int32_t tag;
	int64_t post;
};

struct making {
	const struct made_network *made;
	struct bulk *bulk;
	int64_t n_readers;
	struct counts *counts;           /* of each post */
	uint32_t *roots;                 /* of each post: the number of the first post of its thread */
	struct account_counts *accounts; /* of each account */
	VEC(struct tagging) taggings;
	struct buf text, name;
	double log_accounts;
};

static uint64_t draw(const struct making *m, enum what what, int64_t which) { return made_random(m->made->seed, what, which); }

static double unit(uint64_t random) { return (double)(random >> 11) / 9007199254740992.0; }

static int64_t account_id(const struct making *m, int64_t i) {
	return id_at(accounts_from + i * ((posts_from - accounts_from) / (m->made->accounts + 1)), (uint16_t)draw(m, ID, -i));
}

static int64_t post_ms(const struct making *m, int64_t i) {
	return posts_from + (int64_t)((double)(posts_until - posts_from) * ((double)i / (double)m->made->posts));
}

static int64_t post_id(const struct making *m, int64_t i) { return id_at(post_ms(m, i), (uint16_t)draw(m, ID, i)); }

/* The place on the ladder of fame, the most famous at 0, as an account's number: spread among all. */
static int64_t famous(const struct making *m, int64_t place) {
	int64_t n = m->made->accounts;
	return (int64_t)((unsigned __int128)place * (n % 611953 ? 611953 : 1) % (unsigned __int128)n + (uint64_t)(n / 3)) % n;
}

/* A little steeper than Zipf's law, so that a few of 100,000 accounts have tens of thousands of followers. */
static int64_t draw_famous(const struct making *m, uint64_t random) {
	int64_t place = (int64_t)(exp(pow(unit(random), 1.2) * m->log_accounts)) - 1;
	return famous(m, place < m->made->accounts ? place : 0);
}

/* ── accounts ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct str username(struct making *m, int64_t i) {
	buf_clear(&m->name);
	made_username(&m->name, i, draw(m, NAME, i));
	return buf_str(&m->name);
}

static err put_account(struct making *m, int64_t i) {
	uint64_t random = draw(m, PROFILE, i);
	int64_t id = account_id(m, i);
	struct str name = username(m, i);
	buf_clear(&m->text);
	made_display_name(&m->text, draw(m, NAME, i));
	size_t shown = m->text.n;
	if (random % 5 < 3)
		made_sentences(&m->text, random);
	size_t noted = m->text.n;
	buf_printf(&m->text, "%.*s@example.org", S_ARG(name));
	struct str all = buf_str(&m->text);
	int64_t flags = (random >> 8) % 20 ? 0 : ACCOUNT_LOCKED;
	if ((random >> 16) % 10 < 7)
		flags |= ACCOUNT_DISCOVERABLE | ACCOUNT_INDEXABLE;
	TRY(bulk_row(m->bulk, BULK_ACCOUNT, I(id), T(name), T(str_first(all, shown)), T_OR_NUL(str_skip(str_first(all, noted), shown)),
	             I(flags), I(id_ms(id))));
	return bulk_row(m->bulk, BULK_MEMBER, I(id), T(str_skip(all, noted)), I(0), I(MEMBER_ACTIVE), T(S("en")), I(0));
}

static err put_accounts(struct making *m) {
	for (int64_t i = 0; i < m->made->accounts; i++)
		TRY(put_account(m, i));
	return NULL;
}

static err put_account_counts(struct making *m) {
	for (int64_t i = 0; i < m->made->accounts; i++) {
		const struct account_counts *c = &m->accounts[i];
		TRY(bulk_row(m->bulk, BULK_ACCOUNT_COUNT, I(account_id(m, i)), I(c->statuses), I(c->followers), I(c->following),
		             I(c->last_status_at)));
	}
	return NULL;
}

static err put_tokens(struct making *m) {
	if (!m->made->tokens)
		return NULL;
	struct arena *a = arena_new();
	char hash[SECRET_HASH];
	int64_t app = id_new();
	struct str client = secret_new(a, hash);
	err e = bulk_row(m->bulk, BULK_APP, I(app), T(client), B(str_mem(hash, sizeof hash)), T(S("Made network")),
	                 T(S("urn:ietf:wg:oauth:2.0:oob")), I(SCOPES_ALL));
	for (int64_t i = 0; i < m->n_readers && !e; i++) {
		struct str secret = secret_new(a, hash);
		int64_t account = account_id(m, i);
		e = bulk_row(m->bulk, BULK_TOKEN, I(account + 1), B(str_mem(hash, sizeof hash)), I(TOKEN_ACCOUNT), I(account), I(app),
		             I(SCOPES_ALL), I(clock_ms()));
		if (fprintf(m->made->tokens, "%.*s\n", S_ARG(secret)) < 0 && !e)
			e = err_private(ERR_UNAVAILABLE, "the tokens cannot be written: %m");
		arena_reset(a);
	}
	arena_free(&a);
	return e;
}

/* ── follows ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t wanted_degree(const struct making *m, int64_t i) {
	uint64_t random = draw(m, DEGREE, i);
	if (i < m->n_readers) {
		int64_t about = i % 100 == 99 ? GREATLY : ORDINARILY;
		return about * 9 / 10 + (int64_t)(random % (uint64_t)(about / 5 + 1));
	}
	return 1 + (int64_t)(-log(1 - unit(random)) * 100);
}

/* How many each follows: as wanted, scaled so that the sum is what was asked for. */
static uint32_t *degrees(const struct making *m) {
	int64_t n = m->made->accounts, most = n - 1, left = m->made->follows, readers = 0, others = 0;
	uint32_t *degree = xcalloc((size_t)n, sizeof *degree);
	for (int64_t i = 0; i < n; i++)
		*(i < m->n_readers ? &readers : &others) += wanted_degree(m, i);
	double for_readers = fmin(1.0, (double)left / (double)readers);
	double for_others = others ? fmax(0.0, (double)(left - readers) / (double)others) : 0.0;
	for (int64_t i = 0; i < n; i++) {
		int64_t d = (int64_t)((double)wanted_degree(m, i) * (i < m->n_readers ? for_readers : for_others));
		d = d < most ? d : most;
		d = d < left ? d : left;
		degree[i] = (uint32_t)d;
		left -= d;
	}
	for (int64_t i = n - 1, rounds = 0; left > 0 && rounds < n * most; i = i ? i - 1 : n - 1, rounds++)
		if (degree[i] < most) {
			degree[i]++;
			left--;
		}
	return degree;
}

static int by_number(const void *a, const void *b) {
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* Distinct accounts other than i, mostly famous ones; where the famous run out, whoever comes next. */
static void draw_targets(const struct making *m, int64_t i, uint32_t *seen, uint32_t *targets, uint32_t n) {
	uint32_t mark = (uint32_t)i + 1, have = 0;
	seen[i] = mark;
	for (int64_t tries = 0; have < n; tries++) {
		uint64_t random = draw(m, TARGET, (int64_t)((uint64_t)i << 24) + tries);
		int64_t t = tries < 4 * (int64_t)n ? draw_famous(m, random) : (int64_t)(random % (uint64_t)m->made->accounts);
		for (int steps = 0; steps < 64 && tries > 8 * (int64_t)n && seen[t] == mark; steps++)
			t = (t + 1) % m->made->accounts;
		if (seen[t] == mark)
			continue;
		seen[t] = mark;
		targets[have++] = (uint32_t)t;
	}
	qsort(targets, n, sizeof *targets, by_number);
}

static err put_follows_of(struct making *m, int64_t i, const uint32_t *targets, uint32_t n) {
	int64_t account = account_id(m, i);
	for (uint32_t k = 0; k < n; k++) {
		uint64_t random = draw(m, FOLLOWED_AT, i * 100003 + targets[k]);
		int64_t id = id_at(posts_from + (int64_t)(random % (uint64_t)(posts_until - posts_from)), (uint16_t)(random >> 48));
		TRY(bulk_row(m->bulk, BULK_FOLLOW, I(account), I(account_id(m, targets[k])), I(id), I(0)));
		m->accounts[targets[k]].followers++;
	}
	m->accounts[i].following = n;
	return NULL;
}

static err put_follows(struct making *m) {
	size_t n = (size_t)m->made->accounts;
	uint32_t *degree = degrees(m), *seen = xcalloc(n, sizeof *seen), *targets = xcalloc(n, sizeof *targets);
	err e = NULL;
	for (int64_t i = 0; i < m->made->accounts && !e; i++) {
		draw_targets(m, i, seen, targets, degree[i]);
		e = put_follows_of(m, i, targets, degree[i]);
	}
	free(degree);
	free(seen);
	free(targets);
	return e;
}

/* ── posts ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_boost(const struct making *m, int64_t i) { return i > 20 && draw(m, KIND, i) % 100 < 10; }
static bool is_reply(const struct making *m, int64_t i) { return i > 10 && !is_boost(m, i) && draw(m, KIND, i) % 100 < 35; }

/* Of posts, not boosts: six of ten are by the famous. */
static int64_t author_of(const struct making *m, int64_t i) {
	uint64_t random = draw(m, AUTHOR, i);
	return random % 10 < 6 ? draw_famous(m, random) : (int64_t)((random >> 8) % (uint64_t)m->made->accounts);
}

static int64_t visibility_of(const struct making *m, int64_t i) {
	uint64_t random = draw(m, LOOKS, i) % 100;
	return random < 88 ? VISIBILITY_PUBLIC : random < 95 ? VISIBILITY_UNLISTED : VISIBILITY_PRIVATE;
}

/* A public post shortly before i, the nearer the likelier: what a reply or a boost is about. The first post is public. */
static int64_t earlier(const struct making *m, int64_t i) {
	double u = unit(draw(m, PARENT, i));
	int64_t p = i - 1 - (int64_t)(u * u * (double)(i - 1 < REACH ? i - 1 : REACH));
	while (p > 0 && (is_boost(m, p) || visibility_of(m, p) != VISIBILITY_PUBLIC))
		p--;
	return p;
}

static void counted(struct making *m, int64_t author, int64_t i) {
	m->accounts[author].statuses++;
	m->accounts[author].last_status_at = post_ms(m, i);
}

/* Nobody boosts the same post twice: its boosters are steps of one walk through all accounts. */
static err put_boost(struct making *m, int64_t i) {
	int64_t of = earlier(m, i), n = m->made->accounts;
	int64_t step = n % 7919 ? 7919 : 1;
	if (m->counts[of].boosts >= n)
		return NULL;
	int64_t author = (int64_t)((draw(m, AUTHOR, of) % (uint64_t)n + (uint64_t)m->counts[of].boosts * (uint64_t)step) % (uint64_t)n);
	m->counts[of].boosts++;
	counted(m, author, i);
	return bulk_row(m->bulk, BULK_STATUS, I(post_id(m, i)), I(account_id(m, author)), I(STATUS_BOOST), NUL, NUL, NUL, I(post_id(m, of)),
	                I(account_id(m, author_of(m, of))), NUL, NUL, NUL);
}

static int64_t put_tags(struct making *m, int64_t i) {
	uint64_t random = draw(m, TAG_OF, i);
	int n = random % 20 < 3 ? 1 : random % 20 == 3 ? 2 : 0;
	int used = -1;
	for (int k = 0; k < n; k++) {
		double u = unit(made_random(random, TAG_OF, k));
		int tag = (int)(exp(u * log(MADE_TAGS))) - 1;
		if (tag == used)
			continue;
		used = tag;
		buf_lit(&m->text, " #");
		made_tag(&m->text, tag);
		vec_push(NULL, &m->taggings, ((struct tagging){tag, i}));
	}
	return n ? STATUS_HAS_TAGS : 0;
}

static err put_reply_rows(struct making *m, int64_t i, int64_t parent, int64_t parent_author) {
	m->counts[parent].replies++;
	m->roots[i] = m->roots[parent];
	return bulk_row(m->bulk, BULK_MENTION, I(post_id(m, i)), I(account_id(m, parent_author)), I(0));
}

static err put_post(struct making *m, int64_t i) {
	uint64_t looks = draw(m, LOOKS, i);
	int64_t author = author_of(m, i), flags = visibility_of(m, i), parent = -1, parent_author = 0;
	m->roots[i] = (uint32_t)i;
	buf_clear(&m->text);
	if (is_reply(m, i)) {
		parent = earlier(m, i);
		parent_author = author_of(m, parent);
		flags |= STATUS_REPLY | STATUS_HAS_MENTIONS;
		buf_printf(&m->text, "@%.*s ", S_ARG(username(m, parent_author)));
		TRY(put_reply_rows(m, i, parent, parent_author));
	}
	made_sentences(&m->text, draw(m, WORDS, i));
	flags |= put_tags(m, i);
	counted(m, author, i);
	bool warned = (looks >> 8) % 100 < 3;
	uint64_t language = (looks >> 16) % 100;
	struct str spoken = language < 75 ? S("en") : language < 85 ? S("de") : language < 93 ? S("fr") : STR_NONE;
	bool reply = parent >= 0;
	return bulk_row(m->bulk, BULK_STATUS, I(post_id(m, i)), I(account_id(m, author)), I(flags | (warned ? STATUS_SENSITIVE : 0)),
	                reply ? I(post_id(m, parent)) : NUL, reply ? I(account_id(m, parent_author)) : NUL,
	                reply ? I(post_id(m, m->roots[i])) : NUL, NUL, NUL, T(buf_str(&m->text)), warned ? T(S("Spoilers")) : NUL,
	                T_OR_NUL(spoken));
}

static err put_posts(struct making *m) {
	for (int64_t i = 0; i < m->made->posts; i++)
		TRY(is_boost(m, i) ? put_boost(m, i) : put_post(m, i));
	return NULL;
}

static int by_tag(const void *a, const void *b) {
	const struct tagging *x = a, *y = b;
	if (x->tag != y->tag)
		return x->tag < y->tag ? -1 : 1;
	return (x->post > y->post) - (x->post < y->post);
}

static err put_hashtags(struct making *m) {
	if (m->taggings.n)
		qsort(m->taggings.v, m->taggings.n, sizeof *m->taggings.v, by_tag);
	for (size_t k = 0; k < m->taggings.n; k++) {
		const struct tagging *t = &m->taggings.v[k];
		int64_t id = id_at(accounts_from + t->tag, (uint16_t)draw(m, ID, t->tag));
		if (!k || t[-1].tag != t->tag) {
			buf_clear(&m->name);
			made_tag(&m->name, t->tag);
			TRY(bulk_row(m->bulk, BULK_TAG, I(id), T(buf_str(&m->name)), T(buf_str(&m->name))));
		}
		TRY(bulk_row(m->bulk, BULK_STATUS_TAG, I(id), I(post_id(m, t->post))));
	}
	return NULL;
}

/* ── favourites ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* One favourite for every two posts: three of ten go to posts that everybody knows. */
static err put_favourites_of(struct making *m, int64_t i, int64_t n) {
	uint32_t *posts = xcalloc((size_t)n, sizeof *posts);
	double known = log((double)m->made->posts);
	for (int64_t k = 0; k < n; k++) {
		uint64_t random = draw(m, FAVOURED, i * 1000003 + k);
		uint64_t any = random % (uint64_t)m->made->posts;
		posts[k] =
		    (uint32_t)((random >> 60) % 10 < 3 ? (uint64_t)exp(unit(random) * known) * 7919 % (uint64_t)m->made->posts : any);
	}
	qsort(posts, (size_t)n, sizeof *posts, by_number);
	err e = NULL;
	for (int64_t k = 0; k < n && !e; k++) {
		int64_t post = posts[k];
		if ((k && posts[k - 1] == posts[k]) || is_boost(m, post) || visibility_of(m, post) != VISIBILITY_PUBLIC)
			continue;
		uint64_t random = draw(m, FAVOURED, -(i * 1000003 + k) - 1);
		int64_t id = id_at(post_ms(m, post) + (int64_t)(random % 259200000), (uint16_t)(random >> 48));
		m->counts[post].favourites++;
		e = bulk_row(m->bulk, BULK_FAVOURITE, I(account_id(m, i)), I(post_id(m, post)), I(id));
	}
	free(posts);
	return e;
}

static err put_favourites(struct making *m) {
	int64_t n = m->made->accounts, all = m->made->posts / 2;
	for (int64_t i = 0; i < n && all; i++)
		TRY(put_favourites_of(m, i, (i + 1) * all / n - i * all / n));
	return NULL;
}

static err put_status_counts(struct making *m) {
	for (int64_t i = 0; i < m->made->posts; i++) {
		const struct counts *c = &m->counts[i];
		if (c->replies || c->boosts || c->favourites)
			TRY(bulk_row(m->bulk, BULK_STATUS_COUNT, I(post_id(m, i)), I(c->replies), I(c->boosts), I(c->favourites)));
	}
	return NULL;
}

static err put_all(struct making *m) {
	TRY(put_accounts(m));
	TRY(put_follows(m));
	TRY(put_posts(m));
	TRY(put_hashtags(m));
	TRY(put_favourites(m));
	TRY(put_status_counts(m));
	TRY(put_account_counts(m));
	return put_tokens(m);
}

err made_network_load(struct store *s, const struct made_network *made, int64_t *rows) {
	struct making m = {
	    .made = made,
	    .n_readers = made->accounts < READERS ? made->accounts : READERS,
	    .log_accounts = log((double)made->accounts + 1),
	};
	TRY(bulk_begin(&m.bulk, s));
	m.counts = xcalloc((size_t)made->posts, sizeof *m.counts);
	m.roots = xcalloc((size_t)made->posts, sizeof *m.roots);
	m.accounts = xcalloc((size_t)made->accounts, sizeof *m.accounts);
	err e = put_all(&m);
	struct err kept = e ? *e : (struct err){0};
	if (e)
		bulk_drop(&m.bulk);
	else
		e = bulk_end(&m.bulk, rows);
	free(m.counts);
	free(m.roots);
	free(m.accounts);
	vec_free(&m.taggings);
	buf_free(&m.text);
	buf_free(&m.name);
	if (kept.text[0])
		e = err_copy(&kept);
	return e && e->code == ERR_CONFLICT ? err_public(ERR_CONFLICT, "a made network is there already") : e;
}
