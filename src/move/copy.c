#include "move/copy.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/must.h"
#include "base/thread.h"
#include "base/vec.h"
#include "move/items.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const int64_t IN_MEMORY = 1 << 20; /* a longer blob is copied from a file */

struct failure {
	struct blob_name name;
	struct err why;
};

struct lister {
	struct copy *copy;
	struct blobs *store;
	struct items queue;
	pthread_t thread;
	struct err failed;
	bool has_failed;
};

struct copy {
	const struct copy_order *o;
	struct lister from, to;
	struct items work;
	pthread_t matcher, workers[COPY_JOBS_MAX];
	int running;          /* workers; under lock */
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t ended;
	struct copy_counts counts;
	VEC(struct failure) failures;
	int64_t next_ns; /* when the next blob may begin, by the rate */
};

static bool is_stopped(const struct copy *c) { return c->o->stop && atomic_load(c->o->stop); }

/* ── listing ── */

static err see(void *ctx, const struct blob_item *b) {
	struct lister *l = ctx;
	struct item i = item_of(b);
	return !is_stopped(l->copy) && items_put(&l->queue, &i) ? NULL : err_plain(ERR_GONE);
}

static void *list(void *arg) {
	struct lister *l = arg;
	err e = blob_list(l->store, NULL, see, l);
	if (e && e->code != ERR_GONE) {
		l->failed = *e;
		l->has_failed = true;
	}
	items_close(&l->queue);
	return NULL;
}

/* Takes both listings side by side; what only the source has, or has at another length, is work. */
static void *match(void *arg) {
	struct copy *c = arg;
	struct item from, to;
	bool more = items_take(&c->to.queue, &to);
	while (items_take(&c->from.queue, &from)) {
		int d = -1;
		while (more && (d = memcmp(to.name.b, from.name.b, BLOB_NAME)) < 0)
			more = items_take(&c->to.queue, &to);
		if (!more && c->to.has_failed) /* it does not mean that nothing is there */
			break;
		bool there = more && d == 0 && to.size == from.size;
		pthread_mutex_lock(&c->lock);
		c->counts.seen++;
		c->counts.seen_bytes += from.size;
		c->counts.there += there;
		pthread_mutex_unlock(&c->lock);
		/* Whoever wants to hear of all hears of these too. */
		if ((!there || c->o->done) && !items_put(&c->work, &from))
			break;
	}
	/* What only the target has is let run out, so that its thread ends. */
	items_close(&c->to.queue);
	pthread_mutex_lock(&c->lock);
	c->counts.listed = true;
	pthread_mutex_unlock(&c->lock);
	items_close(&c->work);
	return NULL;
}

/* ── copying ── */

/* Waits for this blob's turn. */
static void keep_rate(struct copy *c, int64_t size) {
	if (!c->o->rate)
		return;
	int64_t now = clock_mono_ns();
	pthread_mutex_lock(&c->lock);
	int64_t begin = c->next_ns > now ? c->next_ns : now;
	c->next_ns = begin + (int64_t)((double)size / (double)c->o->rate * 1e9);
	pthread_mutex_unlock(&c->lock);
	while (begin > (now = clock_mono_ns()) && !is_stopped(c)) {
		int64_t ns = begin - now < 200000000 ? begin - now : 200000000;
		nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
	}
}

static err collect(void *ctx, struct str bytes) {
	buf_put(ctx, bytes);
	return NULL;
}

static err differs(int64_t size, int64_t expected) {
	return err_private(ERR_STORE, "it has %lld bytes and was listed with %lld", (long long)size, (long long)expected);
}

static err copy_file(struct copy *c, const struct blob_item *item) {
	int fd;
	int64_t size;
	TRY(blob_open(c->o->from, &item->name, &fd, &size));
	err e = size == item->size ? blob_put_content(c->o->to, &item->name,
	                                              &(struct blob_content){.fd = fd, .size = size, .loose = !c->o->done, .absent = true})
	                           : differs(size, item->size);
	close(fd);
	return e;
}

static err copy_one(struct copy *c, const struct blob_item *item, struct buf *bytes) {
	err e;
	if (blob_room(c->o->to) - item->size < c->o->floor)
		return err_private(ERR_UNAVAILABLE, "the target is nearly full");
	if (blob_clone(c->o->to, c->o->from, item, &e))
		return e;
	if (item->size > IN_MEMORY)
		return copy_file(c, item);
	buf_clear(bytes);
	TRY(blob_read(c->o->from, &item->name, 0, -1, collect, bytes));
	if ((int64_t)bytes->n != item->size)
		return differs((int64_t)bytes->n, item->size);
	struct blob_content content = {
	    .bytes = bytes->n ? buf_str(bytes) : S(""), .fd = -1, .size = item->size, .loose = !c->o->done, .absent = true};
	return blob_put_content(c->o->to, &item->name, &content);
}

static void note(struct copy *c, const struct item *i, const struct err *e) {
	pthread_mutex_lock(&c->lock);
	if (e && e->code == ERR_NOT_FOUND) {
		c->counts.gone++;
	} else if (e) {
		struct failure f = {i->name, *e};
		c->counts.failed++;
		vec_push(NULL, &c->failures, f);
	} else {
		c->counts.copied++;
		c->counts.copied_bytes += i->size;
	}
	pthread_mutex_unlock(&c->lock);
}

static void *work(void *arg) {
	struct copy *c = arg;
	BUF_AUTO bytes = {0};
	struct item i;
	while (!is_stopped(c) && items_take(&c->work, &i)) {
		struct blob_item item = item_view(&i);
		bool there = false;
		int64_t size = 0;
		err e = c->o->done ? blob_look(c->o->to, &i.name, &there, &size) : NULL;
		there = there && size == i.size;
		if (!e && !there && !c->o->dry_run) {
			keep_rate(c, i.size);
			e = copy_one(c, &item, &bytes);
		}
		if (!e && c->o->done)
			e = c->o->done(c->o->ctx, &item);
		if (e || !there)
			note(c, &i, e);
	}
	pthread_mutex_lock(&c->lock);
	if (--c->running == 0)
		pthread_cond_signal(&c->ended);
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* ── the whole ── */

static void tell_until_done(struct copy *c) {
	struct copy_counts now;
	bool running = true;
	while (running) {
		struct timespec until;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += COPY_TELL_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_mutex_lock(&c->lock);
		if (c->running)
			pthread_cond_timedwait(&c->ended, &c->lock, &until);
		running = c->running > 0;
		now = c->counts;
		pthread_mutex_unlock(&c->lock);
		if (c->o->tell)
			c->o->tell(c->o->ctx, &now);
	}
}

static void begin(struct copy *c, const struct copy_order *o) {
	*c = (struct copy){.o = o, .from = {.copy = c, .store = o->from}, .to = {.copy = c, .store = o->to}};
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->ended, NULL);
	items_open(&c->from.queue);
	items_open(&c->to.queue);
	items_open(&c->work);
}

static void end(struct copy *c) {
	items_free(&c->from.queue);
	items_free(&c->to.queue);
	items_free(&c->work);
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->ended);
	vec_free(&c->failures);
	free(c);
}

err copy_run(struct arena *a, const struct copy_order *o, struct copy_counts *counts, struct copy_failure **failures, size_t *n) {
	must(o->jobs >= 1 && o->jobs <= COPY_JOBS_MAX);
	struct copy *c = xmalloc(sizeof *c);
	begin(c, o);
	c->running = o->jobs;
	must(thread_start(&c->from.thread, "copy-from", list, &c->from) && thread_start(&c->to.thread, "copy-to", list, &c->to) &&
	     thread_start(&c->matcher, "copy-match", match, c));
	for (int i = 0; i < o->jobs; i++)
		must(thread_start(&c->workers[i], "copy", work, c));
	tell_until_done(c);
	items_close(&c->work);
	items_close(&c->from.queue);
	items_close(&c->to.queue);
	for (int i = 0; i < o->jobs; i++)
		pthread_join(c->workers[i], NULL);
	pthread_join(c->matcher, NULL);
	pthread_join(c->from.thread, NULL);
	pthread_join(c->to.thread, NULL);
	*counts = c->counts;
	*n = c->failures.n;
	*failures = arena_many(a, struct copy_failure, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		const struct failure *f = &c->failures.v[i];
		(*failures)[i] = (struct copy_failure){f->name, arena_str(a, str_of(f->why.cause[0] ? f->why.cause : f->why.text))};
	}
	err e = c->from.has_failed ? err_copy(&c->from.failed) : c->to.has_failed ? err_copy(&c->to.failed) : NULL;
	if (!e && !o->dry_run)
		e = blob_settle(o->to);
	end(c);
	return e;
}
