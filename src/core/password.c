#include "core/password.h"

#include "base/id.h"
#include "base/must.h"
#include "config/config.h"
#include "core/site.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

enum { SHORTEST = 8, LONGEST = 256, MOST_WAITING = 64 };

struct passwords {
	size_t memory;
	unsigned long long passes;
	pthread_mutex_t lock;
	pthread_cond_t freed;
	int64_t free, waiting;
	char nobody[crypto_pwhash_STRBYTES]; /* a hash nothing matches, made on the first need */
};

struct passwords *passwords_new(const struct config *config) {
	must(sodium_init() >= 0);
	struct passwords *p = xcalloc(1, sizeof *p);
	p->memory = (size_t)config_number(config, SET_accounts_argon_memory);
	p->passes = (unsigned long long)config_number(config, SET_accounts_argon_passes);
	p->free = config_number(config, SET_accounts_argon_at_once);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->freed, NULL);
	return p;
}

void passwords_free(struct passwords **p) {
	if (!*p)
		return;
	pthread_cond_destroy(&(*p)->freed);
	pthread_mutex_destroy(&(*p)->lock);
	free(*p);
	*p = NULL;
}

/* The reader's snapshot is let go first: nobody holds one while waiting for a processor. */
static err begin(struct ctx *c) {
	struct passwords *p = c->site->passwords;
	db_rest(c->db);
	pthread_mutex_lock(&p->lock);
	bool full = !p->free && p->waiting >= MOST_WAITING;
	if (!full) {
		p->waiting++;
		while (!p->free)
			pthread_cond_wait(&p->freed, &p->lock);
		p->waiting--;
		p->free--;
	}
	pthread_mutex_unlock(&p->lock);
	return full ? err_public(ERR_UNAVAILABLE, "Too many people are logging in at this moment; try again shortly") : NULL;
}

static void end(struct passwords *p) {
	pthread_mutex_lock(&p->lock);
	p->free++;
	pthread_cond_signal(&p->freed);
	pthread_mutex_unlock(&p->lock);
}

void password_check(struct problems *p, struct str password, struct str username, struct str email) {
	if (str_empty(password))
		problem_add(p, "password", "ERR_BLANK", "can't be blank");
	else if (password.n < SHORTEST)
		problem_add(p, "password", "ERR_TOO_SHORT", "is too short (minimum is 8 characters)");
	else if (password.n > LONGEST)
		problem_add(p, "password", "ERR_TOO_LONG", "is too long (maximum is 256 bytes)");
	else if (str_eq_ci(password, username) || str_eq_ci(password, email))
		problem_add(p, "password", "ERR_INVALID", "must not be your name or e-mail address");
}

static err make(struct passwords *p, struct str password, char out[crypto_pwhash_STRBYTES]) {
	if (crypto_pwhash_str_alg(out, password.p ? password.p : "", password.n, p->passes, p->memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_private(ERR_UNAVAILABLE, "no memory for hashing a password");
	return NULL;
}

err password_hash(struct ctx *c, struct str password, struct str *out) {
	char text[crypto_pwhash_STRBYTES];
	TRY(begin(c));
	err e = make(c->site->passwords, password, text);
	end(c->site->passwords);
	TRY(e);
	*out = arena_str(c->arena, str_of(text));
	return NULL;
}

/* Made by whoever needs it first; a second one making it at the same time does no harm. */
static err nobody(struct passwords *p, char out[crypto_pwhash_STRBYTES]) {
	pthread_mutex_lock(&p->lock);
	memcpy(out, p->nobody, sizeof p->nobody);
	pthread_mutex_unlock(&p->lock);
	if (out[0])
		return NULL;
	unsigned char random[32];
	random_bytes(random, sizeof random);
	TRY(make(p, str_mem(random, sizeof random), out));
	pthread_mutex_lock(&p->lock);
	memcpy(p->nobody, out, sizeof p->nobody);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

err password_matches(struct ctx *c, struct str hash, struct str password, bool *out) {
	struct passwords *p = c->site->passwords;
	char text[crypto_pwhash_STRBYTES] = {0};
	*out = false;
	if (password.n > LONGEST)
		return NULL;
	TRY(begin(c));
	err e = NULL;
	if (hash.n && hash.n < sizeof text)
		memcpy(text, hash.p, hash.n);
	else
		e = nobody(p, text);
	if (!e)
		*out = crypto_pwhash_str_verify(text, password.p ? password.p : "", password.n) == 0 && hash.n;
	end(p);
	return e;
}

struct str password_invent(struct arena *a) {
	static const char letters[] = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	char text[20];
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = letters[randombytes_uniform(sizeof letters - 1)];
	return arena_str(a, str_mem(text, sizeof text));
}
