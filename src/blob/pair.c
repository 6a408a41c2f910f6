#include "blob/pair.h"

#include "base/must.h"
#include "base/vec.h"
#include "net/server.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct pair {
	struct blobs blobs;
	pthread_mutex_t lock; /* of all below */
	struct blobs *now, *old;
	VEC(struct blobs *) away;
};

void blob_pair_stores(struct blobs *b, struct blobs **now, struct blobs **old) {
	struct pair *p = (struct pair *)(void *)b;
	pthread_mutex_lock(&p->lock);
	*now = p->now;
	*old = p->old;
	pthread_mutex_unlock(&p->lock);
}

static struct blobs *now_of(struct blobs *b) {
	struct blobs *now, *old;
	blob_pair_stores(b, &now, &old);
	return now;
}

static bool is_missing(err e) { return e && e->code == ERR_NOT_FOUND; }

/* From the new store, from the old one, and once more from the new one: it may be moved between the looks. */
#define EITHER(b, call) \
	do { \
		struct blobs *now_, *old_, *s; \
		blob_pair_stores((b), &now_, &old_); \
		s = now_; \
		err e_ = (call); \
		if (old_ && is_missing(e_)) { \
			s = old_; \
			e_ = (call); \
		} \
		if (old_ && is_missing(e_)) { \
			s = now_; \
			e_ = (call); \
		} \
		return e_; \
	} while (0)

static err pair_put(struct blobs *b, const struct blob_name *n, const struct blob_content *c) { return blob_put_content(now_of(b), n, c); }

static err look_or_missing(struct blobs *s, const struct blob_name *n, bool *there, int64_t *size) {
	TRY(blob_look(s, n, there, size));
	return *there ? NULL : err_plain(ERR_NOT_FOUND);
}

static err look(struct blobs *b, const struct blob_name *n, bool *there, int64_t *size) { EITHER(b, look_or_missing(s, n, there, size)); }

static err pair_look(struct blobs *b, const struct blob_name *n, bool *there, int64_t *size) {
	err e = look(b, n, there, size);
	return is_missing(e) ? NULL : e;
}

struct counted {
	blob_sink sink;
	void *ctx;
	int64_t n;
};

static err count(void *ctx, struct str bytes) {
	struct counted *c = ctx;
	c->n += (int64_t)bytes.n;
	return c->sink(c->ctx, bytes);
}

/* A blob may be moved while it is read: the rest comes from the other store. */
static err pair_read(struct blobs *b, const struct blob_name *n, int64_t offset, int64_t length, blob_sink sink, void *ctx) {
	struct counted c = {sink, ctx, 0};
	EITHER(b, blob_read(s, n, offset + c.n, length < 0 ? length : length - c.n, count, &c));
}

static err pair_open(struct blobs *b, const struct blob_name *n, int *fd, int64_t *size) { EITHER(b, blob_open(s, n, fd, size)); }

/* ── serving from the old store ── */

/* Pieces of it, until it is moved; then what the new store has. */
struct moving {
	struct pieces pieces;
	struct blobs *pair;
	struct blob_name name;
	struct blob_served from;
};

static void served_free(struct blob_served *s) {
	if (s->pieces)
		s->pieces->free(s->pieces);
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct blob_served){.fd = -1};
}

static err moving_fetch(struct pieces *pieces, int64_t at, int *fd, int64_t *offset, int64_t *n) {
	struct moving *m = (struct moving *)(void *)pieces;
	err e = m->from.pieces ? m->from.pieces->fetch(m->from.pieces, at, fd, offset, n) : NULL;
	if (is_missing(e)) {
		int64_t size = m->from.size;
		served_free(&m->from);
		TRY(blob_serve(now_of(m->pair), &m->name, &m->from));
		if (m->from.size != size)
			return err_private(ERR_STORE, "blobs: what was moved has another length");
		e = m->from.pieces ? m->from.pieces->fetch(m->from.pieces, at, fd, offset, n) : NULL;
	}
	if (!e && !m->from.pieces) {
		*fd = m->from.fd;
		*offset = at;
		*n = m->from.size - at;
	}
	return e;
}

static void moving_free(struct pieces *pieces) {
	struct moving *m = (struct moving *)(void *)pieces;
	served_free(&m->from);
	free(m);
}

static err serve_now_or_old(struct blobs *b, const struct blob_name *n, struct blob_served *out) { EITHER(b, blob_serve(s, n, out)); }

static err pair_serve(struct blobs *b, const struct blob_name *n, struct blob_served *out) {
	struct blobs *now, *old;
	blob_pair_stores(b, &now, &old);
	TRY(serve_now_or_old(b, n, out));
	if (!old || !out->pieces)
		return NULL;
	struct moving *m = xmalloc(sizeof *m);
	*m = (struct moving){{moving_fetch, moving_free}, b, *n, *out};
	*out = (struct blob_served){-1, &m->pieces, out->size};
	return NULL;
}

static bool pair_serve_now(struct blobs *b, const struct blob_name *n, struct blob_served *out) {
	struct blobs *now, *old;
	blob_pair_stores(b, &now, &old);
	return !old && blob_serve_now(now, n, out);
}

/* While it moves, only the store that has it may be named. */
static bool pair_address(struct blobs *b, const struct blob_name *n, struct str type, int64_t seconds, struct buf *out) {
	struct blobs *now, *old;
	bool there = true;
	int64_t size;
	blob_pair_stores(b, &now, &old);
	if (old && (blob_look(now, n, &there, &size) || !there))
		return false;
	return blob_address(now, n, type, seconds, out);
}

/* The old one first: whoever moves a blob looks there again after putting it into the new one, and so never leaves it behind. */
static err pair_drop(struct blobs *b, const struct blob_name *n, size_t count) {
	struct blobs *now, *old;
	blob_pair_stores(b, &now, &old);
	if (old)
		TRY(blob_drop_many(old, n, count));
	return blob_drop_many(now, n, count);
}

/* What is still in the old one comes here, and is listed then. */
static err pair_list(struct blobs *b, const struct blob_name *after, blob_seen seen, void *ctx) {
	return blob_list(now_of(b), after, seen, ctx);
}

static bool pair_clone(struct blobs *b, struct blobs *from, const struct blob_item *item, err *e) {
	return blob_clone(now_of(b), from, item, e);
}

static err pair_settle(struct blobs *b) { return blob_settle(now_of(b)); }

static int64_t pair_room(struct blobs *b) { return blob_room(now_of(b)); }

static void pair_close(struct blobs *b) {
	struct pair *p = (struct pair *)(void *)b;
	blob_close(&p->now);
	blob_close(&p->old);
	for (size_t i = 0; i < p->away.n; i++)
		blob_close(&p->away.v[i]);
	vec_free(&p->away);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

struct blobs *blob_pair_new(struct blobs *now, struct blobs *old) {
	static const struct blob_ops ops = {
	    .put = pair_put,
	    .look = pair_look,
	    .read = pair_read,
	    .open = pair_open,
	    .serve = pair_serve,
	    .serve_now = pair_serve_now,
	    .address = pair_address,
	    .drop = pair_drop,
	    .list = pair_list,
	    .clone = pair_clone,
	    .settle = pair_settle,
	    .room = pair_room,
	    .close = pair_close,
	};
	struct pair *p = xcalloc(1, sizeof *p);
	*p = (struct pair){.blobs = {&ops}, .now = now, .old = old};
	pthread_mutex_init(&p->lock, NULL);
	return &p->blobs;
}

void blob_pair_turn(struct blobs *b, struct blobs *now, struct blobs *old) {
	struct pair *p = (struct pair *)(void *)b;
	pthread_mutex_lock(&p->lock);
	struct blobs *before[] = {p->now, p->old};
	for (int i = 0; i < 2; i++)
		if (before[i] && before[i] != now && before[i] != old)
			vec_push(NULL, &p->away, before[i]);
	p->now = now;
	p->old = old;
	pthread_mutex_unlock(&p->lock);
}
