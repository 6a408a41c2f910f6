/* wire/sigv4, wire/xml and wire/s3 on published values: the AWS Signature Version 4 test suite, the examples of the Amazon S3 API
 * reference. */
#include "wire/sigv4.h"
#include "wire/s3.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define assert_str(s, lit) assert_true(str_eq((s), S(lit)))
#define COUNT(a) (sizeof(a) / sizeof *(a))

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static struct str signature_of(struct buf *header) {
	struct str s = buf_str(header);
	return str_skip(s, (size_t)str_find(s, S("Signature=")) + 10);
}

/* ── the test suite: AKIDEXAMPLE, us-east-1, a service called "service", 2015-08-30T12:36:00Z ── */

static const int64_t suite_ms = 1440938160000;

static void the_test_suite_is_signed_as_published(void **state) {
	static const struct sigv4_pair plain[] = {{{"Host", 4}, {"example.amazonaws.com", 21}},
	                                          {{"X-Amz-Date", 10}, {"20150830T123600Z", 16}}};
	static const struct sigv4_pair sorted[] = {{{"Host", 4}, {"example.amazonaws.com", 21}},
	                                           {{"My-Header1", 10}, {"value1", 6}},
	                                           {{"X-Amz-Date", 10}, {"20150830T123600Z", 16}}};
	static const struct sigv4_pair spaces[] = {{{"Host", 4}, {"example.amazonaws.com", 21}},
	                                           {{"My-Header1", 10}, {" value1", 7}},
	                                           {{"My-Header2", 10}, {" \"a   b   c\"", 12}},
	                                           {{"X-Amz-Date", 10}, {"20150830T123600Z", 16}}};
	static const struct sigv4_pair twice[] = {{{"Host", 4}, {"example.amazonaws.com", 21}},
	                                          {{"My-Header1", 10}, {"value2", 6}},
	                                          {{"My-Header1", 10}, {"value2", 6}},
	                                          {{"My-Header1", 10}, {"value1", 6}},
	                                          {{"X-Amz-Date", 10}, {"20150830T123600Z", 16}}};
	static const struct sigv4_pair form[] = {{{"Content-Type", 12}, {"application/x-www-form-urlencoded", 33}},
	                                         {{"Host", 4}, {"example.amazonaws.com", 21}},
	                                         {{"X-Amz-Date", 10}, {"20150830T123600Z", 16}}};
	static const struct sigv4_pair one[] = {{{"Param1", 6}, {"value1", 6}}};
	static const struct sigv4_pair keys[] = {{{"Param2", 6}, {"value2", 6}}, {{"Param1", 6}, {"value1", 6}}};
	static const struct sigv4_pair values[] = {{{"Param1", 6}, {"value2", 6}}, {{"Param1", 6}, {"value1", 6}}};
	static const struct sigv4_pair utf8[] = {{{"\xe1\x88\xb4", 3}, {"bar", 3}}};
	static const struct {
		const char *name, *method, *path;
		const struct sigv4_pair *query;
		size_t query_count;
		const struct sigv4_pair *headers;
		size_t header_count;
		const char *payload, *signature;
	} cases[] = {
	    {"get-vanilla", "GET", "/", NULL, 0, plain, COUNT(plain), EMPTY,
	     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
	    {"post-vanilla", "POST", "/", NULL, 0, plain, COUNT(plain), EMPTY,
	     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
	    {"get-vanilla-empty-query-key", "GET", "/", one, 1, plain, COUNT(plain), EMPTY,
	     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
	    {"get-vanilla-query-order-key-case", "GET", "/", keys, 2, plain, COUNT(plain), EMPTY,
	     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
	    {"get-vanilla-query-order-value", "GET", "/", values, 2, plain, COUNT(plain), EMPTY,
	     "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
	    {"get-vanilla-utf8-query", "GET", "/", utf8, 1, plain, COUNT(plain), EMPTY,
	     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
	    {"get-utf8", "GET", "/\xe1\x88\xb4", NULL, 0, plain, COUNT(plain), EMPTY,
	     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
	    {"get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", NULL, 0, plain, COUNT(plain),
	     EMPTY, "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
	    {"post-header-key-sort", "POST", "/", NULL, 0, sorted, COUNT(sorted), EMPTY,
	     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
	    {"get-header-value-trim", "GET", "/", NULL, 0, spaces, COUNT(spaces), EMPTY,
	     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
	    {"get-header-key-duplicate", "GET", "/", NULL, 0, twice, COUNT(twice), EMPTY,
	     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
	    {"post-x-www-form-urlencoded", "POST", "/", NULL, 0, form, COUNT(form),
	     "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
	     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sigv4_scope scope;
		BUF_AUTO header = {0};
		sigv4_scope_init(&scope, S("AKIDEXAMPLE"), S("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), S("us-east-1"), S("service"),
		                 suite_ms);
		struct sigv4_request r = {str_of(cases[i].method), str_of(cases[i].path), cases[i].query,          cases[i].headers,
		                          cases[i].query_count,    cases[i].header_count, str_of(cases[i].payload)};
		sigv4_authorization(&header, &scope, &r);
		if (!str_eq(signature_of(&header), str_of(cases[i].signature)))
			fail_msg("%s: %.*s", cases[i].name, (int)header.n, header.p);
	}
}

static void equal_headers_are_joined_in_their_order(void **state) {
	static const struct sigv4_pair headers[] = {
	    {{"b", 1}, {"2", 1}}, {{"Host", 4}, {"h", 1}}, {{"A", 1}, {" x  y ", 6}}, {{"B", 1}, {"1", 1}}};
	struct sigv4_request r = {S("GET"), S("/"), NULL, headers, 0, COUNT(headers), S("p")};
	BUF_AUTO text = {0};
	sigv4_canonical(&text, &r);
	assert_str(buf_str(&text), "GET\n/\n\na:x y\nb:2,1\nhost:h\n\na;b;host\np");
}

/* ── the examples of the Amazon S3 API reference: AKIAIOSFODNN7EXAMPLE, 2013-05-24T00:00:00Z ── */

static const int64_t s3_ms = 1369353600000;
static const struct sigv4_pair s3_host = {{"Host", 4}, {"examplebucket.s3.amazonaws.com", 30}};
static const struct sigv4_pair s3_date = {{"x-amz-date", 10}, {"20130524T000000Z", 16}};

static void s3_scope(struct sigv4_scope *scope) {
	sigv4_scope_init(scope, S("AKIAIOSFODNN7EXAMPLE"), S("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), S("us-east-1"), S("s3"), s3_ms);
}

static void assert_signed(const struct sigv4_request *r, const char *signature) {
	struct sigv4_scope scope;
	BUF_AUTO header = {0};
	s3_scope(&scope);
	sigv4_authorization(&header, &scope, r);
	if (!str_eq(signature_of(&header), str_of(signature)))
		fail_msg("%.*s", (int)header.n, header.p);
}

static void the_s3_examples_are_signed_as_published(void **state) {
	const struct sigv4_pair sha = {S("x-amz-content-sha256"), S(EMPTY)};
	const struct str put_sha = S("44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
	const struct sigv4_pair get[] = {s3_host, {S("Range"), S("bytes=0-9")}, sha, s3_date};
	const struct sigv4_pair put[] = {s3_host,
	                                 {S("Date"), S("Fri, 24 May 2013 00:00:00 GMT")},
	                                 s3_date,
	                                 {S("x-amz-storage-class"), S("REDUCED_REDUNDANCY")},
	                                 {S("x-amz-content-sha256"), put_sha}};
	const struct sigv4_pair plain[] = {s3_host, sha, s3_date};
	const struct sigv4_pair lifecycle[] = {{S("lifecycle"), STR_NONE}}, list[] = {{S("max-keys"), S("2")}, {S("prefix"), S("J")}};
	assert_signed(&(struct sigv4_request){S("GET"), S("/test.txt"), NULL, get, 0, 4, S(EMPTY)},
	              "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
	assert_signed(&(struct sigv4_request){S("PUT"), S("/test$file.text"), NULL, put, 0, 5, put_sha},
	              "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
	assert_signed(&(struct sigv4_request){S("GET"), S("/"), lifecycle, plain, 1, 3, S(EMPTY)},
	              "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
	assert_signed(&(struct sigv4_request){S("GET"), S("/"), list, plain, 2, 3, S(EMPTY)},
	              "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

static void the_presigned_example_comes_out_as_published(void **state) {
	struct sigv4_scope scope;
	BUF_AUTO target = {0};
	s3_scope(&scope);
	sigv4_presigned(&target, &scope, &(struct sigv4_request){S("GET"), S("/test.txt"), NULL, &s3_host, 0, 1, STR_NONE}, 86400);
	assert_str(
	    buf_str(&target),
	    "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
	    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
	    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

static void a_target_is_encoded_once_and_sorted(void **state) {
	const struct sigv4_pair query[] = {{S("uploads"), STR_NONE}, {S("b"), S("/= +~")}, {S("a"), S("\xc3\xa4")}};
	BUF_AUTO target = {0};
	sigv4_target(&target,
	             &(struct sigv4_request){.path = S("/bucket/a=:,()! $&+;@%/\xc3\xa4/./../~"), .query = query, .query_count = 3});
	assert_str(buf_str(&target), "/bucket/a%3D%3A%2C%28%29%21%20%24%26%2B%3B%40%25/%C3%A4/./../~?a=%C3%A4&b=%2F%3D%20%2B~&uploads=");
}

/* ── documents ── */

static void a_listing_is_read(void **state) {
	struct arena *a = arena_new();
	struct s3_listing l;
	assert_true(s3_read_listing(
	    a,
	    S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
	      "<Name>b</Name><IsTruncated>true</IsTruncated><NextContinuationToken>1&#x2f;t&amp;</NextContinuationToken>"
	      "<Contents><Key>a%2Fb%20c+d%2B</Key><Size>17</Size><ETag>&quot;e&quot;</ETag><Owner><ID>x</ID></Owner></Contents>"
	      "<Contents><Key>z</Key><Size>0</Size></Contents><CommonPrefixes/></ListBucketResult>\n"),
	    &l));
	assert_int_equal(l.n, 2);
	assert_str(l.items[0].key, "a/b c d+");
	assert_str(l.items[0].etag, "\"e\"");
	assert_int_equal(l.items[0].size, 17);
	assert_int_equal(l.items[1].size, 0);
	assert_true(l.more);
	assert_str(l.token, "1/t&");
	arena_free(&a);
}

static void what_is_no_listing_is_refused(void **state) {
	static const char *const bad[] = {
	    "",
	    "hello",
	    "<html><body>Please log in</body></html>",
	    "<ListBucketResult><IsTruncated>false</IsTruncated>",
	    "<ListBucketResult></ListBucketResult>",
	    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
	    "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult><x/>",
	    "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Size>1</Size></Contents></ListBucketResult>",
	    "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>k</Key><Size>-1</Size></Contents></ListBucketResult>",
	    "<!DOCTYPE x [<!ENTITY e \"y\">]><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
	    "<ListBucketResult><!-- --><IsTruncated>false</IsTruncated></ListBucketResult>",
	    "<ListBucketResult><IsTruncated>&e;</IsTruncated></ListBucketResult>",
	    "<ListBucketResult><IsTruncated>false</isTruncated></ListBucketResult>",
	    "<ListBucketResult a=\"<\"><IsTruncated>false</IsTruncated></ListBucketResult>",
	};
	struct arena *a = arena_new();
	struct s3_listing l;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (s3_read_listing(a, str_of(bad[i]), &l))
			fail_msg("%s", bad[i]);
	arena_free(&a);
}

static void errors_and_answers_are_read(void **state) {
	struct arena *a = arena_new();
	struct str text;
	struct s3_failure *failures;
	size_t n;
	assert_true(
	    s3_read_value(a, S("<Error><Code>NoSuchKey</Code><Message/><Resource>/b/k</Resource></Error>"), S("Error"), S("Code"), &text));
	assert_str(text, "NoSuchKey");
	assert_true(s3_read_value(a, S("<Error><Code>NoSuchKey</Code></Error>"), S("Error"), S("Message"), &text));
	assert_true(str_empty(text));
	assert_false(s3_read_value(a, S("<Error><Code>NoSuchKey</Code></Error>"), S("CompleteMultipartUploadResult"), S("ETag"), &text));
	assert_true(s3_read_failures(a,
	                             S("<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b&lt;</Key><Code>AccessDenied</Code>"
	                               "<Message>no</Message></Error></DeleteResult>"),
	                             &failures, &n));
	assert_int_equal(n, 1);
	assert_str(failures[0].key, "b<");
	assert_str(failures[0].code, "AccessDenied");
	arena_free(&a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_test_suite_is_signed_as_published),   cmocka_unit_test(equal_headers_are_joined_in_their_order),
	    cmocka_unit_test(the_s3_examples_are_signed_as_published), cmocka_unit_test(the_presigned_example_comes_out_as_published),
	    cmocka_unit_test(a_target_is_encoded_once_and_sorted),     cmocka_unit_test(a_listing_is_read),
	    cmocka_unit_test(what_is_no_listing_is_refused),           cmocka_unit_test(errors_and_answers_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
