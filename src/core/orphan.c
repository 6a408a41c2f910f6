#include "core/orphan.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "blob/blob.h"
#include "core/site.h"
#include "store/media.h"

#include <unistd.h>

enum { AT_ONCE = 500, YOUNG_MS = 3600 * 1000, DAY_MS = 24 * 3600 * 1000 };

/* What was listed and not yet looked up; names ascend. */
struct orphans {
	struct ctx c; /* with an arena of its own, emptied after each batch */
	struct blob_item items[AT_ONCE];
	size_t n;
	int64_t adopted;
};

/* The name is what this site calls these bytes. What another site put into the same store is whole and proven too: only the hash tells. */
static err is_ours(struct orphans *o, const struct blob_item *item, bool *ours) {
	struct blob_name name;
	int64_t size;
	int fd;
	*ours = false;
	err e = blob_open(o->c.site->blobs, &item->name, &fd, &size);
	if (e)
		return e->code == ERR_NOT_FOUND || e->code == ERR_STORE ? NULL : e;
	e = blob_name_of_file(o->c.site->secret, fd, &name, &size);
	close(fd);
	*ours = !e && !memcmp(name.b, item->name.b, BLOB_NAME);
	return e;
}

struct adoption {
	const struct blob_item **v;
	size_t n;
};

static err adopt(struct tx *tx, void *arg) {
	const struct adoption *a = arg;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, 0, 0, 0));
	for (size_t i = 0; i < a->n; i++)
		TRY(store_blob_adopt(tx, &a->v[i]->name, a->v[i]->size));
	return store_media_sweep(tx);
}

/* Of what was listed, what no row names. */
static err look_up(struct orphans *o) {
	VEC(const struct blob_item *) lost = {0};
	struct blob_name *named;
	size_t n, k = 0;
	if (!o->n)
		return NULL;
	TRY(store_blob_between(o->c.arena, o->c.db, &o->items[0].name, &o->items[o->n - 1].name, &named, &n));
	db_rest(o->c.db);
	for (size_t i = 0; i < o->n; i++) {
		bool ours;
		while (k < n && memcmp(named[k].b, o->items[i].name.b, BLOB_NAME) < 0)
			k++;
		if (k < n && !memcmp(named[k].b, o->items[i].name.b, BLOB_NAME))
			continue;
		TRY(is_ours(o, &o->items[i], &ours));
		if (ours)
			vec_push(o->c.arena, &lost, &o->items[i]);
	}
	if (lost.n)
		TRY(tx_run(o->c.db, adopt, &(struct adoption){lost.v, lost.n}));
	o->adopted += (int64_t)lost.n;
	o->n = 0;
	arena_reset(o->c.arena);
	return NULL;
}

/* The young may belong to an upload whose row comes any moment. */
static err take(void *orphans, const struct blob_item *item) {
	struct orphans *o = orphans;
	if (item->at > clock_ms() - YOUNG_MS)
		return NULL;
	o->items[o->n++] = *item;
	return o->n == AT_ONCE ? look_up(o) : NULL;
}

static err tomorrow(struct tx *tx, void *arg) {
	const struct job *job = arg;
	TRY(tx_journal(tx, J_JOBS_CHANGED, 0, 0, 0));
	return store_job_ensure(tx, S(ORPHANS_JOB), clock_ms() + DAY_MS, job->id);
}

err orphans_sweep(struct ctx *c, const struct job *job) {
	struct orphans o = {.c = *c};
	o.c.arena = arena_new();
	err e = blob_list(c->site->blobs, NULL, take, &o);
	if (!e)
		e = look_up(&o);
	arena_free(&o.c.arena);
	if (o.adopted)
		log_info("%lld files that nothing names are removed", (long long)o.adopted);
	return e ? e : tx_run(c->db, tomorrow, (void *)(uintptr_t)job);
}

static err soon(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_JOBS_CHANGED, 0, 0, 0));
	return store_job_ensure(tx, S(ORPHANS_JOB), clock_ms(), 0);
}

err orphans_begin(struct ctx *c) { return tx_run(c->db, soon, NULL); }
