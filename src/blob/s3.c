#include "blob/s3.h"

#include "base/clock.h"
#include "base/must.h"
#include "blob/s3_inside.h"
#include "wire/s3.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

enum { DROP_AT_ONCE = 1000, LIST_AT_ONCE = 1000, OLD_UPLOAD_MS = 24 * 3600 * 1000 };
static const int64_t CLONE_MOST = (int64_t)5 << 30;

struct str s3_key(const struct s3 *s, struct arena *a, const struct blob_name *n) {
	BUF_AUTO key = {0};
	buf_put(&key, s->prefix);
	buf_hex(&key, blob_name_str(n));
	return arena_str(a, buf_str(&key));
}

static err unexpected(const struct s3 *s, const struct s3_call *c) {
	return err_private(ERR_UNAVAILABLE, "%.*s answers %.*s with %d and what is no answer to it", S_ARG(s->place.host), S_ARG(c->method),
	                   c->fetch.status);
}

/* ── dropping ── */

static err drop_one(struct s3 *s, struct arena *a, const struct blob_name *n) {
	S3_CALL_AUTO c = {.method = S("DELETE"), .key = s3_key(s, a, n), .fetch.body_fd = -1};
	TRY(s3_call(&s->place, a, &c));
	return c.fetch.status / 100 == 2 || c.fetch.status == 404 ? NULL : unexpected(s, &c);
}

/* Content-MD5 is what DeleteObjects asks for. */
static struct str md5_of(struct arena *a, struct str body) {
	unsigned char hash[16];
	char text[25];
	must(EVP_Digest(body.p, body.n, hash, NULL, EVP_md5(), NULL));
	sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
	return arena_str(a, str_of(text));
}

static err drop_batch(struct s3 *s, struct arena *a, const struct blob_name *n, size_t count) {
	S3_CALL_AUTO c = {.method = S("POST"), .fetch.body_fd = -1};
	BUF_AUTO body = {0};
	struct str *keys = arena_many(a, struct str, count);
	struct s3_failure *failures;
	size_t failed;
	for (size_t i = 0; i < count; i++)
		keys[i] = s3_key(s, a, &n[i]);
	s3_put_delete(&body, keys, count);
	c.fetch.body = buf_str(&body);
	s3_call_query(&c, S("delete"), STR_NONE);
	s3_call_header(&c, S("content-md5"), md5_of(a, c.fetch.body));
	s3_call_header(&c, S("content-type"), S("application/xml"));
	TRY(s3_call(&s->place, a, &c));
	if (c.fetch.status / 100 != 2 || !s3_read_failures(a, buf_str(&c.fetch.reply), &failures, &failed))
		return unexpected(s, &c);
	for (size_t i = 0; i < failed; i++)
		if (!str_eq(failures[i].code, S("NoSuchKey")))
			return err_private(ERR_UNAVAILABLE, "%.*s did not delete %.*s: %.*s", S_ARG(s->place.host), S_ARG(failures[i].key),
			                   S_ARG(failures[i].code));
	return NULL;
}

static err s3_drop(struct blobs *b, const struct blob_name *n, size_t count) {
	struct s3 *s = s3_of(b);
	struct arena *a = arena_new();
	err e = NULL;
	for (size_t i = 0; i < count; i++)
		facts_forget(s->facts, &n[i]);
	while (count && !e) {
		size_t now = count < DROP_AT_ONCE ? count : DROP_AT_ONCE;
		e = now == 1 ? drop_one(s, a, n) : drop_batch(s, a, n, now);
		n += now;
		count -= now;
	}
	arena_free(&a);
	return e;
}

/* ── listing ── */

static err list_page(struct s3 *s, struct arena *a, struct str after, struct str token, struct s3_listing *out) {
	S3_CALL_AUTO c = {.method = S("GET"), .fetch.body_fd = -1};
	s3_call_query(&c, S("list-type"), S("2"));
	s3_call_query(&c, S("encoding-type"), S("url"));
	s3_call_query(&c, S("max-keys"), arena_printf(a, "%d", LIST_AT_ONCE));
	if (s->prefix.n)
		s3_call_query(&c, S("prefix"), s->prefix);
	if (token.n)
		s3_call_query(&c, S("continuation-token"), token);
	else if (after.n)
		s3_call_query(&c, S("start-after"), after);
	TRY(s3_call(&s->place, a, &c));
	if (c.fetch.status != 200 || !s3_read_listing(a, buf_str(&c.fetch.reply), out))
		return unexpected(s, &c);
	return NULL;
}

/* "2013-05-24T00:00:00.000Z" as ms since 1970; 0 for what is no time. */
static int64_t ms_of(struct arena *a, struct str text) {
	struct tm tm = {0};
	return strptime(arena_str(a, text).p, "%Y-%m-%dT%H:%M:%S", &tm) ? (int64_t)timegm(&tm) * 1000 : 0;
}

/* What has another name than ours in the bucket is none of our business. */
static err see_page(const struct s3 *s, struct arena *a, const struct s3_listing *l, blob_seen seen, void *ctx) {
	for (size_t i = 0; i < l->n; i++) {
		struct blob_item item = {.size = l->items[i].size, .at = ms_of(a, l->items[i].modified), .proof = l->items[i].etag};
		struct str key = l->items[i].key;
		if (str_starts(key, s->prefix) && blob_name_read_hex(str_skip(key, s->prefix.n), &item.name))
			TRY(seen(ctx, &item));
	}
	return NULL;
}

static err s3_list(struct blobs *b, const struct blob_name *after, blob_seen seen, void *ctx) {
	struct s3 *s = s3_of(b);
	BUF_AUTO token = {0};
	struct s3_listing l = {.more = true};
	err e = NULL;
	while (l.more && !e) {
		struct arena *a = arena_new();
		e = list_page(s, a, after ? s3_key(s, a, after) : STR_NONE, buf_str(&token), &l);
		if (!e)
			e = see_page(s, a, &l, seen, ctx);
		buf_clear(&token);
		if (!e)
			buf_put(&token, l.token);
		arena_free(&a);
	}
	return e;
}

/* ── copying inside the store ── */

static err s3_settle(struct blobs *b) { return NULL; }

static struct str unquoted(struct str etag) {
	bool quoted = etag.n >= 2 && etag.p[0] == '"' && etag.p[etag.n - 1] == '"';
	return quoted ? (struct str){etag.p + 1, etag.n - 2} : etag;
}

static err clone_in(struct s3 *to, struct s3 *from, struct arena *a, const struct blob_item *item) {
	S3_CALL_AUTO c = {.method = S("PUT"), .key = s3_key(to, a, &item->name), .fetch.body_fd = -1};
	BUF_AUTO source = {0};
	struct str etag;
	sigv4_target(&source, &(struct sigv4_request){
	                          .path = arena_printf(a, "/%.*s/%.*s", S_ARG(from->place.bucket), S_ARG(s3_key(from, a, &item->name)))});
	s3_call_header(&c, S("x-amz-copy-source"), buf_str(&source));
	s3_call_header(&c, S("x-amz-copy-source-if-match"), item->proof);
	TRY(s3_call(&to->place, a, &c));
	if (c.fetch.status == 404)
		return err_plain(ERR_NOT_FOUND);
	if (c.fetch.status != 200 || !s3_read_value(a, buf_str(&c.fetch.reply), S("CopyObjectResult"), S("ETag"), &etag))
		return unexpected(to, &c);
	facts_forget(to->facts, &item->name);
	if (str_eq(unquoted(etag), unquoted(item->proof)))
		return NULL;
	TRY(drop_one(to, a, &item->name));
	return err_private(ERR_STORE, "%.*s made a copy of %.*s that has another checksum", S_ARG(to->place.host), S_ARG(c.key));
}

static bool s3_clone(struct blobs *b, struct blobs *from, const struct blob_item *item, err *e) {
	struct s3 *to = s3_of(b), *source = s3_of(from);
	/* The entity tag of what went up in parts is no checksum of the bytes: the copy would have another. */
	if (from->ops != b->ops || !str_eq(to->place.url, source->place.url) || !str_eq(to->place.key, source->place.key) ||
	    str_empty(to->place.root) || item->size > CLONE_MOST || str_empty(item->proof) || str_chr(item->proof, '-') >= 0)
		return false;
	struct arena *a = arena_new();
	*e = clone_in(to, source, a, item);
	arena_free(&a);
	return true;
}

/* ── the rest ── */

static bool s3_serve_now(struct blobs *b, const struct blob_name *n, struct blob_served *out) { return false; }

static bool s3_address(struct blobs *b, const struct blob_name *n, struct str type, int64_t seconds, struct buf *out) {
	struct s3 *s = s3_of(b);
	struct arena *a = arena_new();
	const struct sigv4_pair query[] = {{S("response-content-type"), type}, {S("response-cache-control"), S("private, max-age=300")}};
	s3_presigned(&s->place, out, s3_key(s, a, n), query, 2, seconds);
	arena_free(&a);
	return true;
}

static int64_t s3_room(struct blobs *b) { return INT64_MAX; }

static void s3_close(struct blobs *b) {
	struct s3 *s = s3_of(b);
	fetcher_free(&s->place.fetcher);
	facts_memory_free(&s->facts);
	pthread_mutex_destroy(&s->place.lock);
	arena_free(&s->arena);
	explicit_bzero(s, sizeof *s);
	free(s);
}

static const struct blob_ops ops = {
    .put = s3_put,
    .look = s3_look,
    .read = s3_read,
    .open = s3_open,
    .serve = s3_serve,
    .serve_now = s3_serve_now,
    .address = s3_address,
    .drop = s3_drop,
    .list = s3_list,
    .clone = s3_clone,
    .settle = s3_settle,
    .room = s3_room,
    .close = s3_close,
};

err blob_s3_open(struct blobs **out, struct str address, const struct store_means *means) {
	struct s3 *s = xcalloc(1, sizeof *s);
	s->blobs.ops = &ops;
	s->arena = arena_new();
	pthread_mutex_init(&s->place.lock, NULL);
	s->place.fetcher = fetcher_new();
	s->facts = facts_memory_new();
	s->spool_dir = arena_str(s->arena, means->spool_dir);
	s->free_floor = means->free_floor;
	s->has_secret = means->site_secret != NULL;
	if (s->has_secret)
		memcpy(s->site_secret, means->site_secret, sizeof s->site_secret);
	err e = s3_url_read(s, address, means);
	*out = &s->blobs;
	if (e)
		blob_close(out);
	return e;
}

err blob_s3_probe(struct blobs *b) {
	if (b->ops != &ops)
		return NULL;
	struct s3 *s = s3_of(b);
	struct arena *a = arena_new();
	S3_CALL_AUTO c = {.method = S("GET"), .fetch.body_fd = -1};
	s3_call_query(&c, S("list-type"), S("2"));
	s3_call_query(&c, S("max-keys"), S("1"));
	err e = s3_call(&s->place, a, &c);
	if (e && c.refused) {
		struct err why = *e;
		e = err_public(ERR_INVALID, "%s", why.cause);
	}
	arena_free(&a);
	return e;
}

/* ── uploads that were never ended ── */

static err give_up(struct s3 *s, struct arena *a, const struct s3_upload *u) {
	S3_CALL_AUTO c = {.method = S("DELETE"), .key = u->key, .fetch.body_fd = -1};
	s3_call_query(&c, S("uploadId"), u->id);
	return s3_call(&s->place, a, &c);
}

static err give_up_old(struct s3 *s, struct arena *a, int *n) {
	S3_CALL_AUTO c = {.method = S("GET"), .fetch.body_fd = -1};
	struct s3_upload *uploads;
	size_t count;
	s3_call_query(&c, S("uploads"), STR_NONE);
	s3_call_query(&c, S("encoding-type"), S("url"));
	if (s->prefix.n)
		s3_call_query(&c, S("prefix"), s->prefix);
	TRY(s3_call(&s->place, a, &c));
	if (c.fetch.status != 200 || !s3_read_uploads(a, buf_str(&c.fetch.reply), &uploads, &count))
		return unexpected(s, &c);
	for (size_t i = 0; i < count; i++) {
		int64_t began = ms_of(a, uploads[i].initiated);
		struct blob_name name;
		bool ours = str_starts(uploads[i].key, s->prefix) && blob_name_read_hex(str_skip(uploads[i].key, s->prefix.n), &name);
		if (!ours || !began || began > clock_ms() - OLD_UPLOAD_MS)
			continue;
		TRY(give_up(s, a, &uploads[i]));
		++*n;
	}
	return NULL;
}

err blob_s3_give_up_old(struct blobs *b, int *n) {
	*n = 0;
	if (b->ops != &ops)
		return NULL;
	struct arena *a = arena_new();
	err e = give_up_old(s3_of(b), a, n);
	arena_free(&a);
	return e;
}
