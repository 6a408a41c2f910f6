#include "core/remote.h"

#include "base/clock.h"
#include "base/must.h"
#include "base/vec.h"
#include "config/config.h"
#include "core/media_store.h"
#include "store/remote.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { AT_ONCE = 50, DAY_MS = 24 * 3600 * 1000 };

struct remote {
	pthread_mutex_t lock; /* of writing */
	struct blobs *blobs;
	_Atomic int64_t bytes, evicted;
};

/* ── start and end ── */

static err count(struct remote *r, struct db *db) {
	int64_t bytes;
	TRY(store_remote_total(db, &bytes));
	r->bytes = bytes;
	return NULL;
}

err remote_start(struct site *site) {
	struct str where = config_text(site->config, SET_media_remote_store);
	struct db *db = NULL;
	if (str_eq(where, config_text(site->config, SET_media_store)))
		return err_public(ERR_INVALID, "media.remote_store must be another place than media.store");
	struct remote *r = site->remote = xcalloc(1, sizeof *r);
	pthread_mutex_init(&r->lock, NULL);
	err e = media_store_open(&r->blobs, site, where, true);
	if (!e)
		e = db_open(&db, site->store);
	if (!e)
		e = count(r, db);
	db_close(&db);
	return e;
}

void remote_stop(struct site *site) {
	struct remote *r = site->remote;
	if (!r)
		return;
	blob_close(&r->blobs);
	pthread_mutex_destroy(&r->lock);
	free(r);
	site->remote = NULL;
}

void remote_counts(const struct site *site, int64_t *bytes, int64_t *evicted) {
	*bytes = site->remote->bytes;
	*evicted = site->remote->evicted;
}

/* ── writing: row before bytes coming, and before bytes going, so that no bytes are uncounted for long ── */

static err put_row(struct tx *tx, void *arg) { return store_remote_put(tx, arg); }

struct going {
	const struct remote_blob *v;
	size_t n;
};

static err drop_rows(struct tx *tx, void *arg) {
	const struct going *g = arg;
	for (size_t i = 0; i < g->n; i++)
		TRY(store_remote_drop(tx, &g->v[i].name));
	return NULL;
}

static err drop_all(struct ctx *c, const struct remote_blob *v, size_t n) {
	for (size_t i = 0; i < n; i++)
		TRY(blob_drop(c->site->remote->blobs, &v[i].name));
	TRY(tx_run(c->db, drop_rows, &(struct going){v, n}));
	return count(c->site->remote, c->db);
}

/* Those looked at longest ago go until so many bytes have room under the cap. */
static err make_room(struct ctx *c, int64_t size) {
	struct remote *r = c->site->remote;
	int64_t cap = config_number(c->site->config, SET_media_remote_cap);
	if (size > cap)
		return err_private(ERR_UNAVAILABLE, "remote media: %lld bytes are more than media.remote_cap", (long long)size);
	while (r->bytes + size > cap) {
		struct remote_blob *old;
		size_t n, some = 0;
		int64_t freed = 0;
		db_rest(c->db);
		TRY(store_remote_oldest(c->arena, c->db, AT_ONCE, &old, &n));
		must(n);
		while (some < n && r->bytes - freed + size > cap)
			freed += old[some++].size;
		TRY(drop_all(c, old, some));
		r->evicted += (int64_t)some;
	}
	return NULL;
}

static err put(struct ctx *c, const struct blob_name *name, struct str bytes) {
	struct remote *r = c->site->remote;
	struct remote_blob b = {*name, (int64_t)bytes.n, clock_ms()};
	struct remote_blob known;
	bool there;
	TRY(store_remote_get(c->db, name, &known, &there));
	if (!there) {
		TRY(make_room(c, b.size));
		if (blob_room(r->blobs) - b.size < config_number(c->site->config, SET_media_free_floor))
			return err_private(ERR_UNAVAILABLE, "remote media: the disk is nearly full (media.free_floor)");
	}
	TRY(tx_run(c->db, put_row, &b));
	TRY(blob_put(r->blobs, name, bytes));
	return count(r, c->db);
}

err remote_put(struct ctx *c, const struct blob_name *name, struct str bytes) {
	pthread_mutex_lock(&c->site->remote->lock);
	db_rest(c->db);
	err e = count(c->site->remote, c->db);
	if (!e)
		e = put(c, name, bytes);
	pthread_mutex_unlock(&c->site->remote->lock);
	return e;
}

err remote_drop(struct ctx *c, const struct blob_name *name) {
	pthread_mutex_lock(&c->site->remote->lock);
	err e = drop_all(c, &(struct remote_blob){.name = *name}, 1);
	pthread_mutex_unlock(&c->site->remote->lock);
	return e;
}

/* ── reading ── */

static err touch_row(struct tx *tx, void *name) { return store_remote_touch(tx, name, clock_ms()); }

err remote_serve(struct ctx *c, const struct blob_name *name, struct blob_served *out) {
	struct remote_blob b;
	bool there;
	TRY(store_remote_get(c->db, name, &b, &there));
	if (!there)
		return err_plain(ERR_NOT_FOUND);
	/* Once a day is enough to tell what nobody looks at; a write for every look would be a cost. */
	if (b.used_at < clock_ms() - DAY_MS && !c->site->moving)
		TRY(tx_run(c->db, touch_row, &b.name));
	return blob_serve(c->site->remote->blobs, name, out);
}

/* ── looking whether all is right ── */

struct checking {
	struct ctx *c;
	bool repair;
	struct remote_check *out;
	VEC(struct remote_blob) orphaned;
};

static err see(void *arg, const struct blob_item *item) {
	struct checking *k = arg;
	struct remote_blob b;
	bool there;
	if (k->c->site->stopping)
		return err_private(ERR_UNAVAILABLE, "the network is being stopped");
	TRY(store_remote_get(k->c->db, &item->name, &b, &there));
	if (!there)
		vec_push(k->c->arena, &k->orphaned, ((struct remote_blob){.name = item->name}));
	return NULL;
}

/* ERR_NOT_FOUND, ERR_STORE: what is wrong; another err: nobody can tell. */
static err look_at(struct ctx *c, const struct blob_name *name, int64_t *size) {
	struct blob_name right;
	int fd;
	TRY(blob_open(c->site->remote->blobs, name, &fd, size));
	err e = blob_name_of_file(c->site->secret, fd, &right, size);
	close(fd);
	TRY(e);
	return memcmp(right.b, name->b, BLOB_NAME) == 0 ? NULL : err_plain(ERR_STORE);
}

static err check_rows(struct checking *k) {
	struct remote_blob *v, last;
	size_t n = 1;
	for (bool first = true; n; first = false) {
		TRY(store_remote_page(k->c->arena, k->c->db, first ? NULL : &last.name, AT_ONCE, &v, &n));
		db_rest(k->c->db);
		for (size_t i = 0; i < n; i++) {
			int64_t size;
			last = v[i];
			err e = k->c->site->stopping ? err_plain(ERR_UNAVAILABLE) : look_at(k->c, &v[i].name, &size);
			if (e && e->code != ERR_NOT_FOUND && e->code != ERR_STORE)
				return e;
			k->out->missing += e && e->code == ERR_NOT_FOUND;
			k->out->corrupt += e && e->code == ERR_STORE;
			k->out->sound += !e;
			k->out->bytes += e ? 0 : size;
			if (e && k->repair)
				TRY(drop_all(k->c, &v[i], 1));
		}
	}
	return NULL;
}

static err check(struct checking *k) {
	TRY(blob_list(k->c->site->remote->blobs, NULL, see, k));
	k->out->orphaned = (int64_t)k->orphaned.n;
	if (k->repair && k->orphaned.n)
		TRY(drop_all(k->c, k->orphaned.v, k->orphaned.n));
	return check_rows(k);
}

err remote_check(struct ctx *c, bool repair, struct remote_check *out) {
	struct checking k = {.c = c, .repair = repair, .out = out};
	*out = (struct remote_check){0};
	pthread_mutex_lock(&c->site->remote->lock);
	err e = check(&k);
	pthread_mutex_unlock(&c->site->remote->lock);
	return e;
}
