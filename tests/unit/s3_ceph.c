/* blob/s3 against a real object store: Ceph's radosgw, which TEST_S3 names (tests/ceph starts one). */
#include "base/clock.h"
#include "base/vec.h"
#include "blob/files.h"
#include "blob/s3.h"
#include "blob/s3_inside.h"
#include "wire/s3.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char site_secret[32] = "what all names are made with....";

static void ok(err e) {
	if (e)
		fail_msg("%s: %s", e->text, e->cause);
}

static const char *store_url(void) {
	const char *url = getenv("TEST_S3");
	if (!url)
		skip();
	return url + strlen("http://");
}

static struct blobs *open_store(struct arena *a, const char *bucket, const char *key, const char *secret) {
	struct blobs *b;
	struct store_means means = {.key = str_of(key), .secret = str_of(secret), .site_secret = site_secret, .spool_dir = S("/tmp")};
	ok(blob_store_open(&b, arena_printf(a, "s3://%s/%s?tls=no", store_url(), bucket), &means));
	return b;
}

/* One call of the bucket or of a key, as it is; the answer's status. */
static int call(struct s3 *s, struct arena *a, const char *method, const char *key, struct str body, struct buf *out) {
	S3_CALL_AUTO c = {.method = str_of(method), .key = str_of(key), .fetch.body_fd = -1, .fetch.body = body};
	ok(s3_call(&s->place, a, &c));
	if (out)
		buf_put(out, buf_str(&c.fetch.reply));
	return c.fetch.status;
}

struct bed {
	struct arena *a;
	struct blobs *b;
	struct s3 *s;
};

static int make_bed(void **state) {
	static int beds;
	static struct bed bed;
	if (!getenv("TEST_S3"))
		return 0;
	char bucket[32];
	snprintf(bucket, sizeof bucket, "bucket-%d", ++beds);
	bed.a = arena_new();
	bed.b = open_store(bed.a, bucket, "testaccess", "testsecret");
	bed.s = s3_of(bed.b);
	assert_int_equal(call(bed.s, bed.a, "PUT", "", STR_NONE, NULL), 200);
	*state = &bed;
	return 0;
}

static int remove_bed(void **state) {
	struct bed *bed = *state;
	if (bed) {
		blob_close(&bed->b);
		arena_free(&bed->a);
	}
	return 0;
}

static struct bed *bed_of(void **state) {
	store_url();
	return *state;
}

/* ── keys ── */

static const char *const awkward[] = {
    "plain",
    "a b",
    "a+b",
    "a=b",
    "a:b,c(d)e!f'g*h~i",
    "100%",
    "%41",
    "a?b#c",
    "a&b;c@d$e",
    "sub/dir/",
    "//",
    "a//b",
    "a/./b/../c",
    "..",
    ".",
    "\xc3\xa4\xe2\x82\xac",
    "\xf0\x9f\x90\xb8",
    "\"quoted\"",
    "back\\slash",
    "<tag>&amp;",
    "[x]{y}|z^`",
    "tab\there",
    "new\nline",
    "\x01\x1f\x7f",
    "-_.~",
    "=",
    "?",
    "%2F",
    " lead and trail ",
};

static void keys_of_every_awkward_character_are_put_read_listed_and_deleted(void **state) {
	struct bed *bed = bed_of(state);
	for (size_t i = 0; i < COUNT(awkward); i++) {
		BUF_AUTO back = {0};
		struct str body = str_of(awkward[i]);
		if (call(bed->s, bed->a, "PUT", awkward[i], body, NULL) != 200)
			fail_msg("put %s", awkward[i]);
		if (call(bed->s, bed->a, "GET", awkward[i], STR_NONE, &back) != 200 || !str_eq(buf_str(&back), body))
			fail_msg("get %s", awkward[i]);
	}
	S3_CALL_AUTO c = {.method = S("GET"), .fetch.body_fd = -1};
	struct s3_listing l;
	s3_call_query(&c, S("list-type"), S("2"));
	s3_call_query(&c, S("encoding-type"), S("url"));
	ok(s3_call(&bed->s->place, bed->a, &c));
	assert_true(s3_read_listing(bed->a, buf_str(&c.fetch.reply), &l));
	assert_int_equal(l.n, COUNT(awkward));
	for (size_t i = 0; i < l.n; i++) {
		size_t k = 0;
		while (k < COUNT(awkward) && !str_eq(l.items[i].key, str_of(awkward[k])))
			k++;
		if (k == COUNT(awkward))
			fail_msg("listed: %.*s", S_ARG(l.items[i].key));
		assert_int_equal(call(bed->s, bed->a, "DELETE", awkward[k], STR_NONE, NULL), 204);
		assert_int_equal(call(bed->s, bed->a, "GET", awkward[k], STR_NONE, NULL), 404);
	}
}

/* ── blobs ── */

static struct str made(struct arena *a, size_t n, unsigned seed) {
	unsigned char *p = arena_alloc(a, n + 1);
	for (size_t i = 0; i < n; i++)
		p[i] = (unsigned char)((seed = seed * 1103515245 + 12345) >> 16);
	return str_mem(p, n);
}

static err collect(void *ctx, struct str bytes) {
	buf_put(ctx, bytes);
	return NULL;
}

static void assert_read(struct blobs *b, const struct blob_name *n, int64_t offset, int64_t length, struct str expected) {
	BUF_AUTO got = {0};
	ok(blob_read(b, n, offset, length, collect, &got));
	if (!str_eq(buf_str(&got), expected))
		fail_msg("read %lld + %lld gives %zu other bytes", (long long)offset, (long long)length, got.n);
}

static void blobs_of_every_length_come_back_whole_and_in_parts(void **state) {
	struct bed *bed = bed_of(state);
	static const size_t sizes[] = {0, 1, 50000, 1 << 20, (1 << 20) + 1, 5 * 1000 * 1000};
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct blob_name n;
		struct str bytes = made(bed->a, sizes[i], (unsigned)i);
		bool there;
		int64_t size;
		int fd;
		blob_name_of(site_secret, bytes, &n);
		ok(blob_look(bed->b, &n, &there, &size));
		assert_false(there);
		ok(blob_put(bed->b, &n, bytes));
		ok(blob_put(bed->b, &n, bytes));
		ok(blob_look(bed->b, &n, &there, &size));
		assert_true(there && size == (int64_t)sizes[i]);
		assert_read(bed->b, &n, 0, -1, bytes);
		if (sizes[i] > 3)
			assert_read(bed->b, &n, (int64_t)sizes[i] / 3, (int64_t)sizes[i] / 2,
			            str_first(str_skip(bytes, sizes[i] / 3), sizes[i] / 2));
		ok(blob_open(bed->b, &n, &fd, &size));
		struct blob_name again;
		ok(blob_name_of_file(site_secret, fd, &again, &size));
		assert_memory_equal(again.b, n.b, BLOB_NAME);
		close(fd);
		ok(blob_drop(bed->b, &n));
		ok(blob_drop(bed->b, &n));
		BUF_AUTO nothing = {0};
		assert_int_equal(blob_read(bed->b, &n, 0, -1, collect, &nothing)->code, ERR_NOT_FOUND);
	}
}

static long peak_kib(void) {
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void a_film_goes_up_and_down_in_parts_in_constant_memory(void **state) {
	struct bed *bed = bed_of(state);
	int64_t size = (int64_t)(getenv("LONG") && *getenv("LONG") ? 6144 : 80) << 20, found;
	char path[] = "/tmp/freehold-s3-XXXXXX";
	int fd = mkstemp(path), back;
	unlink(path);
	struct str block = made(bed->a, 1 << 20, 7);
	for (int64_t at = 0; at < size; at += 1 << 20) {
		assert_int_equal(pwrite(fd, block.p, block.n, at), block.n);
		assert_int_equal(pwrite(fd, &at, sizeof at, at), sizeof at);
	}
	struct blob_name n, again;
	ok(blob_name_of_file(site_secret, fd, &n, &found));
	long before = peak_kib();
	ok(blob_put_file(bed->b, &n, fd, size));
	ok(blob_open(bed->b, &n, &back, &found));
	assert_int_equal(found, size);
	assert_true(peak_kib() - before < 20 * 1024);
	ok(blob_name_of_file(site_secret, back, &again, &found));
	assert_memory_equal(again.b, n.b, BLOB_NAME);
	close(back);
	close(fd);
	int left;
	ok(blob_s3_give_up_old(bed->b, &left));
	assert_int_equal(left, 0);
	ok(blob_drop(bed->b, &n));
}

struct seen {
	struct blob_name last;
	size_t n;
	int64_t bytes;
};

static err see(void *ctx, const struct blob_item *item) {
	struct seen *seen = ctx;
	assert_true(!seen->n || memcmp(item->name.b, seen->last.b, BLOB_NAME) > 0);
	assert_int_equal(item->proof.n, 34);
	seen->last = item->name;
	seen->n++;
	seen->bytes += item->size;
	return NULL;
}

static void a_listing_goes_over_pages_and_begins_where_it_is_told(void **state) {
	struct bed *bed = bed_of(state);
	enum { MANY = 1100 };
	struct blob_name *names = arena_many(bed->a, struct blob_name, MANY);
	for (int i = 0; i < MANY; i++) {
		struct str bytes = str_mem(&i, sizeof i);
		blob_name_of(site_secret, bytes, &names[i]);
		ok(blob_put(bed->b, &names[i], bytes));
	}
	assert_int_equal(call(bed->s, bed->a, "PUT", "not one of ours", S("x"), NULL), 200);
	struct seen all = {0}, rest = {0};
	ok(blob_list(bed->b, NULL, see, &all));
	assert_int_equal(all.n, MANY);
	assert_int_equal(all.bytes, MANY * 4);
	size_t after = 0;
	for (int i = 0; i < MANY; i++)
		after += memcmp(names[i].b, names[0].b, BLOB_NAME) > 0;
	ok(blob_list(bed->b, &names[0], see, &rest));
	assert_int_equal(rest.n, after);
	ok(blob_drop_many(bed->b, names, MANY));
	struct seen none = {0};
	ok(blob_list(bed->b, NULL, see, &none));
	assert_int_equal(none.n, 0);
}

/* ── a store that is not what it was ── */

static void a_changed_object_is_never_read(void **state) {
	struct bed *bed = bed_of(state);
	struct str bytes = made(bed->a, 3 << 20, 3);
	struct blob_name n;
	BUF_AUTO got = {0};
	blob_name_of(site_secret, bytes, &n);
	ok(blob_put(bed->b, &n, bytes));
	assert_read(bed->b, &n, 100, 10, str_first(str_skip(bytes, 100), 10));
	struct str key = s3_key(bed->s, bed->a, &n);
	char *other = arena_alloc(bed->a, bytes.n);
	memcpy(other, bytes.p, bytes.n);
	other[2000000] ^= 1;
	assert_int_equal(call(bed->s, bed->a, "PUT", key.p, str_mem(other, bytes.n), NULL), 200);
	assert_int_equal(blob_read(bed->b, &n, 0, 1, collect, &got)->code, ERR_STORE);
	assert_int_equal(got.n, 0);
	assert_int_equal(call(bed->s, bed->a, "PUT", key.p, str_first(bytes, 1000), NULL), 200);
	assert_int_equal(blob_read(bed->b, &n, 0, 1, collect, &got)->code, ERR_STORE);
	/* Somebody else's tool put the right bytes back, without our checksums. */
	assert_int_equal(call(bed->s, bed->a, "PUT", key.p, bytes, NULL), 200);
	assert_read(bed->b, &n, 2000000, 10, str_first(str_skip(bytes, 2000000), 10));
	assert_int_equal(call(bed->s, bed->a, "DELETE", key.p, STR_NONE, NULL), 204);
	assert_int_equal(blob_read(bed->b, &n, 2000000, 10, collect, &got)->code, ERR_NOT_FOUND);
}

/* ── keys, buckets, clocks ── */

static void assert_probe_says(const char *bucket, const char *key, const char *secret, const char *words) {
	struct arena *a = arena_new();
	struct blobs *b = open_store(a, bucket, key, secret);
	err e = blob_s3_probe(b);
	assert_non_null(e);
	assert_int_equal(e->code, ERR_INVALID);
	if (str_find(str_of(e->text), str_of(words)) < 0)
		fail_msg("%s", e->text);
	assert_true(str_find(str_of(e->text), S("testsecret")) < 0);
	blob_close(&b);
	arena_free(&a);
}

static void wrong_keys_and_buckets_are_named(void **state) {
	struct bed *bed = bed_of(state);
	ok(blob_s3_probe(bed->b));
	assert_probe_says(bed->s->place.bucket.p, "nobody", "testsecret", "does not know the access key nobody");
	assert_probe_says(bed->s->place.bucket.p, "testaccess", "wrong", "does not belong to the access key testaccess");
	assert_probe_says("no-such-bucket", "testaccess", "testsecret", "no bucket no-such-bucket");
}

static void a_clock_that_is_20_minutes_off_is_told_by_the_store(void **state) {
	struct bed *bed = bed_of(state);
	struct sigv4_scope scope;
	struct fetch x = {.method = S("GET"), .url = bed->s->place.url, .target = S("/"), .body_fd = -1, .reply_max = 4096};
	BUF_AUTO authorization = {0};
	const struct str unsigned_payload = S("UNSIGNED-PAYLOAD");
	sigv4_scope_init(&scope, S("testaccess"), S("testsecret"), S("us-east-1"), S("s3"), clock_ms() - 20 * 60 * 1000);
	const struct sigv4_pair headers[] = {
	    {S("host"), bed->s->place.host}, {S("x-amz-content-sha256"), unsigned_payload}, {S("x-amz-date"), str_of(scope.time)}};
	sigv4_authorization(&authorization, &scope, &(struct sigv4_request){S("GET"), S("/"), NULL, headers, 0, 3, unsigned_payload});
	struct str lines[] = {arena_printf(bed->a, "Authorization: %.*s", S_ARG(buf_str(&authorization))),
	                      arena_printf(bed->a, "x-amz-date: %s", scope.time), S("x-amz-content-sha256: UNSIGNED-PAYLOAD")};
	x.headers = lines;
	x.header_count = 3;
	ok(fetch_run(bed->s->place.fetcher, &x));
	assert_int_equal(x.status, 403);
	assert_true(str_find(buf_str(&x.reply), S("RequestTimeTooSkewed")) >= 0);
	int64_t off = fetch_date(&x) - clock_ms();
	assert_true(off > -10000 && off < 10000);
	fetch_free(&x);
}

static void a_presigned_address_serves_it_to_anybody_until_it_is_over(void **state) {
	struct bed *bed = bed_of(state);
	struct blob_name n;
	BUF_AUTO address = {0};
	blob_name_of(site_secret, S("a picture"), &n);
	ok(blob_put(bed->b, &n, S("a picture")));
	assert_true(blob_address(bed->b, &n, S("image/webp"), 2, &address));
	struct fetch x = {.method = S("GET"), .url = bed->s->place.url, .body_fd = -1, .reply_max = 4096};
	x.target = str_skip(buf_str(&address), x.url.n);
	ok(fetch_run(bed->s->place.fetcher, &x));
	assert_int_equal(x.status, 200);
	assert_true(str_eq(buf_str(&x.reply), S("a picture")));
	assert_true(str_eq(fetch_header(&x, S("content-type")), S("image/webp")));
	sleep(3);
	ok(fetch_run(bed->s->place.fetcher, &x));
	assert_int_equal(x.status, 403);
	fetch_free(&x);
}

static void a_store_copies_inside_itself_and_the_checksum_is_compared(void **state) {
	struct bed *bed = bed_of(state);
	struct blobs *to = open_store(bed->a, "copies", "testaccess", "testsecret");
	struct str bytes = made(bed->a, 100000, 1), etag;
	struct blob_item item = {.size = 100000};
	err e;
	assert_int_equal(call(s3_of(to), bed->a, "PUT", "", STR_NONE, NULL), 200);
	blob_name_of(site_secret, bytes, &item.name);
	ok(blob_put(bed->b, &item.name, bytes));
	S3_CALL_AUTO c = {.method = S("HEAD"), .key = s3_key(bed->s, bed->a, &item.name), .fetch.body_fd = -1};
	ok(s3_call(&bed->s->place, bed->a, &c));
	etag = fetch_header(&c.fetch, S("etag"));
	item.proof = etag;
	assert_true(blob_clone(to, bed->b, &item, &e));
	ok(e);
	assert_read(to, &item.name, 0, -1, bytes);
	item.proof = S("\"00000000000000000000000000000000\"");
	assert_true(blob_clone(to, bed->b, &item, &e));
	assert_non_null(e);
	blob_close(&to);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(keys_of_every_awkward_character_are_put_read_listed_and_deleted, make_bed, remove_bed),
	    cmocka_unit_test_setup_teardown(blobs_of_every_length_come_back_whole_and_in_parts, make_bed, remove_bed),
	    cmocka_unit_test_setup_teardown(a_film_goes_up_and_down_in_parts_in_constant_memory, make_bed, remove_bed),
	    cmocka_unit_test_setup_teardown(a_listing_goes_over_pages_and_begins_where_it_is_told, make_bed, remove_bed),
	    cmocka_unit_test_setup_teardown(a_changed_object_is_never_read, make_bed, remove_bed),
	    cmocka_unit_test_setup_teardown(wrong_keys_and_buckets_are_named, make_bed, remove_bed),
	    cmocka_unit_test_setup_teardown(a_clock_that_is_20_minutes_off_is_told_by_the_store, make_bed, remove_bed),
	    cmocka_unit_test_setup_teardown(a_presigned_address_serves_it_to_anybody_until_it_is_over, make_bed, remove_bed),
	    cmocka_unit_test_setup_teardown(a_store_copies_inside_itself_and_the_checksum_is_compared, make_bed, remove_bed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
