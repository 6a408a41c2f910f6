/* The HTTP server with a handler of its own: files and their ranges, conditions, large bodies, packing, streams and their slow readers,
 * stopping. What strangers send is tested on the whole program (tests/http/http1_strict.test.mjs). */
#include "net/server.h"
#include "net/stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILE_SIZE = 300000, TEXT_SIZE = 20000 };
static char file_path[] = "/tmp/freehold-server-XXXXXX", text[TEXT_SIZE];
static struct server *server;
static struct stream *_Atomic opened;
static _Atomic int closed;

/* ── the handler ── */

static void on_close(void *ctx, struct stream *s) {
	closed++;
	opened = NULL;
	stream_unref(&s);
}

static void reply_file(struct exchange *x) {
	x->reply.kind = REPLY_FILE;
	x->reply.status = 200;
	x->reply.type = "video/mp4";
	x->reply.fd = open(file_path, O_RDONLY | O_CLOEXEC);
	x->reply.file_size = FILE_SIZE;
	reply_header(&x->reply, S("ETag"), S("\"v1\""));
}

static enum loop_result on_loop(void *ctx, struct exchange *x) {
	static const struct stream_events events = {.on_close = on_close};
	struct str path = x->req->path;
	x->body_limit = 1024 * 1024;
	if (str_eq(path, S("/file"))) {
		reply_file(x);
	} else if (str_eq(path, S("/text"))) {
		x->reply.kind = REPLY_SHARED;
		x->reply.status = 200;
		x->reply.type = "text/plain";
		x->reply.shared = str_mem(text, TEXT_SIZE);
		reply_header(&x->reply, S("ETag"), S("\"t1\""));
	} else if (str_eq(path, S("/events"))) {
		struct stream *s;
		assert_null(stream_open(x, STREAM_SSE, STR_NONE, &events, NULL, &s));
		opened = s;
	} else {
		return LOOP_POOL;
	}
	return LOOP_DONE;
}

/* Answers the size of the body and the sum of its bytes; /slow takes its time. */
static void on_pool(void *ctx, void *worker_ctx, struct exchange *x) {
	struct str body = x->body;
	if (str_eq(x->req->path, S("/slow")))
		usleep(300000);
	if (x->body_fd >= 0) {
		char *p = arena_alloc(x->arena, (size_t)x->body_size);
		assert_true(pread(x->body_fd, p, (size_t)x->body_size, 0) == x->body_size);
		body = str_mem(p, (size_t)x->body_size);
	}
	unsigned sum = 0;
	for (size_t i = 0; i < body.n; i++)
		sum += (unsigned char)body.p[i];
	x->reply.status = 200;
	x->reply.type = "text/plain";
	buf_printf(&x->reply.body, "%lld %u", (long long)x->body_size, sum);
}

static void on_error(void *ctx, struct exchange *x, enum err_code code, const char *why) {
	x->reply.status = err_http_status(code);
	buf_put(&x->reply.body, str_of(why));
}

static int start(void **state) {
	struct server_options o = {.listen = S("127.0.0.1:0"), .loops = 2, .workers = 2};
	struct handler h = {.on_loop = on_loop, .on_pool = on_pool, .on_error = on_error};
	closed = 0;
	return server_start(&server, &o, &h) ? -1 : 0;
}

static int stop(void **state) {
	server_stop(&server, 1000);
	return 0;
}

/* ── the client ── */

static int dial(void) {
	struct str address = server_address(server);
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)atoi(address.p + 10))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval wait = {.tv_sec = 5};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

static void send_all(int fd, struct str bytes) {
	while (bytes.n) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		assert_true(n > 0);
		bytes = str_skip(bytes, (size_t)n);
	}
}

static void read_all(int fd, struct buf *out) {
	for (;;) {
		buf_reserve(out, 65536);
		ssize_t n = recv(fd, out->p + out->n, 65536, 0);
		if (n <= 0)
			break;
		out->n += (size_t)n;
	}
	close(fd);
}

/* One request on a connection of its own; head is without the final empty line. */
static void ask(struct str head, struct str body, struct buf *out) {
	int fd = dial();
	buf_clear(out);
	send_all(fd, head);
	send_all(fd, S("\r\nHost: a\r\nConnection: close\r\n\r\n"));
	send_all(fd, body);
	read_all(fd, out);
}

static bool has(const struct buf *b, const char *what) { return str_find(buf_str(b), str_of(what)) >= 0; }
static struct str body_of(const struct buf *b) { return str_skip(buf_str(b), (size_t)str_find(buf_str(b), S("\r\n\r\n")) + 4); }

/* ── the tests ── */

static void a_file_is_sent_whole_and_in_parts(void **state) {
	BUF_AUTO b = {0};
	ask(S("GET /file HTTP/1.1"), STR_NONE, &b);
	assert_true(has(&b, "HTTP/1.1 200 ") && has(&b, "Accept-Ranges: bytes\r\n") && has(&b, "Content-Length: 300000\r\n"));
	assert_int_equal(body_of(&b).n, FILE_SIZE);
	ask(S("GET /file HTTP/1.1\r\nRange: bytes=299990-"), STR_NONE, &b);
	assert_true(has(&b, "HTTP/1.1 206 ") && has(&b, "Content-Range: bytes 299990-299999/300000\r\n"));
	assert_true(str_eq(body_of(&b), S("0123456789")));
	ask(S("GET /file HTTP/1.1\r\nRange: bytes=300000-"), STR_NONE, &b);
	assert_true(has(&b, "HTTP/1.1 416 ") && has(&b, "Content-Range: bytes */300000\r\n"));
	ask(S("HEAD /file HTTP/1.1"), STR_NONE, &b);
	assert_true(has(&b, "Content-Length: 300000\r\n") && body_of(&b).n == 0);
}

static void conditions_are_minded(void **state) {
	BUF_AUTO b = {0};
	ask(S("GET /file HTTP/1.1\r\nIf-None-Match: \"x\", \"v1\""), STR_NONE, &b);
	assert_true(has(&b, "HTTP/1.1 304 ") && has(&b, "ETag: \"v1\"") && !has(&b, "Content-Length") && body_of(&b).n == 0);
	ask(S("GET /file HTTP/1.1\r\nRange: bytes=0-1\r\nIf-Range: \"v0\""), STR_NONE, &b);
	assert_true(has(&b, "HTTP/1.1 200 "));
	ask(S("GET /file HTTP/1.1\r\nRange: bytes=0-1\r\nIf-Range: \"v1\""), STR_NONE, &b);
	assert_true(has(&b, "HTTP/1.1 206 "));
}

static void text_is_packed_for_who_wants_it(void **state) {
	BUF_AUTO b = {0};
	ask(S("GET /text HTTP/1.1\r\nAccept-Encoding: gzip"), STR_NONE, &b);
	assert_true(has(&b, "Content-Encoding: gzip\r\n") && has(&b, "Vary: Accept-Encoding\r\n") && has(&b, "ETag: W/\"t1\"\r\n"));
	assert_true(body_of(&b).n < TEXT_SIZE / 10);
	ask(S("GET /text HTTP/1.1"), STR_NONE, &b);
	assert_true(!has(&b, "Content-Encoding") && has(&b, "Vary: Accept-Encoding\r\n") && has(&b, "ETag: \"t1\"\r\n"));
	assert_int_equal(body_of(&b).n, TEXT_SIZE);
}

static void large_bodies_wait_in_a_file(void **state) {
	static const size_t sizes[] = {0, 1, 65536, 65537, 1000000};
	char *body = malloc(1000000);
	memset(body, 1, 1000000);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		BUF_AUTO b = {0};
		char head[80], wanted[40];
		snprintf(head, sizeof head, "POST /sum HTTP/1.1\r\nContent-Length: %zu", sizes[i]);
		snprintf(wanted, sizeof wanted, "%zu %zu", sizes[i], sizes[i]);
		ask(str_of(head), str_mem(body, sizes[i]), &b);
		assert_true(str_eq(body_of(&b), str_of(wanted)));
	}
	free(body);
	BUF_AUTO b = {0};
	ask(S("POST /sum HTTP/1.1\r\nContent-Length: 1048577"), STR_NONE, &b);
	assert_true(has(&b, "HTTP/1.1 413 "));
}

static struct stream *wait_for_stream(void) {
	for (int i = 0; i < 500 && !opened; i++)
		usleep(10000);
	assert_non_null(opened);
	return opened;
}

static void a_stream_gets_its_events_in_order(void **state) {
	int fd = dial();
	BUF_AUTO b = {0};
	send_all(fd, S("GET /events HTTP/1.1\r\nHost: a\r\n\r\n"));
	struct stream *s = wait_for_stream();
	for (int i = 0; i < 100; i++) {
		char data[10];
		snprintf(data, sizeof data, "%d", i);
		struct payload *p = stream_frame_sse(S("update"), str_of(data));
		stream_send(s, p);
		payload_unref(&p);
	}
	stream_close(s);
	read_all(fd, &b);
	assert_true(has(&b, "Content-Type: text/event-stream\r\n"));
	assert_true(has(&b, ":thump\nevent: update\ndata: 0\n\nevent: update\ndata: 1\n\n") && str_ends(buf_str(&b), S("data: 99\n\n")));
	for (int i = 0; i < 500 && !closed; i++)
		usleep(10000);
	assert_int_equal(closed, 1);
}

static void a_reader_that_does_not_read_is_cut_off(void **state) {
	int fd = dial();
	send_all(fd, S("GET /events HTTP/1.1\r\nHost: a\r\n\r\n"));
	struct stream *s = stream_ref(wait_for_stream());
	char *large = malloc(100001);
	memset(large, 'x', 100000);
	large[100000] = 0;
	struct payload *p = stream_frame_sse(S("update"), str_of(large));
	for (int i = 0; i < 200 && !closed; i++) {
		stream_send(s, p);
		usleep(10000);
	}
	assert_int_equal(closed, 1);
	payload_unref(&p);
	stream_unref(&s);
	free(large);
	close(fd);
}

static void a_request_under_way_is_answered_before_the_server_stops(void **state) {
	int slow = dial(), idle = dial();
	BUF_AUTO b = {0};
	send_all(slow, S("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
	usleep(100000);
	server_stop(&server, 5000);
	read_all(slow, &b);
	assert_true(has(&b, "HTTP/1.1 200 ") && str_eq(body_of(&b), S("0 0")));
	assert_true(has(&b, "Connection: close"));
	buf_clear(&b);
	read_all(idle, &b);
	assert_int_equal(b.n, 0);
}

static void requests_that_arrive_with_the_stop_are_answered(void **state) {
	int fds[200];
	for (int i = 0; i < 200; i++)
		fds[i] = dial();
	usleep(50000);
	for (int i = 0; i < 200; i++)
		send_all(fds[i], S("POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n!"));
	server_stop(&server, 5000);
	for (int i = 0; i < 200; i++) {
		BUF_AUTO b = {0};
		read_all(fds[i], &b);
		assert_true(has(&b, "HTTP/1.1 200 ") && str_eq(body_of(&b), S("1 33")));
	}
}

static void *stop_it(void *unused) {
	server_stop(&server, 5000);
	return NULL;
}

static void who_comes_after_the_stop_is_refused_at_once(void **state) {
	struct str address = server_address(server);
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)atoi(address.p + 10))};
	int slow = dial(), late = socket(AF_INET, SOCK_STREAM, 0);
	pthread_t stopping;
	BUF_AUTO b = {0};
	send_all(slow, S("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
	usleep(50000);
	pthread_create(&stopping, NULL, stop_it, NULL);
	usleep(100000);
	assert_int_equal(connect(late, (struct sockaddr *)&a, sizeof a), -1);
	read_all(slow, &b);
	assert_true(has(&b, "HTTP/1.1 200 "));
	pthread_join(stopping, NULL);
	close(late);
}

static void an_address_in_use_is_said_so(void **state) {
	struct server *second;
	struct server_options o = {.listen = server_address(server)};
	struct handler h = {.on_loop = on_loop};
	err e = server_start(&second, &o, &h);
	assert_non_null(e);
	assert_true(str_find(str_of(e->text), S("in use")) >= 0);
	assert_null(second);
	o.listen = S("nonsense");
	assert_non_null(server_start(&second, &o, &h));
}

#define with_server(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
	const struct CMUnitTest tests[] = {
	    with_server(a_file_is_sent_whole_and_in_parts),
	    with_server(conditions_are_minded),
	    with_server(text_is_packed_for_who_wants_it),
	    with_server(large_bodies_wait_in_a_file),
	    with_server(a_stream_gets_its_events_in_order),
	    with_server(a_reader_that_does_not_read_is_cut_off),
	    with_server(a_request_under_way_is_answered_before_the_server_stops),
	    with_server(requests_that_arrive_with_the_stop_are_answered),
	    with_server(who_comes_after_the_stop_is_refused_at_once),
	    with_server(an_address_in_use_is_said_so),
	};
	int fd = mkstemp(file_path);
	for (int i = 0; i < FILE_SIZE / 10; i++)
		if (write(fd, "0123456789", 10) != 10)
			return 1;
	close(fd);
	memset(text, 'a', sizeof text);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file_path);
	return failed;
}
