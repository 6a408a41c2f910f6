/* The parsers of src/wire/ on the inputs that matter. Their crashes and properties are the fuzzers' business (tests/fuzz). */
#include "wire/address.h"
#include "wire/cookie.h"
#include "wire/encoding.h"
#include "wire/epoch.h"
#include "wire/form.h"
#include "wire/http1.h"
#include "wire/language.h"
#include "wire/mime.h"
#include "wire/proxy.h"
#include "wire/range.h"
#include "wire/url.h"
#include "wire/websocket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define assert_str(s, lit) assert_true(str_eq((s), S(lit)))

/* ── http1 ── */

static int status_of(const char *head) {
	struct http1_request r;
	size_t used;
	int status = 0;
	const char *why;
	switch (http1_parse(str_of(head), &r, &used, &status, &why)) {
	case HTTP1_DONE: return 200;
	case HTTP1_MORE: return 100;
	case HTTP1_BAD: return status;
	}
	return 0;
}

static void a_plain_request_is_read(void **state) {
	struct http1_request r;
	size_t used;
	int status;
	const char *why, *head = "GET /a/b?c=d HTTP/1.1\r\nHost: example.org\r\nX-Thing: \t some value \r\n\r\nrest";
	assert_int_equal(http1_parse(str_of(head), &r, &used, &status, &why), HTTP1_DONE);
	assert_int_equal(used, strlen(head) - 4);
	assert_int_equal(r.method, HTTP_GET);
	assert_str(r.path, "/a/b");
	assert_str(r.query, "c=d");
	assert_str(http1_header(&r, S("x-thing")), "some value");
	assert_true(r.keep_alive);
	assert_int_equal(r.content_length, -1);
}

static void smuggling_and_sloppiness_are_refused(void **state) {
	static const struct {
		const char *head;
		int status;
	} cases[] = {
	    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400},
	    {"GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
	    {"GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\nX: \1\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
	    {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	    {"GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	    {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	    {"GET /a\x80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	    {"GET /\r\n\r\n", 400},
	    {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
	    {"get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
	    {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
	    {"GET / HTTP/1.1\r\nHost: a\r\n", 100},
	    {"GET / HTTP/1.1\r\nHost: \1", 400},
	    {"", 100},
	    {"GET / HTTP/1.0\r\n\r\n", 200},
	    {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 200},
	    {"\r\nGET http://example.org HTTP/1.1\r\nHost: a\r\n\r\n", 200},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (status_of(cases[i].head) != cases[i].status)
			fail_msg("%d, not %d: %s", status_of(cases[i].head), cases[i].status, cases[i].head);
}

static void a_head_over_the_limits_is_too_large(void **state) {
	BUF_AUTO head = {0};
	buf_lit(&head, "GET / HTTP/1.1\r\nHost: a\r\n");
	for (int i = 0; i < HTTP1_MAX_HEADERS; i++)
		buf_lit(&head, "X: y\r\n");
	buf_lit(&head, "\r\n\0");
	assert_int_equal(status_of(head.p), 431);
	buf_clear(&head);
	buf_lit(&head, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
	for (int i = 0; i < HTTP1_MAX_HEAD; i++)
		buf_byte(&head, 'y');
	buf_byte(&head, 0);
	assert_int_equal(status_of(head.p), 431);
}

static enum http1_result decode(const char *chunks, struct buf *out) {
	struct http1_chunks c = {0};
	struct str in = str_of(chunks), data;
	size_t used;
	while (in.n) {
		enum http1_result r = http1_chunks_feed(&c, in, &used, &data);
		buf_put(out, data);
		in = str_skip(in, used);
		if (r != HTTP1_MORE)
			return r;
	}
	return HTTP1_MORE;
}

static void chunked_bodies_are_decoded_strictly(void **state) {
	BUF_AUTO out = {0};
	assert_int_equal(decode("5\r\nhello\r\nA;x=y\r\n 0123456789\r\n0\r\nT: v\r\n\r\n", &out), HTTP1_BAD);
	buf_clear(&out);
	assert_int_equal(decode("5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n", &out), HTTP1_DONE);
	assert_str(buf_str(&out), "hello0123456789");
	assert_int_equal(decode("5\nhello\r\n0\r\n\r\n", &out), HTTP1_BAD);
	assert_int_equal(decode("-1\r\n", &out), HTTP1_BAD);
	assert_int_equal(decode("\r\n", &out), HTTP1_BAD);
	assert_int_equal(decode("1000000000000000\r\n", &out), HTTP1_BAD);
	assert_int_equal(decode("1\r\nab\r\n", &out), HTTP1_BAD);
	assert_int_equal(decode("0\r\n", &out), HTTP1_MORE);
}

/* ── addresses, forms, cookies ── */

static json_t *form(const char *text) {
	struct arena *a = arena_new();
	json_t *v;
	err e = form_from_urlencoded(a, str_of(text), &v);
	assert_null(e);
	arena_free(&a);
	return v;
}

static void form_names_nest_like_json(void **state) {
	json_t *v = form("a=1&a=2&b[c]=x+y&b[d][]=%E2%82%AC&b[d][]=&f[][x]=1&f[][y]=2&f[][x]=3&g[0][n]=z");
	json_t *wanted = json_loads("{\"a\":\"2\",\"b\":{\"c\":\"x "
	                            "y\",\"d\":[\"€\",\"\"]},\"f\":[{\"x\":\"1\",\"y\":\"2\"},{\"x\":\"3\"}],\"g\":{\"0\":{\"n\":\"z\"}}}",
	                            0, NULL);
	assert_true(json_equal(v, wanted));
	json_decref(v);
	json_decref(wanted);
}

static void malformed_bodies_are_bad_requests(void **state) {
	static const char *const forms[] = {"a=%zz", "a=%00", "a=%ff", "a[=1", "[a]=1", "a[][]=1", "a%5Bb=1"};
	static const char *const texts[] = {"{",
	                                    "[1]",
	                                    "{\"a\":\"\\u0000\"}",
	                                    "{\"a\":\"\xff\"}",
	                                    "1",
	                                    "{\"a\":1} x",
	                                    "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]}"};
	struct arena *a = arena_new();
	json_t *v;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (!form_from_urlencoded(a, str_of(forms[i]), &v))
			fail_msg("accepted: %s", forms[i]);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!form_from_json(str_of(texts[i]), &v))
			fail_msg("accepted: %s", texts[i]);
	assert_null(form_from_json(STR_NONE, &v));
	assert_int_equal(json_object_size(v), 0);
	json_decref(v);
	arena_free(&a);
}

static void an_address_is_split_into_its_parts(void **state) {
	struct url u;
	assert_true(url_split(S("https://user@[2001:db8::1]:8443/a/b?q#f"), &u));
	assert_str(u.scheme, "https");
	assert_str(u.host, "2001:db8::1");
	assert_int_equal(u.port, 8443);
	assert_str(u.path, "/a/b");
	assert_str(u.query, "q");
	assert_str(u.fragment, "f");
	assert_true(u.has_userinfo);
	assert_true(url_split(S("urn:ietf:wg:oauth:2.0:oob"), &u) && !u.has_authority);
	assert_false(url_split(S("https://example.org/a b"), &u));
	assert_false(url_split(S("https://example.org:99999/"), &u));
	assert_false(url_split(S("//example.org/"), &u));
}

static void cookies_are_found_and_written(void **state) {
	BUF_AUTO out = {0};
	assert_str(cookie_get(S("a=1; session=\"x=y\"; b"), S("session")), "x=y");
	assert_str(cookie_get(S("xsession=1; session=2"), S("session")), "2");
	assert_true(str_empty(cookie_get(S("session"), S("session"))));
	cookie_set(&out, S("s"), S("v"), 60, true);
	assert_str(buf_str(&out), "s=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure");
}

#define PROOF "abcdefghijklmnopqrstuvwxyz012-_Z"

static void an_epoch_is_a_number_and_a_proof_and_nothing_else(void **state) {
	static const char *const bad[] = {"",
	                                  "1",
	                                  "1 ",
	                                  " " PROOF,
	                                  "1 " PROOF "x",
	                                  "1 " PROOF " ",
	                                  "1  " PROOF,
	                                  "01 " PROOF,
	                                  "-1 " PROOF,
	                                  "+1 " PROOF,
	                                  "0x1 " PROOF,
	                                  "1\t" PROOF,
	                                  "x " PROOF,
	                                  "1, " PROOF,
	                                  "00 " PROOF,
	                                  "9223372036854775808 " PROOF,
	                                  "1 abcdefghijklmnopqrstuvwxyz012-_+",
	                                  "1 abcdefghijklmnopqrstuvwxyz012-_"};
	struct str proof;
	int64_t n;
	assert_true(epoch_read(S("1 " PROOF), &n, &proof) && n == 1);
	assert_str(proof, PROOF);
	assert_true(epoch_read(S("0 " PROOF), &n, &proof) && n == 0);
	assert_true(epoch_read(S("9223372036854775807 " PROOF), &n, &proof) && n == INT64_MAX);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (epoch_read(str_of(bad[i]), &n, &proof))
			fail_msg("\"%s\" was read", bad[i]);
}

/* ── negotiation ── */

static void codings_languages_and_types_are_chosen_by_their_weight(void **state) {
	unsigned all = 1u << ENCODING_ZSTD | 1u << ENCODING_BR | 1u << ENCODING_GZIP;
	assert_int_equal(encoding_choose(S("gzip, deflate, br, zstd"), all), ENCODING_ZSTD);
	assert_int_equal(encoding_choose(S("gzip;q=1, br;q=0.5"), all), ENCODING_GZIP);
	assert_int_equal(encoding_choose(S("br;q=0, *"), 1u << ENCODING_BR), ENCODING_NONE);
	assert_int_equal(encoding_choose(S("identity"), all), ENCODING_NONE);
	assert_int_equal(encoding_choose(S("identity, gzip;q=0.5"), all), ENCODING_NONE);
	assert_int_equal(encoding_choose(S("identity, gzip"), all), ENCODING_GZIP);
	assert_int_equal(encoding_choose(S("identity;q=0, gzip;q=0.5"), all), ENCODING_GZIP);
	static const char *const spoken[] = {"en", "de"};
	assert_int_equal(language_choose(STR_NONE, spoken, 2), 0);
	assert_int_equal(language_choose(S("de"), spoken, 2), 1);
	assert_int_equal(language_choose(S("de-AT,de;q=0.9,en;q=0.8"), spoken, 2), 1);
	assert_int_equal(language_choose(S("en-GB, de"), spoken, 2), 0);
	assert_int_equal(language_choose(S("en;q=0.5, DE_de;q=0.7"), spoken, 2), 1);
	assert_int_equal(language_choose(S("fr, it;q=0.9, de;q=0.1"), spoken, 2), 1);
	assert_int_equal(language_choose(S("fr, deu, de;q=0"), spoken, 2), 0);
	assert_int_equal(language_choose(S("*, de;q=0.5"), spoken, 2), 0);
	assert_int_equal(mime_accept(S("text/html;q=0.5, */*;q=0.1"), S("text/html")), 500);
	assert_int_equal(mime_accept(S("text/*"), S("text/html")), 1000);
	assert_int_equal(mime_accept(S("image/png"), S("text/html")), 0);
	assert_string_equal(mime_of_name(S("a/b.JPG")), "image/jpeg");
	assert_str(mime_param(S("multipart/form-data; x=\"a;b\"; boundary=\"c d\""), S("boundary")), "c d");
}

static void ranges_are_cut_to_the_size(void **state) {
	int64_t from, n;
	assert_int_equal(range_parse(S("bytes=0-99"), 50, &from, &n), RANGE_PART);
	assert_int_equal(from, 0);
	assert_int_equal(n, 50);
	assert_int_equal(range_parse(S("bytes=-10"), 50, &from, &n), RANGE_PART);
	assert_int_equal(from, 40);
	assert_int_equal(range_parse(S("bytes=50-"), 50, &from, &n), RANGE_BEYOND);
	assert_int_equal(range_parse(S("bytes=0-1,3-4"), 50, &from, &n), RANGE_WHOLE);
	assert_int_equal(range_parse(S("bytes=5-1"), 50, &from, &n), RANGE_WHOLE);
	assert_true(etag_in(S("\"x\", W/\"abc\""), S("\"abc\"")));
	assert_false(etag_is_same(S("W/\"abc\""), S("W/\"abc\"")));
}

/* ── clients behind proxies ── */

static void private_addresses_are_told_from_public_ones(void **state) {
	static const char *const private[] = {
	    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1",      "169.254.169.254", "100.64.0.1",    "0.0.0.0",   "::1",
	    "::",        "fe80::1",  "fc00::1",    "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "ff02::1"};
	static const char *const public[] = {"1.1.1.1", "2606:4700::1111", "100.128.0.1", "172.32.0.1"};
	struct address a;
	for (size_t i = 0; i < sizeof private / sizeof *private; i++)
		if (!address_parse(str_of(private[i]), &a) || !address_is_private(&a))
			fail_msg("not private: %s", private[i]);
	for (size_t i = 0; i < sizeof public / sizeof *public; i++)
		if (!address_parse(str_of(public[i]), &a) || address_is_private(&a))
			fail_msg("private: %s", public[i]);
}

static void proxy_headers_name_the_client(void **state) {
	struct address a;
	size_t used;
	bool known;
	char text[ADDRESS_TEXT];
	assert_int_equal(proxy_parse(S("PROXY TCP4 192.0.2.1 198.51.100.1 1234 80\r\nGET"), &used, &known, &a), PROXY_DONE);
	assert_int_equal(used, 43);
	assert_str(address_text(&a, text), "192.0.2.1");
	assert_int_equal(proxy_parse(S("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\2\xc6\x33\x64\1\x04\xd2\0\x50"), &used, &known, &a),
	                 PROXY_DONE);
	assert_str(address_text(&a, text), "192.0.2.2");
	assert_int_equal(proxy_parse(S("PROX"), &used, &known, &a), PROXY_MORE);
	assert_int_equal(proxy_parse(S("GET / "), &used, &known, &a), PROXY_NONE);
	assert_int_equal(proxy_parse(S("PROXY TCP4 nonsense\r\n"), &used, &known, &a), PROXY_BAD);
}

/* ── websocket ── */

static void websocket_frames_become_messages(void **state) {
	struct websocket w = {.limit = 10};
	char in[] = "\x01\x83\0\0\0\0hel\x89\x82\0\0\0\0pp\x80\x82\1\2\3\4mm";
	struct str payload;
	size_t used, at = 0, n = sizeof in - 1;
	int code;
	assert_int_equal(websocket_feed(&w, in, n, &used, &payload, &code), WEBSOCKET_PING);
	assert_str(payload, "pp");
	at += used;
	assert_int_equal(websocket_feed(&w, in + at, n - at, &used, &payload, &code), WEBSOCKET_TEXT);
	assert_str(payload, "hello");
	char unmasked[] = "\x81\x02hi", large[] = "\x81\x8b\0\0\0\0";
	assert_int_equal(websocket_feed(&w, unmasked, 4, &used, &payload, &code), WEBSOCKET_BAD);
	assert_int_equal(code, WEBSOCKET_PROTOCOL);
	struct websocket fresh = {.limit = 10};
	assert_int_equal(websocket_feed(&fresh, large, 6, &used, &payload, &code), WEBSOCKET_BAD);
	assert_int_equal(code, WEBSOCKET_TOO_BIG);
	websocket_free(&w);
	websocket_free(&fresh);
}

static void the_key_of_the_rfc_is_accepted(void **state) {
	char accept[WEBSOCKET_ACCEPT + 1];
	assert_true(websocket_accept(S("dGhlIHNhbXBsZSBub25jZQ=="), accept));
	assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	assert_false(websocket_accept(S("dGhlIHNhbXBsZSBub25jZQ="), accept));
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_plain_request_is_read),
	    cmocka_unit_test(smuggling_and_sloppiness_are_refused),
	    cmocka_unit_test(a_head_over_the_limits_is_too_large),
	    cmocka_unit_test(chunked_bodies_are_decoded_strictly),
	    cmocka_unit_test(form_names_nest_like_json),
	    cmocka_unit_test(malformed_bodies_are_bad_requests),
	    cmocka_unit_test(an_address_is_split_into_its_parts),
	    cmocka_unit_test(cookies_are_found_and_written),
	    cmocka_unit_test(an_epoch_is_a_number_and_a_proof_and_nothing_else),
	    cmocka_unit_test(codings_languages_and_types_are_chosen_by_their_weight),
	    cmocka_unit_test(ranges_are_cut_to_the_size),
	    cmocka_unit_test(private_addresses_are_told_from_public_ones),
	    cmocka_unit_test(proxy_headers_name_the_client),
	    cmocka_unit_test(websocket_frames_become_messages),
	    cmocka_unit_test(the_key_of_the_rfc_is_accepted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
