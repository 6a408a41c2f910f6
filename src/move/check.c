#include "move/check.h"

#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "base/vec.h"
#include "blob/pair.h"
#include "blob/s3.h"
#include "core/media.h"
#include "core/site.h"
#include "move/items.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum { READERS = 4, PAGE = 1000, FEW = 20 };

struct check {
	struct ctx *c;
	struct blobs *store;
	struct items work;
	pthread_t readers[READERS];
	/* The listing's thread alone: the next names of the database. */
	struct arena *page_arena;
	struct blob_name *page, last;
	size_t page_n, page_at;
	bool page_end;
	pthread_mutex_t lock; /* of all below */
	struct check_result result;
	VEC(struct check_finding) findings;
	struct err failed;
	bool has_failed;
};

static void found(struct check *k, enum check_trouble trouble, const struct blob_name *n) {
	struct check_finding f = {trouble, *n, false};
	pthread_mutex_lock(&k->lock);
	vec_push(NULL, &k->findings, f);
	pthread_mutex_unlock(&k->lock);
}

/* ── reading ── */

static err hash_bytes(void *ctx, struct str bytes) {
	crypto_generichash_update(ctx, (const unsigned char *)bytes.p, bytes.n);
	return NULL;
}

/* *right: it is there, whole, and what its name says. An err: nobody can tell now. */
static err is_right(const struct site *site, struct blobs *store, const struct blob_name *n, bool *there, bool *right) {
	crypto_generichash_state hash;
	struct blob_name name;
	must(crypto_generichash_init(&hash, (const unsigned char *)site->secret, 32, BLOB_NAME) == 0);
	err e = blob_read(store, n, 0, -1, hash_bytes, &hash);
	*there = !e || e->code != ERR_NOT_FOUND;
	*right = false;
	if (e)
		return e->code == ERR_NOT_FOUND || e->code == ERR_STORE ? NULL : e;
	crypto_generichash_final(&hash, name.b, BLOB_NAME);
	*right = memcmp(name.b, n->b, BLOB_NAME) == 0;
	return NULL;
}

static void *read_all(void *arg) {
	struct check *k = arg;
	struct item i;
	while (items_take(&k->work, &i)) {
		bool there, right;
		err e = k->c->site->stopping ? err_private(ERR_UNAVAILABLE, "the network is being stopped")
		                             : is_right(k->c->site, k->store, &i.name, &there, &right);
		if (!e && !right)
			found(k, CHECK_CORRUPT, &i.name);
		pthread_mutex_lock(&k->lock);
		if (e && !k->has_failed) {
			k->failed = *e;
			k->has_failed = true;
		}
		k->result.sound += !e && right;
		k->result.bytes += !e && right ? i.size : 0;
		pthread_mutex_unlock(&k->lock);
		if (e)
			items_close(&k->work);
	}
	return NULL;
}

/* ── both lists side by side ── */

/* The database's next name without taking it; false at the end. Between pages no snapshot is held open. */
static err peek(struct check *k, struct blob_name *out, bool *some) {
	if (k->page_at == k->page_n && !k->page_end) {
		bool first = !k->page;
		arena_reset(k->page_arena);
		TRY(store_blob_page(k->page_arena, k->c->db, first ? NULL : &k->last, PAGE, &k->page, &k->page_n));
		db_rest(k->c->db);
		k->page_at = 0;
		k->page_end = k->page_n < PAGE;
		if (k->page_n)
			k->last = k->page[k->page_n - 1];
	}
	*some = k->page_at < k->page_n;
	if (*some)
		*out = k->page[k->page_at];
	return NULL;
}

static err see(void *ctx, const struct blob_item *b) {
	struct check *k = ctx;
	struct blob_name next;
	bool some;
	int d = 1;
	if (k->c->site->stopping)
		return err_private(ERR_UNAVAILABLE, "the network is being stopped");
	for (;;) {
		TRY(peek(k, &next, &some));
		d = some ? memcmp(next.b, b->name.b, BLOB_NAME) : 1;
		if (d >= 0)
			break;
		found(k, CHECK_MISSING, &next);
		k->page_at++;
	}
	if (d > 0) {
		found(k, CHECK_ORPHANED, &b->name);
		return NULL;
	}
	k->page_at++;
	struct item i = item_of(b);
	return items_put(&k->work, &i) ? NULL : err_plain(ERR_UNAVAILABLE);
}

static err list(struct check *k) {
	struct blob_name next;
	bool some = true;
	TRY(blob_list(k->store, NULL, see, k));
	while (some) {
		TRY(peek(k, &next, &some));
		if (some)
			found(k, CHECK_MISSING, &next);
		k->page_at += some;
	}
	return NULL;
}

static err look(struct check *k) {
	for (int i = 0; i < READERS; i++)
		must(thread_start(&k->readers[i], "media check", read_all, k));
	err e = list(k);
	struct err kept = e ? *e : (struct err){0};
	items_close(&k->work);
	for (int i = 0; i < READERS; i++)
		pthread_join(k->readers[i], NULL);
	return k->has_failed ? err_copy(&k->failed) : e ? err_copy(&kept) : NULL;
}

/* ── once more, and mending ── */

/* Whether it still is as it was found. */
static err is_so(struct check *k, const struct check_finding *f, bool *so) {
	bool known, used, there, right = false;
	int64_t size;
	TRY(store_blob_state(k->c->db, &f->name, &known, &used));
	db_rest(k->c->db);
	if (f->trouble == CHECK_ORPHANED) {
		TRY(blob_look(k->store, &f->name, &there, &size));
		*so = there && !known;
		return NULL;
	}
	TRY(is_right(k->c->site, k->store, &f->name, &there, &right));
	*so = used && !right;
	return NULL;
}

static int by_name(const void *a, const void *b) {
	const struct check_finding *x = a, *y = b;
	return memcmp(x->name.b, y->name.b, BLOB_NAME);
}

static err confirm(struct check *k) {
	size_t kept = 0;
	for (size_t i = 0; i < k->findings.n; i++) {
		bool so;
		TRY(is_so(k, &k->findings.v[i], &so));
		if (so)
			k->findings.v[kept++] = k->findings.v[i];
	}
	k->findings.n = kept;
	if (kept)
		qsort(k->findings.v, kept, sizeof *k->findings.v, by_name);
	return NULL;
}

/* From the spare store, if that has it right. */
static err fetch(struct check *k, struct blobs *spare, struct check_finding *f) {
	bool there, right;
	int fd;
	int64_t size;
	if (!spare)
		return NULL;
	TRY(is_right(k->c->site, spare, &f->name, &there, &right));
	if (!right)
		return NULL;
	TRY(blob_open(spare, &f->name, &fd, &size));
	err e = blob_drop(k->store, &f->name);
	if (!e)
		e = blob_put_file(k->store, &f->name, fd, size);
	close(fd);
	f->mended = !e;
	return e;
}

static err mend(struct check *k, struct blobs *spare) {
	int64_t orphans = 0;
	for (size_t i = 0; i < k->findings.n; i++)
		orphans += k->findings.v[i].trouble == CHECK_ORPHANED;
	if (orphans > FEW && orphans > k->result.sound)
		return err_public(ERR_INVALID,
		                  "%lld of %lld blobs in the store are unknown to this database: is it the right one? Nothing was removed",
		                  (long long)orphans, (long long)(orphans + k->result.sound));
	for (size_t i = 0; i < k->findings.n; i++) {
		struct check_finding *f = &k->findings.v[i];
		if (f->trouble == CHECK_ORPHANED)
			TRY(media_sweep_orphan(k->c, &f->name));
		else
			TRY(fetch(k, spare, f));
		f->mended |= f->trouble == CHECK_ORPHANED;
	}
	return blob_s3_give_up_old(k->store, &k->result.unended);
}

err check_run(struct ctx *c, bool repair, struct blobs *spare, struct check_result *out) {
	struct blobs *now, *old;
	blob_pair_stores(c->site->blobs, &now, &old);
	if (old)
		return err_public(ERR_CONFLICT, "The media are just being moved to another store; check them when that is done");
	struct check *k = xcalloc(1, sizeof *k);
	*k = (struct check){.c = c, .store = now, .page_arena = arena_new()};
	items_open(&k->work);
	pthread_mutex_init(&k->lock, NULL);
	err e = look(k);
	if (!e)
		e = confirm(k);
	if (!e && repair)
		e = mend(k, spare);
	*out = k->result;
	out->findings = arena_many(c->arena, struct check_finding, k->findings.n + 1);
	out->n = k->findings.n;
	if (out->n)
		memcpy(out->findings, k->findings.v, out->n * sizeof *out->findings);
	items_free(&k->work);
	pthread_mutex_destroy(&k->lock);
	arena_free(&k->page_arena);
	vec_free(&k->findings);
	free(k);
	return e;
}
