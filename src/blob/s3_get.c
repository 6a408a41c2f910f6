#include "blob/s3_inside.h"

#include "base/must.h"
#include "net/server.h"
#include "net/spool.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

static err wrong(const struct s3 *s, const char *what, struct str key) {
	return err_private(ERR_STORE, "%.*s %s %.*s", S_ARG(s->place.host), what, S_ARG(key));
}

/* ── where bytes land ── */

/* Either in a file from its beginning or in memory; what comes beyond `room` is refused. */
struct landing {
	int fd;
	char *mem;
	int64_t offset, room, n;
	uint32_t crc;
};

static err land(void *ctx, struct str bytes) {
	struct landing *l = ctx;
	if (l->n + (int64_t)bytes.n > l->room)
		return err_private(ERR_STORE, "an object store sends more than it was asked for");
	if (l->fd >= 0)
		TRY(spool_write(l->fd, l->offset + l->n, bytes));
	else
		memcpy(l->mem + l->n, bytes.p, bytes.n);
	l->crc = sums_crc(l->crc, bytes);
	l->n += (int64_t)bytes.n;
	return NULL;
}

static void land_again(void *ctx) {
	struct landing *l = ctx;
	l->n = 0;
	l->crc = 0;
}

static bool is_full(const struct s3 *s) {
	struct statvfs disk;
	char dir[4096];
	snprintf(dir, sizeof dir, "%.*s", S_ARG(s->spool_dir));
	return s->free_floor && statvfs(dir, &disk) == 0 && (int64_t)(disk.f_bavail * disk.f_frsize) < s->free_floor;
}

/* For a whole blob. */
static err open_spool(const struct s3 *s, int *fd) {
	if (is_full(s))
		return err_private(ERR_UNAVAILABLE, "media: the disk is nearly full (media.free_floor)");
	return spool_open(s->spool_dir, fd);
}

/* For a piece: where the disk is nearly full, in memory. */
static err open_piece(const struct s3 *s, int *fd) {
	if (!is_full(s))
		return spool_open(s->spool_dir, fd);
	*fd = memfd_create("piece", MFD_CLOEXEC);
	return *fd >= 0 ? NULL : err_private(ERR_UNAVAILABLE, "media: no file in memory: %s", strerror(errno));
}

/* ── what is known of an object ── */

static void read_facts(const struct fetch *x, int64_t size, struct facts *f) {
	struct str etag = fetch_header(x, S("etag"));
	*f = (struct facts){0};
	if (etag.n < sizeof f->etag)
		memcpy(f->etag, etag.p ? etag.p : "", etag.n);
	f->summed = sums_read(&f->sums, size, fetch_header(x, S("x-amz-meta-crc32")));
	if (!f->summed)
		sums_begin(&f->sums, size);
}

struct scan {
	struct sums *sums;
	const struct s3 *s;
	crypto_generichash_state hash;
};

static void scan_begin(void *ctx) {
	struct scan *scan = ctx;
	sums_begin(scan->sums, scan->sums->size);
	must(crypto_generichash_init(&scan->hash, (const unsigned char *)scan->s->site_secret, 32, BLOB_NAME) == 0);
}

static err scan_bytes(void *ctx, struct str bytes) {
	struct scan *scan = ctx;
	if (scan->sums->at + (int64_t)bytes.n > scan->sums->size)
		return err_private(ERR_STORE, "an object store sends more than it was asked for");
	sums_add(scan->sums, bytes);
	crypto_generichash_update(&scan->hash, (const unsigned char *)bytes.p, bytes.n);
	return NULL;
}

/* Somebody else put it there: it is read whole once, and its name says whether it is what it should be. */
static err scan(struct s3 *s, struct arena *a, const struct blob_name *n, struct facts *f) {
	struct scan sc = {.sums = &f->sums, .s = s};
	S3_CALL_AUTO call = {.method = S("GET"), .key = s3_key(s, a, n), .again = scan_begin};
	struct blob_name name;
	scan_begin(&sc);
	call.fetch.body_fd = -1;
	call.fetch.sink = scan_bytes;
	call.fetch.sink_ctx = &sc;
	TRY(s3_call(&s->place, a, &call));
	if (call.fetch.status == 404)
		return err_plain(ERR_NOT_FOUND);
	if (call.fetch.status != 200 || f->sums.at != f->sums.size)
		return wrong(s, "changed while it was read:", call.key);
	crypto_generichash_final(&sc.hash, name.b, BLOB_NAME);
	if (s->has_secret && memcmp(name.b, n->b, BLOB_NAME) != 0)
		return wrong(s, "has other bytes under the name", call.key);
	f->summed = true;
	return NULL;
}

static err head(struct s3 *s, struct arena *a, const struct blob_name *n, struct facts *f, bool *there) {
	S3_CALL_AUTO call = {.method = S("HEAD"), .key = s3_key(s, a, n), .fetch.body_fd = -1};
	int64_t size;
	TRY(s3_call(&s->place, a, &call));
	*there = call.fetch.status == 200;
	if (call.fetch.status == 404)
		return NULL;
	if (!*there || !str_i64(fetch_header(&call.fetch, S("content-length")), &size) || size < 0)
		return wrong(s, "gives no length of", call.key);
	read_facts(&call.fetch, size, f);
	return NULL;
}

static err facts_of(struct s3 *s, struct arena *a, const struct blob_name *n, struct facts *f) {
	bool there;
	if (facts_get(s->facts, n, f))
		return NULL;
	TRY(head(s, a, n, f, &there));
	if (!there)
		return err_plain(ERR_NOT_FOUND);
	if (!f->summed)
		TRY(scan(s, a, n, f));
	facts_put(s->facts, n, f);
	return NULL;
}

err s3_look(struct blobs *b, const struct blob_name *n, bool *there, int64_t *size) {
	struct s3 *s = s3_of(b);
	struct arena *a = arena_new();
	struct facts f = {0};
	err e = head(s, a, n, &f, there);
	*size = f.sums.size;
	arena_free(&a);
	return e;
}

/* ── chunks ── */

static err get_range(struct s3 *s, struct arena *a, struct s3_call *call, int64_t from, int64_t n, struct landing *l) {
	call->again = land_again;
	call->fetch.body_fd = -1;
	call->fetch.sink = land;
	call->fetch.sink_ctx = l;
	s3_call_header(call, S("range"), arena_printf(a, "bytes=%lld-%lld", (long long)from, (long long)(from + n - 1)));
	return s3_call(&s->place, a, call);
}

static err get_chunk_once(struct s3 *s, struct arena *a, const struct blob_name *n, const struct facts *f, int i, struct landing *l) {
	S3_CALL_AUTO call = {.method = S("GET"), .key = s3_key(s, a, n)};
	int64_t length = sums_length(&f->sums, i);
	land_again(l);
	l->room = length;
	if (f->etag[0])
		s3_call_header(&call, S("if-match"), str_of(f->etag));
	TRY(get_range(s, a, &call, (int64_t)i * f->sums.chunk, length, l));
	if (call.fetch.status == 404)
		return err_plain(ERR_NOT_FOUND);
	if (call.fetch.status / 100 != 2 || l->n != length || l->crc != f->sums.crc[i])
		return wrong(s, call.fetch.status == 412 ? "changed" : "has other bytes in", call.key);
	return NULL;
}

/* Once more from the beginning before the store is blamed: what is remembered may be of an object that was put anew since. */
static err get_chunk(struct s3 *s, struct arena *a, const struct blob_name *n, struct facts *f, int i, struct landing *l) {
	int64_t size = f->sums.size;
	err e = get_chunk_once(s, a, n, f, i, l);
	if (!e || e->code != ERR_STORE)
		return e;
	facts_forget(s->facts, n);
	TRY(facts_of(s, a, n, f));
	if (f->sums.size != size)
		return wrong(s, "changed", s3_key(s, a, n));
	return get_chunk_once(s, a, n, f, i, l);
}

/* "bytes 0-9/123" */
static bool read_total(struct str range, int64_t *total) {
	ptrdiff_t slash = str_chr(range, '/');
	return slash >= 0 && str_i64(str_skip(range, (size_t)slash + 1), total) && *total >= 0;
}

/* The first SUMS_LEAST bytes, and what is known of the object from the same answer: a small one costs one request. *whole: they are chunk
 * 0. */
static err get_first(struct s3 *s, struct arena *a, const struct blob_name *n, struct facts *f, struct landing *l, bool *whole) {
	*whole = false;
	if (facts_get(s->facts, n, f))
		return NULL;
	S3_CALL_AUTO call = {.method = S("GET"), .key = s3_key(s, a, n)};
	l->room = SUMS_LEAST;
	TRY(get_range(s, a, &call, 0, SUMS_LEAST, l));
	int64_t size = l->n;
	bool part = call.fetch.status == 206;
	if (call.fetch.status == 404)
		return err_plain(ERR_NOT_FOUND);
	/* 416: an empty object has no first bytes. */
	if ((!part && call.fetch.status != 200) || (part && !read_total(fetch_header(&call.fetch, S("content-range")), &size)))
		return facts_of(s, a, n, f);
	read_facts(&call.fetch, size, f);
	if (!f->summed)
		TRY(scan(s, a, n, f));
	facts_put(s->facts, n, f);
	*whole = f->sums.n && l->n == sums_length(&f->sums, 0) && l->crc == f->sums.crc[0];
	return NULL;
}

/* ── reading ── */

struct reading {
	struct s3 *s;
	struct arena *a;
	const struct blob_name *n;
	struct facts f;
	struct landing l;
	int have; /* the chunk in l, or -1 */
};

static err begin(struct reading *r) {
	bool whole;
	r->have = -1;
	TRY(get_first(r->s, r->a, r->n, &r->f, &r->l, &whole));
	if (whole)
		r->have = 0;
	return NULL;
}

static err need(struct reading *r, int i) {
	if (r->have == i)
		return NULL;
	r->have = -1;
	TRY(get_chunk(r->s, r->a, r->n, &r->f, i, &r->l));
	r->have = i;
	return NULL;
}

static err push(struct reading *r, int64_t offset, int64_t length, blob_sink sink, void *ctx) {
	int64_t size = r->f.sums.size, end = length < 0 || length > size - offset ? size : offset + length;
	if (offset < 0 || offset > size)
		return err_private(ERR_RANGE, "blobs: a range outside");
	if (r->f.sums.chunk > SUMS_LEAST)
		r->l.mem = xrealloc(r->l.mem, (size_t)r->f.sums.chunk);
	while (offset < end) {
		int i = (int)(offset / r->f.sums.chunk);
		int64_t skip = offset % r->f.sums.chunk, n = sums_length(&r->f.sums, i) - skip;
		n = n < end - offset ? n : end - offset;
		TRY(need(r, i));
		TRY(sink(ctx, (struct str){r->l.mem + skip, (size_t)n}));
		offset += n;
	}
	return NULL;
}

err s3_read(struct blobs *b, const struct blob_name *n, int64_t offset, int64_t length, blob_sink sink, void *ctx) {
	struct reading r = {.s = s3_of(b), .a = arena_new(), .n = n, .l = {.fd = -1, .mem = xmalloc(SUMS_LEAST)}};
	err e = begin(&r);
	if (!e)
		e = push(&r, offset, length, sink, ctx);
	free(r.l.mem);
	arena_free(&r.a);
	return e;
}

static err copy_out(struct reading *r) {
	for (int i = 0; i < r->f.sums.n; i++) {
		r->l.offset = (int64_t)i * r->f.sums.chunk;
		if (r->have != i)
			TRY(need(r, i));
		arena_reset(r->a);
	}
	return NULL;
}

err s3_open(struct blobs *b, const struct blob_name *n, int *fd, int64_t *size) {
	struct reading r = {.s = s3_of(b), .n = n, .l = {.fd = -1}};
	TRY(open_spool(r.s, &r.l.fd));
	r.a = arena_new();
	err e = begin(&r);
	if (!e)
		e = copy_out(&r);
	arena_free(&r.a);
	*fd = r.l.fd;
	*size = r.f.sums.size;
	if (e)
		close(r.l.fd);
	return e;
}

/* ── serving ── */

struct s3_pieces {
	struct pieces pieces;
	struct blob_name name;
	struct reading r;
};

static err pieces_fetch(struct pieces *pieces, int64_t at, int *fd, int64_t *offset, int64_t *n) {
	struct reading *r = &((struct s3_pieces *)(void *)pieces)->r;
	int i = (int)(at / r->f.sums.chunk);
	/* Never into the file of the last piece: its pages are on their way to the client as they are (sendfile), and would change there.
	 */
	if (r->have != i) {
		close(r->l.fd);
		r->l.fd = -1;
		TRY(open_piece(r->s, &r->l.fd));
	}
	r->a = arena_new();
	err e = need(r, i);
	arena_free(&r->a);
	*fd = r->l.fd;
	*offset = at % r->f.sums.chunk;
	*n = sums_length(&r->f.sums, i) - *offset;
	return e;
}

static void pieces_free(struct pieces *pieces) {
	struct s3_pieces *p = (struct s3_pieces *)(void *)pieces;
	if (p->r.l.fd >= 0)
		close(p->r.l.fd);
	free(p);
}

err s3_serve(struct blobs *b, const struct blob_name *n, struct blob_served *out) {
	struct s3_pieces *p = xcalloc(1, sizeof *p);
	p->pieces = (struct pieces){pieces_fetch, pieces_free};
	p->name = *n;
	p->r = (struct reading){.s = s3_of(b), .n = &p->name, .l.fd = -1};
	p->r.a = arena_new();
	err e = open_piece(p->r.s, &p->r.l.fd);
	if (!e)
		e = begin(&p->r);
	arena_free(&p->r.a);
	if (e) {
		pieces_free(&p->pieces);
		return e;
	}
	*out = (struct blob_served){-1, &p->pieces, p->r.f.sums.size};
	return NULL;
}
