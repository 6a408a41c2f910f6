#include "core/throttle.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

enum { SETS = 4096, WAYS = 4 };

/* So many failures are free; then the first delay, doubled each time up to the longest; all is forgotten after a quiet while. */
static const struct {
	int free, first_s, longest_s, forget_s;
} rules[] = {
    [THROTTLE_LOGIN] = {5, 2, 15 * 60, 3600},          [THROTTLE_ADDRESS] = {20, 2, 15 * 60, 3600},
    [THROTTLE_MAIL] = {3, 60, 3600, 6 * 3600},         [THROTTLE_SMS] = {3, 60, 3600, 6 * 3600}, /* to a number, for an account */
    [THROTTLE_SMS_ADDRESS] = {20, 60, 3600, 6 * 3600},
};

struct entry {
	uint64_t key;        /* 0: empty */
	int64_t last, until; /* monotonic ms */
	int failures;
};

struct throttle {
	pthread_mutex_t lock;
	unsigned char salt[crypto_shorthash_KEYBYTES];
	struct entry entries[SETS][WAYS];
};

struct throttle *throttle_new(void) {
	struct throttle *t = xcalloc(1, sizeof *t);
	pthread_mutex_init(&t->lock, NULL);
	random_bytes(t->salt, sizeof t->salt);
	return t;
}

void throttle_free(struct throttle **t) {
	if (!*t)
		return;
	pthread_mutex_destroy(&(*t)->lock);
	free(*t);
	*t = NULL;
}

static uint64_t key_of(const struct throttle *t, enum throttle_of of, struct str who) {
	unsigned char text[256];
	size_t n = who.n < sizeof text - 1 ? who.n : sizeof text - 1;
	text[0] = (unsigned char)of;
	for (size_t i = 0; i < n; i++) {
		char ch = who.p[i];
		text[i + 1] = (unsigned char)(ch >= 'A' && ch <= 'Z' ? ch + 32 : ch);
	}
	uint64_t key;
	crypto_shorthash((unsigned char *)&key, text, n + 1, t->salt);
	return key ? key : 1;
}

/* The entry of this key, or with `make` the one that gives way to it; under the lock. */
static struct entry *find(struct throttle *t, enum throttle_of of, uint64_t key, bool make) {
	struct entry *set = t->entries[key % SETS], *oldest = &set[0];
	int64_t now = clock_mono_ms();
	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key) {
			if (now - set[i].last > (int64_t)rules[of].forget_s * 1000)
				set[i].failures = 0;
			return &set[i];
		}
		if (set[i].last < oldest->last)
			oldest = &set[i];
	}
	if (!make)
		return NULL;
	*oldest = (struct entry){.key = key};
	return oldest;
}

int64_t throttle_wait(struct throttle *t, enum throttle_of of, struct str who) {
	uint64_t key = key_of(t, of, who);
	pthread_mutex_lock(&t->lock);
	struct entry *e = find(t, of, key, false);
	int64_t left = e && e->failures ? e->until - clock_mono_ms() : 0;
	pthread_mutex_unlock(&t->lock);
	return left > 0 ? (left + 999) / 1000 : 0;
}

void throttle_failed(struct throttle *t, enum throttle_of of, struct str who) {
	uint64_t key = key_of(t, of, who);
	pthread_mutex_lock(&t->lock);
	struct entry *e = find(t, of, key, true);
	e->last = clock_mono_ms();
	int over = ++e->failures - rules[of].free;
	if (over >= 0) {
		int64_t delay = over < 20 ? (int64_t)rules[of].first_s << over : rules[of].longest_s;
		e->until = e->last + (delay < rules[of].longest_s ? delay : rules[of].longest_s) * 1000;
	}
	pthread_mutex_unlock(&t->lock);
}

void throttle_clear(struct throttle *t, enum throttle_of of, struct str who) {
	uint64_t key = key_of(t, of, who);
	pthread_mutex_lock(&t->lock);
	struct entry *e = find(t, of, key, false);
	if (e)
		*e = (struct entry){0};
	pthread_mutex_unlock(&t->lock);
}
