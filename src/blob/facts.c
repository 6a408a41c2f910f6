#include "blob/facts.h"

#include "base/must.h"

#include <pthread.h>
#include <stdlib.h>

/* A name is a hash: its first bits choose the one place it may have. */
enum { PLACES = 4096 };

struct known {
	struct blob_name name;
	bool summed;
	int n;
	int64_t size, chunk;
	char etag[FACTS_ETAG];
	uint32_t crc[];
};

struct facts_memory {
	pthread_mutex_t lock;
	struct known *places[PLACES];
};

struct facts_memory *facts_memory_new(void) {
	struct facts_memory *m = xcalloc(1, sizeof *m);
	pthread_mutex_init(&m->lock, NULL);
	return m;
}

void facts_memory_free(struct facts_memory **mp) {
	struct facts_memory *m = *mp;
	if (!m)
		return;
	for (int i = 0; i < PLACES; i++)
		free(m->places[i]);
	pthread_mutex_destroy(&m->lock);
	free(m);
	*mp = NULL;
}

static struct known **place_of(struct facts_memory *m, const struct blob_name *n) { return &m->places[(n->b[0] << 8 | n->b[1]) % PLACES]; }

static bool is_of(const struct known *k, const struct blob_name *n) { return k && memcmp(k->name.b, n->b, BLOB_NAME) == 0; }

bool facts_get(struct facts_memory *m, const struct blob_name *n, struct facts *out) {
	pthread_mutex_lock(&m->lock);
	const struct known *k = *place_of(m, n);
	bool found = is_of(k, n);
	if (found) {
		out->sums.size = out->sums.at = k->size;
		out->sums.chunk = k->chunk;
		out->sums.n = k->n;
		memcpy(out->sums.crc, k->crc, (size_t)k->n * sizeof *k->crc);
		memcpy(out->etag, k->etag, sizeof out->etag);
		out->summed = k->summed;
	}
	pthread_mutex_unlock(&m->lock);
	return found;
}

void facts_put(struct facts_memory *m, const struct blob_name *n, const struct facts *f) {
	struct known *k = xmalloc(sizeof *k + (size_t)f->sums.n * sizeof *k->crc);
	*k = (struct known){.name = *n, .summed = f->summed, .n = f->sums.n, .size = f->sums.size, .chunk = f->sums.chunk};
	memcpy(k->etag, f->etag, sizeof k->etag);
	memcpy(k->crc, f->sums.crc, (size_t)k->n * sizeof *k->crc);
	pthread_mutex_lock(&m->lock);
	struct known **place = place_of(m, n), *before = *place;
	*place = k;
	pthread_mutex_unlock(&m->lock);
	free(before);
}

void facts_forget(struct facts_memory *m, const struct blob_name *n) {
	pthread_mutex_lock(&m->lock);
	struct known **place = place_of(m, n), *before = is_of(*place, n) ? *place : NULL;
	if (before)
		*place = NULL;
	pthread_mutex_unlock(&m->lock);
	free(before);
}
