/* net/fetch and blob/s3 against an object store that misbehaves: it answers what a test has written down for it, one answer a connection.
 */
#include "blob/s3.h"
#include "base/clock.h"
#include "blob/s3_inside.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static const char site_secret[32] = "what all names are made with....";

static void ok(err e) {
	if (e)
		fail_msg("%s: %s", e->text, e->cause);
}

/* ── the store ── */

#define CLOSED ((struct str){NULL, 1}) /* the connection is closed without a word */
#define SILENT ((struct str){NULL, 2}) /* nothing comes, for as long as the test lasts */

struct hostile {
	int fd, port, silent;
	const struct str *answers;
	size_t n;
	_Atomic size_t asked;
	char heard[8192];
	pthread_t thread;
};

static size_t hear(int fd, char *to, size_t room) {
	size_t n = 0;
	to[0] = 0;
	while (n + 1 < room && !strstr(to, "\r\n\r\n")) {
		ssize_t got = recv(fd, to + n, room - n - 1, 0);
		if (got <= 0)
			break;
		n += (size_t)got;
		to[n] = 0;
	}
	return n;
}

static void *misbehave(void *arg) {
	struct hostile *h = arg;
	for (;;) {
		int fd = accept(h->fd, NULL, NULL);
		if (fd < 0)
			return NULL;
		if (!hear(fd, h->heard, sizeof h->heard)) {
			close(fd);
			continue;
		}
		struct str answer = h->answers[h->asked < h->n ? h->asked : h->n - 1];
		h->asked++;
		if (answer.p)
			assert_int_equal(send(fd, answer.p, answer.n, MSG_NOSIGNAL), answer.n);
		if (!answer.p && answer.n == 2)
			h->silent = fd;
		else
			close(fd);
	}
}

static void start(struct hostile *h, const struct str *answers, size_t n) {
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof at;
	*h = (struct hostile){.fd = socket(AF_INET, SOCK_STREAM, 0), .silent = -1, .answers = answers, .n = n};
	assert_int_equal(bind(h->fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(h->fd, 8), 0);
	getsockname(h->fd, (struct sockaddr *)&at, &size);
	h->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&h->thread, NULL, misbehave, h), 0);
}

static void stop(struct hostile *h) {
	shutdown(h->fd, SHUT_RDWR);
	pthread_join(h->thread, NULL);
	close(h->fd);
	if (h->silent >= 0)
		close(h->silent);
}

static struct blobs *open_at(int port) {
	char url[128];
	struct blobs *b;
	snprintf(url, sizeof url, "s3://127.0.0.1:%d/bucket?tls=no", port);
	ok(blob_store_open(
	    &b, str_of(url),
	    &(struct store_means){.key = S("access"), .secret = S("hidden"), .site_secret = site_secret, .spool_dir = S("/tmp")}));
	return b;
}

static err collect(void *ctx, struct str bytes) {
	buf_put(ctx, bytes);
	return NULL;
}

/* The CRC-32 of "picture". */
#define PICTURE_SUM "x-amz-meta-crc32: FttPiQ\r\n"
#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n" PICTURE_SUM "\r\npicture"
#define ANSWER(lit) \
	{ "" lit, sizeof(lit) - 1 }

static err read_picture(const struct str *answers, size_t n, struct buf *got, size_t *asked) {
	struct hostile h;
	struct blob_name name;
	start(&h, answers, n);
	struct blobs *b = open_at(h.port);
	blob_name_of(site_secret, S("picture"), &name);
	err e = blob_read(b, &name, 0, -1, collect, got);
	*asked = h.asked;
	blob_close(&b);
	stop(&h);
	return e;
}

#define READ(expected_code, expected_asked, ...) \
	do { \
		const struct str answers_[] = {__VA_ARGS__}; \
		BUF_AUTO got_ = {0}; \
		size_t asked_; \
		err e_ = read_picture(answers_, sizeof answers_ / sizeof *answers_, &got_, &asked_); \
		if ((e_ ? (int)e_->code : -1) != (expected_code)) \
			fail_msg("%s: %s", e_ ? e_->text : "no error", e_ ? e_->cause : ""); \
		assert_int_equal(asked_, (expected_asked)); \
		assert_true(e_ ? got_.n == 0 : str_eq(buf_str(&got_), S("picture"))); \
	} while (0)

static void trouble_that_passes_is_waited_for(void **state) {
	READ(-1, 1, ANSWER(GOOD));
	READ(-1, 4, ANSWER("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"), ANSWER("HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n"),
	     CLOSED, ANSWER(GOOD));
	READ(-1, 3, ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n" PICTURE_SUM "\r\npic"),
	     ANSWER("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"), ANSWER(GOOD));
}

static void trouble_that_stays_is_an_error_after_some_tries(void **state) {
	READ(ERR_UNAVAILABLE, S3_TRIES, ANSWER("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"));
	READ(ERR_UNAVAILABLE, S3_TRIES, CLOSED);
	READ(ERR_UNAVAILABLE, S3_TRIES, ANSWER("hello?\r\n\r\n"));
	READ(ERR_NOT_FOUND, 1, ANSWER("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
}

#define SUMMED "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n" PICTURE_SUM "\r\n"
#define BARE "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"

static void wrong_bytes_are_an_error_and_never_read(void **state) {
	/* Other bytes of the same length under the right checksum: the store is asked once more, and then blamed. */
	READ(ERR_STORE, 3, ANSWER(SUMMED "PICTURE"), ANSWER(SUMMED), ANSWER(SUMMED "PICTURE"));
	READ(-1, 3, ANSWER(SUMMED "PICTURE"), ANSWER(SUMMED), ANSWER(SUMMED "picture"));
	/* Without a checksum the whole is read and compared with its name. */
	READ(ERR_STORE, 3, ANSWER(BARE "PICTURE"), ANSWER(BARE), ANSWER(BARE "PICTURE"));
	READ(-1, 4, ANSWER(BARE "picture"), ANSWER(BARE), ANSWER(BARE "picture"), ANSWER(BARE "picture"));
	/* A shorter object than the one that was put. */
	READ(ERR_STORE, 3, ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n" PICTURE_SUM "\r\npic"),
	     ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n" PICTURE_SUM "\r\n"),
	     ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n" PICTURE_SUM "\r\npic"));
	/* More than was said. */
	READ(ERR_STORE, 3, ANSWER(SUMMED "PICTURE"), ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
	     ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npicture.."));
}

static void a_page_that_is_no_listing_is_not_an_empty_store(void **state) {
	static const struct str page[] = {ANSWER("HTTP/1.1 200 OK\r\n\r\n<html>please log in</html>")};
	struct hostile h;
	start(&h, page, 1);
	struct blobs *b = open_at(h.port);
	err e = blob_list(b, NULL, NULL, NULL);
	assert_non_null(e);
	assert_int_equal(e->code, ERR_UNAVAILABLE);
	blob_close(&b);
	stop(&h);
}

static void a_clock_that_is_off_is_said_with_how_much(void **state) {
	char answer[512], date[64];
	time_t then = time(NULL) + 20 * 60 + 5;
	struct tm tm;
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &tm));
	const char *body = "<Error><Code>RequestTimeTooSkewed</Code></Error>";
	snprintf(answer, sizeof answer, "HTTP/1.1 403 Forbidden\r\nDate: %s\r\nContent-Length: %zu\r\n\r\n%s", date, strlen(body), body);
	const struct str answers[] = {str_of(answer)};
	struct hostile h;
	start(&h, answers, 1);
	struct blobs *b = open_at(h.port);
	err e = blob_s3_probe(b);
	assert_non_null(e);
	assert_int_equal(e->code, ERR_INVALID);
	if (str_find(str_of(e->text), S("clock is 20 min")) < 0 || str_find(str_of(e->text), S("slow")) < 0)
		fail_msg("%s", e->text);
	assert_int_equal(h.asked, 1);
	blob_close(&b);
	stop(&h);
}

static void a_store_that_falls_silent_is_not_waited_for_for_ever(void **state) {
	static const struct str silent[] = {SILENT};
	struct hostile h;
	struct fetcher *f = fetcher_new();
	char url[64];
	start(&h, silent, 1);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", h.port);
	struct fetch x = {.method = S("GET"), .url = str_of(url), .target = S("/"), .body_fd = -1, .reply_max = 100, .stall_s = 1};
	int64_t began = clock_mono_ms();
	err e = fetch_run(f, &x);
	assert_non_null(e);
	assert_true(x.again);
	assert_true(clock_mono_ms() - began < 10000);
	fetch_free(&x);
	fetcher_free(&f);
	stop(&h);
}

static void an_upload_in_parts_is_given_up_when_one_fails(void **state) {
	static const struct str answers[] = {
	    ANSWER("HTTP/1.1 404 Not Found\r\n\r\n"),
	    ANSWER("HTTP/1.1 200 OK\r\n\r\n<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>"),
	    ANSWER("HTTP/1.1 403 Forbidden\r\n\r\n<Error><Code>QuotaExceeded</Code></Error>"),
	    ANSWER("HTTP/1.1 204 No Content\r\n\r\n"),
	};
	struct hostile h;
	struct blob_name name = {{1}};
	char path[] = "/tmp/freehold-s3-XXXXXX";
	int fd = mkstemp(path);
	unlink(path);
	assert_int_equal(ftruncate(fd, 65 << 20), 0);
	start(&h, answers, 4);
	struct blobs *b = open_at(h.port);
	err e = blob_put_file(b, &name, fd, 65 << 20);
	assert_non_null(e);
	if (str_find(str_of(e->cause), S("QuotaExceeded")) < 0)
		fail_msg("%s", e->cause);
	assert_int_equal(h.asked, 4);
	assert_true(str_starts(str_of(h.heard), S("DELETE /bucket/01")));
	assert_non_null(strstr(h.heard, "?uploadId=u%2F1 "));
	blob_close(&b);
	close(fd);
	stop(&h);
}

static void an_address_says_what_is_wrong_with_it(void **state) {
	static const char *const bad[] = {"s3://host",
	                                  "s3://host/",
	                                  "s3://host/b",
	                                  "s3://user:pass@host/bucket",
	                                  "s3:///bucket",
	                                  "s3://host/bucket/more",
	                                  "s3://host/bucket?tls=maybe",
	                                  "s3://host/bucket?colour=red",
	                                  "s3://host/bucket?keys=/nowhere/at/all",
	                                  "ftp://host/bucket",
	                                  "files:"};
	struct blobs *b;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err e = blob_store_open(&b, str_of(bad[i]), &(struct store_means){.key = S("k"), .secret = S("s")});
		if (!e || e->code != ERR_INVALID)
			fail_msg("%s", bad[i]);
	}
	assert_non_null(blob_store_open(&b, S("s3://host/bucket"), &(struct store_means){.key = S("k")}));
	ok(blob_store_open(&b, S("s3://host/bucket?style=virtual&prefix=a/b/"), &(struct store_means){.key = S("k"), .secret = S("s")}));
	assert_true(str_eq(s3_of(b)->place.url, S("https://bucket.host")));
	assert_true(str_eq(s3_of(b)->prefix, S("a/b/")));
	blob_close(&b);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(trouble_that_passes_is_waited_for),
	    cmocka_unit_test(trouble_that_stays_is_an_error_after_some_tries),
	    cmocka_unit_test(wrong_bytes_are_an_error_and_never_read),
	    cmocka_unit_test(a_page_that_is_no_listing_is_not_an_empty_store),
	    cmocka_unit_test(a_clock_that_is_off_is_said_with_how_much),
	    cmocka_unit_test(a_store_that_falls_silent_is_not_waited_for_for_ever),
	    cmocka_unit_test(an_upload_in_parts_is_given_up_when_one_fails),
	    cmocka_unit_test(an_address_says_what_is_wrong_with_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
