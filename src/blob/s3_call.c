#include "blob/s3_call.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/must.h"
#include "wire/s3.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <time.h>

static const struct str payload_header = {"x-amz-content-sha256", 20}, date_header = {"x-amz-date", 10};

static void add(struct sigv4_pair *pairs, size_t *n, size_t room, struct str name, struct str value) {
	must(*n < room);
	pairs[(*n)++] = (struct sigv4_pair){name, value};
}

void s3_call_query(struct s3_call *c, struct str name, struct str value) {
	add(c->query, &c->query_count, sizeof c->query / sizeof *c->query, name, value);
}

void s3_call_header(struct s3_call *c, struct str name, struct str value) {
	add(c->headers, &c->header_count, sizeof c->headers / sizeof *c->headers, name, value);
}

void s3_call_free(struct s3_call *c) { fetch_free(&c->fetch); }

/* ── signing ── */

static struct sigv4_scope scope_now(struct s3_place *p) {
	char now[SIGV4_TIME + 1];
	int64_t ms = clock_ms();
	sigv4_time(ms, now);
	pthread_mutex_lock(&p->lock);
	if (memcmp(p->scope.time, now, 8) != 0)
		sigv4_scope_init(&p->scope, p->key, p->secret, p->region, S("s3"), ms);
	struct sigv4_scope s = p->scope;
	pthread_mutex_unlock(&p->lock);
	memcpy(s.time, now, sizeof now);
	return s;
}

static struct str path_of(const struct s3_place *p, struct arena *a, struct str key) {
	return arena_printf(a, "%.*s/%.*s", S_ARG(p->root), S_ARG(key));
}

static struct str hash_of(struct arena *a, struct str body) {
	unsigned char hash[32];
	BUF_AUTO hex = {0};
	must(EVP_Digest(body.p ? body.p : "", body.n, hash, NULL, EVP_sha256(), NULL));
	buf_hex(&hex, str_mem(hash, sizeof hash));
	return arena_str(a, buf_str(&hex));
}

/* The request as it leaves: signed for this very moment. */
static void sign(struct s3_place *p, struct arena *a, struct s3_call *c, struct str payload) {
	struct sigv4_scope scope = scope_now(p);
	struct sigv4_pair headers[16] = {{S("host"), p->host}, {date_header, str_of(scope.time)}, {payload_header, payload}};
	size_t n = 3;
	for (size_t i = 0; i < c->header_count; i++)
		headers[n++] = c->headers[i];
	struct sigv4_request r = {c->method, path_of(p, a, c->key), c->query, headers, c->query_count, n, payload};
	BUF_AUTO target = {0};
	BUF_AUTO authorization = {0};
	sigv4_target(&target, &r);
	sigv4_authorization(&authorization, &scope, &r);
	struct str *lines = arena_many(a, struct str, n + 1);
	for (size_t i = 1; i < n; i++)
		lines[i - 1] = arena_printf(a, "%.*s: %.*s", S_ARG(headers[i].name), S_ARG(headers[i].value));
	lines[n - 1] = arena_printf(a, "Authorization: %.*s", S_ARG(buf_str(&authorization)));
	c->fetch.method = c->method;
	c->fetch.url = p->url;
	c->fetch.ca_file = p->ca_file;
	c->fetch.target = arena_str(a, buf_str(&target));
	c->fetch.headers = lines;
	c->fetch.header_count = n;
}

void s3_presigned(struct s3_place *p, struct buf *out, struct str key, const struct sigv4_pair *query, size_t n, int64_t seconds) {
	struct sigv4_scope scope = scope_now(p);
	struct arena *a = arena_new();
	const struct sigv4_pair host = {S("host"), p->host};
	buf_put(out, p->url);
	sigv4_presigned(out, &scope, &(struct sigv4_request){S("GET"), path_of(p, a, key), query, &host, n, 1, STR_NONE}, seconds);
	arena_free(&a);
}

/* ── answers ── */

static err refused(const struct s3_place *p, const struct fetch *x, struct str code) {
	if (str_eq(code, S("RequestTimeTooSkewed")) || str_eq(code, S("RequestExpired"))) {
		long long seconds = (long long)((clock_ms() - fetch_date(x)) / 1000), off = seconds < 0 ? -seconds : seconds;
		return err_private(ERR_UNAVAILABLE,
		                   "%.*s refuses requests because this machine's clock is %lld min %lld s %s: set it (timedatectl)",
		                   S_ARG(p->host), off / 60, off % 60, seconds < 0 ? "slow" : "fast");
	}
	if (str_eq(code, S("NoSuchBucket")))
		return err_private(ERR_UNAVAILABLE, "%.*s has no bucket %.*s", S_ARG(p->host), S_ARG(p->bucket));
	if (str_eq(code, S("InvalidAccessKeyId")))
		return err_private(ERR_UNAVAILABLE, "%.*s does not know the access key %.*s", S_ARG(p->host), S_ARG(p->key));
	if (str_eq(code, S("SignatureDoesNotMatch")))
		return err_private(ERR_UNAVAILABLE, "%.*s says that the secret does not belong to the access key %.*s", S_ARG(p->host),
		                   S_ARG(p->key));
	return err_private(ERR_UNAVAILABLE, "%.*s refuses: %.*s (%d)", S_ARG(p->host), S_ARG(code), x->status);
}

static struct str code_of(struct arena *a, const struct fetch *x) {
	struct str code = STR_NONE;
	s3_read_value(a, buf_str(&x->reply), S("Error"), S("Code"), &code);
	return code;
}

static bool is_answer(int status, struct str code) {
	return status / 100 == 2 || status == 304 || status == 412 || status == 416 || (status == 404 && !str_eq(code, S("NoSuchBucket")));
}

static bool may_pass(int status, struct str code) {
	return status >= 500 || status == 429 || status == 408 || str_eq(code, S("RequestTimeout")) || str_eq(code, S("SlowDown")) ||
	       str_eq(code, S("BadDigest")) || str_eq(code, S("XAmzContentSHA256Mismatch"));
}

/* One try; *again when another may do better. */
static err try_once(struct s3_place *p, struct arena *a, struct s3_call *c, struct str payload, bool *again) {
	struct fetch *x = &c->fetch;
	sign(p, a, c, payload);
	err e = fetch_run(p->fetcher, x);
	*again = x->again;
	if (e)
		return e;
	struct str code = x->status < 300 ? STR_NONE : code_of(a, x);
	if (is_answer(x->status, code))
		return NULL;
	*again = may_pass(x->status, code);
	c->refused = !*again;
	if (*again)
		return err_private(ERR_UNAVAILABLE, "%.*s answers %d %.*s", S_ARG(p->host), x->status, S_ARG(code));
	return refused(p, x, code);
}

static void pause_before(int tries) {
	int64_t ms = (int64_t)S3_FIRST_PAUSE_MS << tries;
	uint16_t jitter;
	random_bytes(&jitter, sizeof jitter);
	ms = ms < S3_LAST_PAUSE_MS ? ms : S3_LAST_PAUSE_MS;
	ms = ms / 2 + ms / 2 * jitter / 65536;
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

err s3_call(struct s3_place *p, struct arena *a, struct s3_call *c) {
	struct str payload = c->payload.n ? c->payload : hash_of(a, c->fetch.body);
	int64_t began = clock_mono_ms();
	if (!c->fetch.reply_max)
		c->fetch.reply_max = S3_ANSWER_MAX;
	for (int tries = 0;; tries++) {
		bool again;
		err e = try_once(p, a, c, payload, &again);
		if (!e || !again || tries + 1 == S3_TRIES || clock_mono_ms() - began > S3_GIVE_UP_MS)
			return e;
		log_debug("%.*s %.*s: %s; once more", S_ARG(c->method), S_ARG(c->key), e->cause);
		if (c->again)
			c->again(c->fetch.sink_ctx);
		pause_before(tries);
	}
}
