#include "wire/sigv4.h"

#include "base/must.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct str algorithm = {"AWS4-HMAC-SHA256", 16};

static void hmac(unsigned char out[32], struct str key, struct str text) {
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p, key.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.p, text.n);
	crypto_auth_hmacsha256_final(&state, out);
}

void sigv4_time(int64_t ms, char out[SIGV4_TIME + 1]) {
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	must(gmtime_r(&seconds, &tm) && strftime(out, SIGV4_TIME + 1, "%Y%m%dT%H%M%SZ", &tm) == SIGV4_TIME);
}

static struct str day_of(const struct sigv4_scope *s) { return (struct str){s->time, 8}; }

void sigv4_scope_init(struct sigv4_scope *s, struct str access_key, struct str secret, struct str region, struct str service, int64_t ms) {
	*s = (struct sigv4_scope){.access_key = access_key, .region = region, .service = service};
	sigv4_time(ms, s->time);
	BUF_AUTO first = {0};
	unsigned char *k = s->key.b;
	buf_lit(&first, "AWS4");
	buf_put(&first, secret);
	hmac(k, buf_str(&first), day_of(s));
	sodium_memzero(first.p, first.n);
	hmac(k, str_mem(k, 32), region);
	hmac(k, str_mem(k, 32), service);
	hmac(k, str_mem(k, 32), S("aws4_request"));
}

/* ── the canonical request ── */

static void put_path(struct buf *out, struct str path) {
	while (path.n) {
		ptrdiff_t slash = str_chr(path, '/');
		struct str part = slash < 0 ? path : str_first(path, (size_t)slash);
		buf_url_segment(out, part);
		if (slash >= 0)
			buf_byte(out, '/');
		path = str_skip(path, part.n + (slash >= 0));
	}
}

static int by_name_then_value(const void *a, const void *b) {
	const struct sigv4_pair *x = a, *y = b;
	int d = str_cmp(x->name, y->name);
	return d ? d : str_cmp(x->value, y->value);
}

static int by_header_name(const void *a, const void *b) {
	const struct sigv4_pair *x = *(const struct sigv4_pair *const *)a, *y = *(const struct sigv4_pair *const *)b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	for (size_t i = 0; i < n; i++) {
		int d = (x->name.p[i] | 0x20) - (y->name.p[i] | 0x20);
		if (d)
			return d;
	}
	/* Equal names stay in the order they were given: the array they point into. */
	return x->name.n != y->name.n ? (x->name.n < y->name.n ? -1 : 1) : x < y ? -1 : x > y;
}

/* Sorted by the encoded bytes, as the specification says: encoding changes the order ("~" stands before "%7F" but after "%"). */
static void put_query(struct buf *out, const struct sigv4_pair *query, size_t n) {
	struct sigv4_pair encoded[SIGV4_MAX_PAIRS];
	BUF_AUTO text = {0};
	size_t ends[2 * SIGV4_MAX_PAIRS];
	must(n <= SIGV4_MAX_PAIRS);
	for (size_t i = 0; i < n; i++) {
		buf_url_segment(&text, query[i].name);
		ends[2 * i] = text.n;
		buf_url_segment(&text, query[i].value);
		ends[2 * i + 1] = text.n;
	}
	for (size_t i = 0, at = 0; i < n; at = ends[2 * i++ + 1])
		encoded[i] = (struct sigv4_pair){{text.p + at, ends[2 * i] - at}, {text.p + ends[2 * i], ends[2 * i + 1] - ends[2 * i]}};
	if (n)
		qsort(encoded, n, sizeof *encoded, by_name_then_value);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, '&');
		buf_put(out, encoded[i].name);
		buf_byte(out, '=');
		buf_put(out, encoded[i].value);
	}
}

static void put_lower(struct buf *out, struct str s) {
	for (size_t i = 0; i < s.n; i++)
		buf_byte(out, s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i]);
}

/* Without the spaces around it, and runs of spaces inside as one. */
static void put_header_value(struct buf *out, struct str s) {
	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' || s.p[i - 1] != ' ')
			buf_byte(out, s.p[i]);
}

static void sort_headers(const struct sigv4_request *r, const struct sigv4_pair *sorted[SIGV4_MAX_PAIRS]) {
	must(r->header_count && r->header_count <= SIGV4_MAX_PAIRS);
	for (size_t i = 0; i < r->header_count; i++)
		sorted[i] = &r->headers[i];
	qsort(sorted, r->header_count, sizeof *sorted, by_header_name);
}

static void put_headers(struct buf *out, const struct sigv4_request *r) {
	const struct sigv4_pair *sorted[SIGV4_MAX_PAIRS];
	sort_headers(r, sorted);
	for (size_t i = 0; i < r->header_count; i++) {
		bool again = i && str_eq_ci(sorted[i]->name, sorted[i - 1]->name);
		if (i)
			buf_byte(out, again ? ',' : '\n');
		if (!again) {
			put_lower(out, sorted[i]->name);
			buf_byte(out, ':');
		}
		put_header_value(out, sorted[i]->value);
	}
	buf_byte(out, '\n');
}

static void put_signed_names(struct buf *out, const struct sigv4_request *r) {
	const struct sigv4_pair *sorted[SIGV4_MAX_PAIRS];
	sort_headers(r, sorted);
	for (size_t i = 0; i < r->header_count; i++) {
		if (i && str_eq_ci(sorted[i]->name, sorted[i - 1]->name))
			continue;
		if (i)
			buf_byte(out, ';');
		put_lower(out, sorted[i]->name);
	}
}

void sigv4_target(struct buf *out, const struct sigv4_request *r) {
	put_path(out, r->path);
	if (r->query_count) {
		buf_byte(out, '?');
		put_query(out, r->query, r->query_count);
	}
}

void sigv4_canonical(struct buf *out, const struct sigv4_request *r) {
	buf_put(out, r->method);
	buf_byte(out, '\n');
	put_path(out, r->path);
	buf_byte(out, '\n');
	put_query(out, r->query, r->query_count);
	buf_byte(out, '\n');
	put_headers(out, r);
	buf_byte(out, '\n');
	put_signed_names(out, r);
	buf_byte(out, '\n');
	buf_put(out, r->payload);
}

/* ── signing ── */

/* "20130524/us-east-1/s3/aws4_request" */
static void put_scope(struct buf *out, const struct sigv4_scope *s) {
	buf_put(out, day_of(s));
	buf_byte(out, '/');
	buf_put(out, s->region);
	buf_byte(out, '/');
	buf_put(out, s->service);
	buf_lit(out, "/aws4_request");
}

static void put_signature(struct buf *out, const struct sigv4_scope *s, const struct sigv4_request *r) {
	BUF_AUTO text = {0};
	BUF_AUTO canonical = {0};
	unsigned char hash[32];
	sigv4_canonical(&canonical, r);
	crypto_hash_sha256(hash, (const unsigned char *)canonical.p, canonical.n);
	buf_put(&text, algorithm);
	buf_byte(&text, '\n');
	buf_put(&text, str_of(s->time));
	buf_byte(&text, '\n');
	put_scope(&text, s);
	buf_byte(&text, '\n');
	buf_hex(&text, str_mem(hash, sizeof hash));
	hmac(hash, str_mem(s->key.b, sizeof s->key.b), buf_str(&text));
	buf_hex(out, str_mem(hash, sizeof hash));
}

void sigv4_authorization(struct buf *out, const struct sigv4_scope *s, const struct sigv4_request *r) {
	buf_put(out, algorithm);
	buf_lit(out, " Credential=");
	buf_put(out, s->access_key);
	buf_byte(out, '/');
	put_scope(out, s);
	buf_lit(out, ",SignedHeaders=");
	put_signed_names(out, r);
	buf_lit(out, ",Signature=");
	put_signature(out, s, r);
}

void sigv4_presigned(struct buf *out, const struct sigv4_scope *s, const struct sigv4_request *r, int64_t seconds) {
	struct sigv4_pair query[SIGV4_MAX_PAIRS];
	struct sigv4_request full = *r;
	BUF_AUTO credential = {0};
	BUF_AUTO names = {0};
	BUF_AUTO span = {0};
	must(seconds >= 1 && seconds <= SIGV4_MAX_SECONDS && r->query_count + 5 <= SIGV4_MAX_PAIRS);
	buf_put(&credential, s->access_key);
	buf_byte(&credential, '/');
	put_scope(&credential, s);
	put_signed_names(&names, r);
	buf_i64(&span, seconds);
	if (r->query_count)
		memcpy(query, r->query, r->query_count * sizeof *query);
	struct sigv4_pair more[] = {
	    {S("X-Amz-Algorithm"), algorithm},    {S("X-Amz-Credential"), buf_str(&credential)}, {S("X-Amz-Date"), str_of(s->time)},
	    {S("X-Amz-Expires"), buf_str(&span)}, {S("X-Amz-SignedHeaders"), buf_str(&names)},
	};
	memcpy(query + r->query_count, more, sizeof more);
	full.query = query;
	full.query_count = r->query_count + sizeof more / sizeof *more;
	full.payload = S("UNSIGNED-PAYLOAD");
	sigv4_target(out, &full);
	buf_lit(out, "&X-Amz-Signature=");
	put_signature(out, s, &full);
}
