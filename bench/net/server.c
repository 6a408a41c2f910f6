/* The yardstick of net/ alone: a handler that costs nothing. GET /N answers N bytes of made JSON from the loop, /copy/N copies them into
 * the reply's body first (as real handlers do), /pool/N goes through a worker. POST takes up to 1 MiB and answers its size. GET /events is
 * an event stream that stays silent, /socket a WebSocket that answers each message with itself. Prints its address. */
#include "net/server.h"
#include "net/stream.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { LARGEST = 1 << 20 };
static char bytes[LARGEST];

static void reply_bytes(struct exchange *x, struct str number, bool copied) {
	uint64_t n;
	x->reply.status = str_u64(number, &n) && n <= LARGEST ? 200 : 404;
	x->reply.type = "application/json";
	if (x->reply.status != 200)
		return;
	if (copied) {
		buf_put(&x->reply.body, str_mem(bytes, n));
	} else {
		x->reply.kind = REPLY_SHARED;
		x->reply.shared = str_mem(bytes, n);
	}
}

static void echo(void *ctx, struct stream *s, struct str text) {
	struct payload *p = stream_frame_websocket(text);
	stream_send(s, p);
	payload_unref(&p);
}

static void gone(void *ctx, struct stream *s) { stream_unref(&s); }

static void reply_stream(struct exchange *x, enum stream_kind kind) {
	static const struct stream_events events = {.on_message = echo, .on_close = gone};
	struct stream *s;
	err e = stream_open(x, kind, STR_NONE, &events, NULL, &s);
	if (e)
		x->reply.status = err_http_status(e->code);
}

static enum loop_result on_loop(void *ctx, struct exchange *x) {
	struct str path = x->req->path;
	x->body_limit = LARGEST;
	if (x->req->method == HTTP_POST || str_starts(path, S("/pool/")))
		return LOOP_POOL;
	if (str_eq(path, S("/events")) || str_eq(path, S("/socket"))) {
		reply_stream(x, str_eq(path, S("/socket")) ? STREAM_WEBSOCKET : STREAM_SSE);
		return LOOP_DONE;
	}
	bool copied = str_starts(path, S("/copy/"));
	reply_bytes(x, str_skip(path, copied ? 6 : 1), copied);
	return LOOP_DONE;
}

static void on_pool(void *ctx, void *worker_ctx, struct exchange *x) {
	if (x->req->method != HTTP_POST) {
		reply_bytes(x, str_skip(x->req->path, 6), true);
		return;
	}
	x->reply.status = 200;
	x->reply.type = "text/plain";
	buf_i64(&x->reply.body, x->body_size);
}

static void on_error(void *ctx, struct exchange *x, enum err_code code, const char *text) {
	x->reply.status = err_http_status(code);
	x->reply.type = "application/json";
	buf_lit(&x->reply.body, "{\"error\":");
	buf_json_string(&x->reply.body, str_of(text));
	buf_byte(&x->reply.body, '}');
}

int main(int argc, char **argv) {
	sigset_t stop;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	for (size_t i = 0; i < LARGEST; i++)
		bytes[i] = (char)("{\"id\":\"1134\",\"content\":\"<p>made</p>\"},"[i % 39] ^ (i * 2654435761u >> 29 & 1));
	struct server_options o = {.listen = argc > 1 ? str_of(argv[1]) : S("127.0.0.1:0"),
	                           .tls_cert = argc > 2 ? str_of(argv[2]) : STR_NONE,
	                           .tls_key = argc > 3 ? str_of(argv[3]) : STR_NONE};
	struct handler h = {.on_loop = on_loop, .on_pool = on_pool, .on_error = on_error};
	struct server *s;
	err e = server_start(&s, &o, &h);
	if (e) {
		fprintf(stderr, "%s %s\n", e->text, e->cause);
		return 1;
	}
	printf("%.*s\n", S_ARG(server_address(s)));
	fflush(stdout);
	int sig;
	sigwait(&stop, &sig);
	server_stop(&s, 2000);
	return 0;
}
