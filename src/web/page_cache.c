#include "web/page_cache.h"

#include "base/must.h"

#include <pthread.h>
#include <stdlib.h>

enum {
	SLOTS = 1 << 14,
	RECENT = 1 << 10, /* entries a rendering may be overtaken by and still be checked against */
	NAME_MOST = 64,
};

struct slot {
	char name[NAME_MOST]; /* lower case */
	size_t name_length;   /* 0: free */
	int64_t account;
	struct page {
		uint64_t etag;
		struct buf bytes; /* empty: not asked for yet */
	} pages[LANGUAGES];
};

struct page_cache {
	pthread_mutex_t lock;
	int64_t bytes, most_bytes;
	size_t hand; /* where room is made next */
	/* A page sits at the hash of its name; by_account leads there. Two accounts that share a place in either share it in time. */
	struct slot slots[SLOTS];
	uint32_t by_account[SLOTS]; /* slot + 1; 0: none */
	uint64_t mark;
	int64_t recent[RECENT][3]; /* of the last entries: the ids they named; -1: all */
};

static size_t place_of_account(int64_t account) { return (size_t)(((uint64_t)account * 0x9e3779b97f4a7c15u) >> 50) % SLOTS; }

/* False for what is no name of ours. */
static bool fold(struct str name, char out[NAME_MOST]) {
	if (name.n == 0 || name.n >= NAME_MOST)
		return false;
	for (size_t i = 0; i < name.n; i++)
		out[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] + 32) : name.p[i];
	return true;
}

static struct slot *slot_of(struct page_cache *c, const char *name, size_t n) { return &c->slots[str_hash(str_mem(name, n)) % SLOTS]; }

static bool is_of(const struct slot *s, const char *name, size_t n) { return s->name_length == n && memcmp(s->name, name, n) == 0; }

static void clear(struct page_cache *c, struct slot *s) {
	if (!s->name_length)
		return;
	c->by_account[place_of_account(s->account)] = 0;
	for (int i = 0; i < LANGUAGES; i++) {
		c->bytes -= (int64_t)s->pages[i].bytes.cap;
		buf_free(&s->pages[i].bytes);
	}
	*s = (struct slot){.name_length = 0};
}

struct page_cache *page_cache_new(int64_t most_bytes) {
	struct page_cache *c = xcalloc(1, sizeof *c);
	c->most_bytes = most_bytes;
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void page_cache_free(struct page_cache **c) {
	if (!*c)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		clear(*c, &(*c)->slots[i]);
	pthread_mutex_destroy(&(*c)->lock);
	free(*c);
	*c = NULL;
}

bool page_cache_get(struct page_cache *c, struct str name, enum language l, struct buf *out, uint64_t *etag) {
	char folded[NAME_MOST];
	if (!fold(name, folded))
		return false;
	pthread_mutex_lock(&c->lock);
	struct slot *s = slot_of(c, folded, name.n);
	const struct page *p = &s->pages[l];
	bool found = is_of(s, folded, name.n) && p->bytes.n;
	if (found) {
		buf_put(out, buf_str(&p->bytes));
		*etag = p->etag;
	}
	pthread_mutex_unlock(&c->lock);
	return found;
}

uint64_t page_cache_mark(struct page_cache *c) {
	pthread_mutex_lock(&c->lock);
	uint64_t mark = c->mark;
	pthread_mutex_unlock(&c->lock);
	return mark;
}

static bool overtaken(const struct page_cache *c, uint64_t mark, int64_t account) {
	if (c->mark - mark > RECENT)
		return true;
	for (uint64_t m = mark; m < c->mark; m++)
		for (int i = 0; i < 3; i++)
			if (c->recent[m % RECENT][i] == account || c->recent[m % RECENT][i] == -1)
				return true;
	return false;
}

/* The account's own slot: as it is, where it holds pages of its already. */
static struct slot *slot_for(struct page_cache *c, int64_t account, const char *name, size_t n) {
	struct slot *s = slot_of(c, name, n);
	uint32_t *way = &c->by_account[place_of_account(account)], here = (uint32_t)(s - c->slots) + 1;
	if (is_of(s, name, n) && s->account == account && *way == here)
		return s;
	clear(c, s);
	if (*way)
		clear(c, &c->slots[*way - 1]);
	memcpy(s->name, name, n);
	s->name_length = n;
	s->account = account;
	*way = here;
	return s;
}

void page_cache_put(struct page_cache *c, uint64_t mark, int64_t account, struct str name, enum language l, struct str page) {
	char folded[NAME_MOST];
	if (!fold(name, folded))
		return;
	pthread_mutex_lock(&c->lock);
	if (!overtaken(c, mark, account) && (int64_t)page.n < c->most_bytes / 16) {
		struct slot *s = slot_for(c, account, folded, name.n);
		struct page *p = &s->pages[l];
		c->bytes -= (int64_t)p->bytes.cap;
		buf_clear(&p->bytes);
		buf_put(&p->bytes, page);
		p->etag = str_hash(page);
		c->bytes += (int64_t)p->bytes.cap;
		while (c->bytes > c->most_bytes) {
			struct slot *old = &c->slots[c->hand++ % SLOTS];
			if (old != s)
				clear(c, old);
		}
	}
	pthread_mutex_unlock(&c->lock);
}

static void forget(struct page_cache *c, int64_t account) {
	uint32_t way = c->by_account[place_of_account(account)];
	if (way && c->slots[way - 1].account == account)
		clear(c, &c->slots[way - 1]);
}

void page_cache_apply(struct page_cache *c, const struct journal_entry *e) {
	bool all = !e || e->kind == J_SITE_CHANGED || e->kind == J_BULK_LOADED;
	const int64_t named[3] = {all ? -1 : e->a, all ? -1 : e->b, all ? -1 : e->c};
	pthread_mutex_lock(&c->lock);
	memcpy(c->recent[c->mark++ % RECENT], named, sizeof named);
	if (all)
		for (size_t i = 0; i < SLOTS; i++)
			clear(c, &c->slots[i]);
	else
		for (int i = 0; i < 3; i++)
			forget(c, named[i]);
	pthread_mutex_unlock(&c->lock);
}
