#include "blob/s3_inside.h"

#include "base/log.h"
#include "base/must.h"
#include "wire/mime.h"
#include "wire/s3.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

/* Above PART_MOST an object goes up in parts of at least PART; a store takes at most 10,000 of them. */
enum { BLOCK = 256 * 1024, PARTS_MAX = 9000, SNIFF = 64 };
static const int64_t PART_MOST = 64 << 20, PART = 16 << 20;

/* ── what the store is told of the bytes ── */

static err read_at(int fd, char *to, size_t n, int64_t at) {
	while (n) {
		ssize_t got = pread(fd, to, n, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_private(ERR_UNAVAILABLE, "blobs: read: %s", got ? strerror(errno) : "the file is shorter than it was");
		to += got;
		n -= (size_t)got;
		at += got;
	}
	return NULL;
}

static err hash_file(EVP_MD_CTX *hash, struct sums *sums, int fd, int64_t at, int64_t n) {
	char *block = xmalloc(BLOCK);
	err e = NULL;
	for (int64_t end = at + n; at < end && !e;) {
		struct str bytes = {block, end - at < BLOCK ? (size_t)(end - at) : BLOCK};
		e = read_at(fd, block, bytes.n, at);
		if (e)
			break;
		must(EVP_DigestUpdate(hash, bytes.p, bytes.n));
		if (sums)
			sums_add(sums, bytes);
		at += (int64_t)bytes.n;
	}
	free(block);
	return e;
}

/* SHA-256 in hexadecimal of `n` bytes of the content from `at`; the sums too, where they are asked for. */
static err measure(struct arena *a, const struct blob_content *c, int64_t at, int64_t n, struct sums *sums, struct str *out) {
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	unsigned char digest[32];
	BUF_AUTO hex = {0};
	err e = NULL;
	must(hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL));
	if (c->bytes.p) {
		struct str bytes = str_first(str_skip(c->bytes, (size_t)at), (size_t)n);
		must(EVP_DigestUpdate(hash, bytes.p, bytes.n));
		if (sums)
			sums_add(sums, bytes);
	} else {
		e = hash_file(hash, sums, c->fd, at, n);
	}
	must(EVP_DigestFinal_ex(hash, digest, NULL));
	EVP_MD_CTX_free(hash);
	buf_hex(&hex, str_mem(digest, sizeof digest));
	*out = arena_str(a, buf_str(&hex));
	return e;
}

static err type_of(const struct blob_content *c, struct str *type) {
	char begin[SNIFF];
	struct str bytes = c->bytes;
	if (!bytes.p) {
		bytes = (struct str){begin, c->size < SNIFF ? (size_t)c->size : SNIFF};
		TRY(read_at(c->fd, begin, bytes.n, 0));
	}
	*type = str_of(mime_of_bytes(bytes));
	return NULL;
}

/* What stays with the object. */
static err describe(struct arena *a, struct s3_call *call, const struct blob_content *c, const struct sums *sums) {
	BUF_AUTO text = {0};
	struct str type;
	sums_text(&text, sums);
	TRY(type_of(c, &type));
	s3_call_header(call, S("content-type"), type);
	s3_call_header(call, S("cache-control"), S("public, max-age=31536000, immutable"));
	if (text.n) /* an empty blob has no chunks, and no header may be without a value */
		s3_call_header(call, S("x-amz-meta-crc32"), arena_str(a, buf_str(&text)));
	return NULL;
}

static void give_bytes(struct s3_call *call, const struct blob_content *c, int64_t at, int64_t n) {
	call->fetch.body_fd = c->bytes.p ? -1 : c->fd;
	call->fetch.body = c->bytes.p ? str_first(str_skip(c->bytes, (size_t)at), (size_t)n) : STR_NONE;
	call->fetch.body_offset = at;
	call->fetch.body_size = n;
}

static err expect(const struct s3 *s, const struct s3_call *call) {
	if (call->fetch.status / 100 == 2)
		return NULL;
	return err_private(ERR_UNAVAILABLE, "%.*s answers %.*s with %d", S_ARG(s->place.host), S_ARG(call->method), call->fetch.status);
}

/* ── in one ── */

static err put_whole(struct s3 *s, struct arena *a, struct str key, const struct blob_content *c) {
	S3_CALL_AUTO call = {.method = S("PUT"), .key = key};
	struct sums sums;
	sums_begin(&sums, c->size);
	TRY(measure(a, c, 0, c->size, &sums, &call.payload));
	TRY(describe(a, &call, c, &sums));
	give_bytes(&call, c, 0, c->size);
	TRY(s3_call(&s->place, a, &call));
	return expect(s, &call);
}

/* ── in parts ── */

struct parts {
	struct s3 *s;
	struct arena *a;
	struct str key, id;
	const struct blob_content *c;
	struct str *etags;
	size_t n;
	int64_t part;
};

static err begin_parts(struct parts *p) {
	S3_CALL_AUTO call = {.method = S("POST"), .key = p->key, .fetch.body_fd = -1};
	struct sums sums;
	struct str unused;
	sums_begin(&sums, p->c->size);
	TRY(measure(p->a, p->c, 0, p->c->size, &sums, &unused));
	TRY(describe(p->a, &call, p->c, &sums));
	s3_call_query(&call, S("uploads"), STR_NONE);
	TRY(s3_call(&p->s->place, p->a, &call));
	TRY(expect(p->s, &call));
	if (!s3_read_value(p->a, buf_str(&call.fetch.reply), S("InitiateMultipartUploadResult"), S("UploadId"), &p->id) || str_empty(p->id))
		return err_private(ERR_UNAVAILABLE, "%.*s began an upload without naming it", S_ARG(p->s->place.host));
	return NULL;
}

static err put_part(struct parts *p, size_t i) {
	S3_CALL_AUTO call = {.method = S("PUT"), .key = p->key};
	int64_t at = (int64_t)i * p->part, n = p->c->size - at < p->part ? p->c->size - at : p->part;
	TRY(measure(p->a, p->c, at, n, NULL, &call.payload));
	s3_call_query(&call, S("partNumber"), arena_printf(p->a, "%zu", i + 1));
	s3_call_query(&call, S("uploadId"), p->id);
	give_bytes(&call, p->c, at, n);
	TRY(s3_call(&p->s->place, p->a, &call));
	TRY(expect(p->s, &call));
	p->etags[i] = arena_str(p->a, fetch_header(&call.fetch, S("etag")));
	return NULL;
}

/* An answer that was lost on its way makes the second try hear that there is no such upload any more. */
static err was_ended(struct parts *p, const struct blob_name *n) {
	bool there;
	int64_t size;
	TRY(s3_look(&p->s->blobs, n, &there, &size));
	return there && size == p->c->size ? NULL : err_private(ERR_UNAVAILABLE, "%.*s lost an upload in parts", S_ARG(p->s->place.host));
}

static err end_parts(struct parts *p, const struct blob_name *n) {
	S3_CALL_AUTO call = {.method = S("POST"), .key = p->key, .fetch.body_fd = -1};
	BUF_AUTO body = {0};
	struct str etag;
	s3_put_complete(&body, p->etags, p->n);
	call.fetch.body = buf_str(&body);
	s3_call_query(&call, S("uploadId"), p->id);
	TRY(s3_call(&p->s->place, p->a, &call));
	if (call.fetch.status == 404)
		return was_ended(p, n);
	TRY(expect(p->s, &call));
	/* It says 200 before it has put the parts together; the truth is in the document. */
	if (!s3_read_value(p->a, buf_str(&call.fetch.reply), S("CompleteMultipartUploadResult"), S("ETag"), &etag))
		return err_private(ERR_UNAVAILABLE, "%.*s could not put the parts of an upload together", S_ARG(p->s->place.host));
	return NULL;
}

static void give_up(struct parts *p) {
	S3_CALL_AUTO call = {.method = S("DELETE"), .key = p->key, .fetch.body_fd = -1};
	s3_call_query(&call, S("uploadId"), p->id);
	err e = s3_call(&p->s->place, p->a, &call);
	if (e)
		log_warn("an upload in parts could not be given up: %s", e->cause);
}

static err put_parts(struct s3 *s, struct arena *a, struct str key, const struct blob_name *n, const struct blob_content *c) {
	struct parts p = {.s = s, .a = a, .key = key, .c = c, .part = PART};
	while ((c->size + p.part - 1) / p.part > PARTS_MAX)
		p.part *= 2;
	p.n = (size_t)((c->size + p.part - 1) / p.part);
	p.etags = arena_many(a, struct str, p.n);
	TRY(begin_parts(&p));
	err e = NULL;
	for (size_t i = 0; i < p.n && !e; i++)
		e = put_part(&p, i);
	if (!e)
		e = end_parts(&p, n);
	if (!e)
		return NULL;
	struct err why = *e;
	give_up(&p);
	return err_copy(&why);
}

err s3_put(struct blobs *b, const struct blob_name *n, const struct blob_content *c) {
	struct s3 *s = s3_of(b);
	bool there = false;
	int64_t size;
	/* Asking costs as much as sending little: equal bytes simply replace themselves. */
	if (c->size > SUMS_LEAST && !c->absent)
		TRY(s3_look(b, n, &there, &size));
	if (there && size == c->size)
		return NULL;
	struct arena *a = arena_new();
	struct str key = s3_key(s, a, n);
	err e = c->size > PART_MOST ? put_parts(s, a, key, n, c) : put_whole(s, a, key, c);
	facts_forget(s->facts, n);
	arena_free(&a);
	return e;
}
