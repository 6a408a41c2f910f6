#include "gate/session.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "store/account.h"
#include "store/member.h"
#include "store/token.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SHARDS = 16, SETS = 1024, WAYS = 4, FRESH_MS = 3600 * 1000 };

struct key {
	unsigned char b[crypto_shorthash_siphashx24_BYTES];
};

struct entry {
	struct key key;
	struct session session;
	int64_t read_at, used; /* monotonic ms; used 0: empty */
};

struct shard {
	pthread_mutex_t lock;
	struct entry *entries; /* SETS × WAYS, made by the first use */
};

struct sessions {
	unsigned char secret[crypto_shorthash_siphashx24_KEYBYTES];
	_Atomic int64_t generation;
	struct shard shards[SHARDS];
};

struct sessions *sessions_new(void) {
	struct sessions *s = xcalloc(1, sizeof *s);
	random_bytes(s->secret, sizeof s->secret);
	for (int i = 0; i < SHARDS; i++)
		pthread_mutex_init(&s->shards[i].lock, NULL);
	return s;
}

void sessions_free(struct sessions **s) {
	if (!*s)
		return;
	for (int i = 0; i < SHARDS; i++) {
		pthread_mutex_destroy(&(*s)->shards[i].lock);
		free((*s)->shards[i].entries);
	}
	free(*s);
	*s = NULL;
}

static struct key key_of(const struct sessions *s, struct str secret) {
	struct key key;
	crypto_shorthash_siphashx24(key.b, (const unsigned char *)secret.p, secret.n, s->secret);
	return key;
}

static bool same(const struct entry *e, const struct key *key) { return e->used && memcmp(e->key.b, key->b, sizeof key->b) == 0; }

static struct entry *set_of(struct sessions *s, const struct key *key, struct shard **shard) {
	uint32_t bits;
	memcpy(&bits, key->b, sizeof bits);
	*shard = &s->shards[bits % SHARDS];
	pthread_mutex_lock(&(*shard)->lock);
	if (!(*shard)->entries)
		(*shard)->entries = xcalloc(SETS * WAYS, sizeof(struct entry));
	return &(*shard)->entries[(bits / SHARDS) % SETS * WAYS];
}

bool sessions_get(struct sessions *s, struct str secret, struct session *out) {
	const struct key key = key_of(s, secret);
	struct shard *shard;
	struct entry *set = set_of(s, &key, &shard);
	int64_t now = clock_mono_ms();
	bool found = false;
	for (int i = 0; i < WAYS && !found; i++) {
		if (!same(&set[i], &key) || now - set[i].read_at > FRESH_MS)
			continue;
		set[i].used = now;
		*out = set[i].session;
		found = true;
	}
	pthread_mutex_unlock(&shard->lock);
	return found;
}

int64_t sessions_generation(struct sessions *s) { return atomic_load(&s->generation); }

void sessions_put(struct sessions *s, struct str secret, const struct session *session, int64_t generation) {
	const struct key key = key_of(s, secret);
	struct shard *shard;
	struct entry *set = set_of(s, &key, &shard), *victim = &set[0];
	for (int i = 0; i < WAYS; i++) {
		if (same(&set[i], &key)) {
			victim = &set[i];
			break;
		}
		if (set[i].used < victim->used)
			victim = &set[i];
	}
	int64_t now = clock_mono_ms();
	if (atomic_load(&s->generation) == generation)
		*victim = (struct entry){key, *session, now, now};
	pthread_mutex_unlock(&shard->lock);
}

void sessions_forget(struct sessions *s, int64_t account_id) {
	atomic_fetch_add(&s->generation, 1);
	for (int i = 0; i < SHARDS; i++) {
		struct shard *shard = &s->shards[i];
		pthread_mutex_lock(&shard->lock);
		for (int k = 0; shard->entries && k < SETS * WAYS; k++)
			if (!account_id || shard->entries[k].session.account_id == account_id)
				shard->entries[k] = (struct entry){0};
		pthread_mutex_unlock(&shard->lock);
	}
}

err session_may(const struct session *s, enum route_who who, int64_t scope) {
	bool cookie = s->token_id && s->kind == TOKEN_SESSION;
	if (!s->token_id)
		return who == ANYONE ? NULL : err_public(ERR_UNAUTHORIZED, "The access token is invalid");
	if (who == BROWSER && !cookie)
		return err_public(ERR_FORBIDDEN, "This needs a browser session, not an access token");
	if (!cookie && scope && !(s->scopes & scope))
		return err_plain(ERR_SCOPE);
	if (!s->account_id)
		return who == ANYONE || who == APP ? NULL : err_public(ERR_INVALID, "This method requires an authenticated user");
	if (who == PENDING)
		return NULL;
	if (s->suspended)
		return err_public(ERR_FORBIDDEN, "Your account has been suspended");
	if (s->member_flags & MEMBER_DISABLED)
		return err_public(ERR_FORBIDDEN, "Your login is currently disabled");
	if (!(s->member_flags & MEMBER_CONFIRMED))
		return err_public(ERR_FORBIDDEN, "Your login is missing a confirmed e-mail address or telephone");
	if (!(s->member_flags & MEMBER_APPROVED))
		return err_public(ERR_FORBIDDEN, "Your login is currently pending approval");
	int least = who == MODERATOR ? ROLE_MODERATOR : who == ADMIN ? ROLE_ADMIN : who == OWNER ? ROLE_OWNER : ROLE_USER;
	return s->role < least ? err_plain(ERR_FORBIDDEN) : NULL;
}
