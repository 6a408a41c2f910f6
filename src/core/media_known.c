#include "core/media_known.h"

#include "base/must.h"

#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 1 << 14, ADDRESS_MOST = 72 };

struct slot {
	char address[ADDRESS_MOST]; /* STEM/NAME or NAME */
	size_t n;                   /* 0: free */
	uint64_t mark;              /* of the look-up */
	struct media_what what;
};

struct media_known {
	pthread_mutex_t lock;
	uint64_t mark;            /* entries so far that ended something */
	uint64_t all_ended;       /* the mark of the last that ended everything */
	uint64_t ended[SLOTS];    /* by account: of the last that ended what is its; accounts that share a place share that too */
	struct slot slots[SLOTS]; /* by the hash of the address; the later of two takes the place */
};

static size_t place_of(int64_t account) { return (size_t)(((uint64_t)account * 0x9e3779b97f4a7c15u) >> 50) % SLOTS; }

/* 0: too long. */
static size_t join(struct str stem, struct str name, char out[ADDRESS_MOST]) {
	size_t n = stem.n + (stem.n > 0) + name.n;
	if (n > ADDRESS_MOST)
		return 0;
	if (stem.n) {
		memcpy(out, stem.p, stem.n);
		out[stem.n] = '/';
	}
	memcpy(out + n - name.n, name.p, name.n);
	return n;
}

static struct slot *slot_of(struct media_known *k, const char *address, size_t n) {
	return &k->slots[str_hash(str_mem(address, n)) % SLOTS];
}

static bool holds(const struct media_known *k, uint64_t mark, int64_t account) {
	return mark >= k->all_ended && mark >= k->ended[place_of(account)];
}

struct media_known *media_known_new(void) {
	struct media_known *k = xcalloc(1, sizeof *k);
	pthread_mutex_init(&k->lock, NULL);
	return k;
}

void media_known_free(struct media_known **k) {
	if (!*k)
		return;
	pthread_mutex_destroy(&(*k)->lock);
	free(*k);
	*k = NULL;
}

bool media_known_get(struct media_known *k, struct str stem, struct str name, struct media_what *out) {
	char address[ADDRESS_MOST];
	size_t n = join(stem, name, address);
	if (!n)
		return false;
	pthread_mutex_lock(&k->lock);
	const struct slot *s = slot_of(k, address, n);
	bool known = s->n == n && memcmp(s->address, address, n) == 0 && holds(k, s->mark, s->what.account);
	if (known)
		*out = s->what;
	pthread_mutex_unlock(&k->lock);
	return known;
}

uint64_t media_known_mark(struct media_known *k) {
	pthread_mutex_lock(&k->lock);
	uint64_t mark = k->mark;
	pthread_mutex_unlock(&k->lock);
	return mark;
}

void media_known_put(struct media_known *k, uint64_t mark, struct str stem, struct str name, struct str type,
                     const struct media_what *what) {
	char address[ADDRESS_MOST];
	size_t n = join(stem, name, address);
	if (!n || type.n >= sizeof what->type)
		return;
	pthread_mutex_lock(&k->lock);
	if (holds(k, mark, what->account)) {
		struct slot *s = slot_of(k, address, n);
		*s = (struct slot){.n = n, .mark = mark, .what = *what};
		memcpy(s->address, address, n);
		memcpy(s->what.type, type.p, type.n);
		s->what.type[type.n] = 0;
	}
	pthread_mutex_unlock(&k->lock);
}

/* Whose addresses an entry may end; -1: nobody's; 0: everybody's. Films and pictures end with their post, their account, or by themselves.
 */
static int64_t ends(const struct journal_entry *e) {
	switch (e ? e->kind : J_SITE_CHANGED) {
	case J_SITE_CHANGED:
	case J_BULK_LOADED: return 0;
	case J_ACCOUNT_CHANGED:
	case J_ACCOUNT_DELETED: return e->a;
	case J_STATUS_EDITED:
	case J_STATUS_DELETED:
	case J_MODERATED: return e->b;
	case J_MEDIA_CHANGED: return e->b ? e->b : -1; /* of no account: the bytes alone, which nobody uses any more */
	default: return -1;
	}
}

void media_known_apply(struct media_known *k, const struct journal_entry *e) {
	int64_t account = ends(e);
	if (account < 0)
		return;
	pthread_mutex_lock(&k->lock);
	k->mark++;
	*(account ? &k->ended[place_of(account)] : &k->all_ended) = k->mark;
	pthread_mutex_unlock(&k->lock);
}
