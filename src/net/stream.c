#include "net/stream.h"

#include "base/must.h"
#include "net/conn.h"
#include "net/transport.h"
#include "wire/websocket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
	QUEUE_BYTES = 256 * 1024, /* a reader further behind than this is cut off */
	MESSAGE_MAX = 16 * 1024,  /* of a client's WebSocket message */
	BEAT_MS = 15000,
	SILENT_MS = 60000, /* a peer that acknowledges nothing for so long is gone */
};

struct payload {
	_Atomic int refs;
	size_t n;
	char bytes[];
};

struct stream {
	_Atomic int refs;
	_Atomic bool gone;
	enum stream_kind kind;
	struct loop *loop;
	struct conn *conn; /* NULL before it is attached and after it is gone */
	const struct stream_events *events;
	void *ctx;
	/* Loop's thread only. */
	struct payload **queue; /* a ring */
	uint32_t first, count, cap;
	size_t queued, sent; /* bytes queued; of the first payload, how many are out */
	bool ending, stalled;
	struct websocket ws;
};

/* ── payloads ── */

static struct payload *payload_room(size_t n) {
	struct payload *p = xmalloc(sizeof *p + n);
	atomic_init(&p->refs, 1);
	p->n = n;
	return p;
}

struct payload *payload_new(struct str bytes) {
	struct payload *p = payload_room(bytes.n);
	if (bytes.n)
		memcpy(p->bytes, bytes.p, bytes.n);
	return p;
}

struct payload *payload_ref(struct payload *p) {
	atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
	return p;
}

void payload_unref(struct payload **pp) {
	struct payload *p = *pp;
	*pp = NULL;
	if (p && atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) == 1)
		free(p);
}

struct payload *stream_frame_sse(struct str event, struct str data) {
	must(str_chr(data, '\n') < 0 && str_chr(data, '\r') < 0 && str_chr(event, '\n') < 0 && str_chr(event, '\r') < 0);
	BUF_AUTO b = {0};
	buf_reserve(&b, event.n + data.n + 20);
	if (event.n) {
		buf_lit(&b, "event: ");
		buf_put(&b, event);
		buf_byte(&b, '\n');
	}
	buf_lit(&b, "data: ");
	buf_put(&b, data);
	buf_lit(&b, "\n\n");
	return payload_new(buf_str(&b));
}

static struct payload *frame(int opcode, struct str bytes) {
	BUF_AUTO b = {0};
	websocket_frame(&b, opcode, bytes);
	return payload_new(buf_str(&b));
}

struct payload *stream_frame_websocket(struct str text) {
	return frame(WEBSOCKET_OP_TEXT, text);
}

/* ── opening ── */

static bool has_token(struct str list, struct str token) {
	while (list.n)
		if (str_eq_ci(str_trim(str_cut(&list, ',')), token))
			return true;
	return false;
}

/* RFC 6455 §4.2. */
static err upgrade(struct exchange *x, struct str subprotocol) {
	const struct http1_request *r = x->req;
	char accept[WEBSOCKET_ACCEPT + 1];
	if (r->method != HTTP_GET || r->minor != 1 || !has_token(http1_header(r, S("connection")), S("upgrade")) ||
	    !has_token(http1_header(r, S("upgrade")), S("websocket")))
		return err_public(ERR_BAD_REQUEST, "This address speaks WebSocket only");
	if (!str_eq(http1_header(r, S("sec-websocket-version")), S("13")))
		return err_public(ERR_BAD_REQUEST, "Only version 13 of WebSocket is spoken here");
	if (!websocket_accept(http1_header(r, S("sec-websocket-key")), accept))
		return err_public(ERR_BAD_REQUEST, "Sec-WebSocket-Key is malformed");
	x->reply.status = 101;
	reply_header(&x->reply, S("Connection"), S("Upgrade"));
	reply_header(&x->reply, S("Upgrade"), S("websocket"));
	reply_header(&x->reply, S("Sec-WebSocket-Accept"), str_of(accept));
	if (subprotocol.n)
		reply_header(&x->reply, S("Sec-WebSocket-Protocol"), subprotocol);
	return NULL;
}

err stream_open(struct exchange *x, enum stream_kind kind, struct str subprotocol, const struct stream_events *events, void *ctx,
                struct stream **out) {
	*out = NULL;
	if (kind == STREAM_WEBSOCKET) {
		TRY(upgrade(x, subprotocol));
	} else {
		x->reply.status = 200;
		x->reply.type = "text/event-stream";
		reply_header(&x->reply, S("Cache-Control"), S("private, no-store"));
		reply_header(&x->reply, S("X-Accel-Buffering"), S("no"));
	}
	struct stream *s = xcalloc(1, sizeof *s);
	atomic_init(&s->refs, 2);
	s->kind = kind;
	s->loop = ((struct call *)x)->conn->loop;
	s->events = events;
	s->ctx = ctx;
	s->ws.limit = MESSAGE_MAX;
	x->reply.kind = REPLY_STREAM;
	x->reply.stream = s;
	*out = s;
	return NULL;
}

struct stream *stream_ref(struct stream *s) {
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void stream_unref(struct stream **sp) {
	struct stream *s = *sp;
	*sp = NULL;
	if (s && atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1)
		free(s);
}

/* ── the queue ── */

static void enqueue(struct stream *s, struct payload *p) {
	if (s->count == s->cap) {
		uint32_t cap = s->cap ? s->cap * 2 : 4;
		struct payload **queue = xmalloc(cap * sizeof(struct payload *));
		for (uint32_t i = 0; i < s->count; i++)
			queue[i] = s->queue[(s->first + i) % s->cap];
		free(s->queue);
		s->queue = queue;
		s->cap = cap;
		s->first = 0;
	}
	s->queue[(s->first + s->count++) % s->cap] = p;
	s->queued += p->n;
}

static struct str queued_at(const struct stream *s, uint32_t i) {
	const struct payload *p = s->queue[(s->first + i) % s->cap];
	return (struct str){p->bytes, p->n};
}

static void dequeue(struct stream *s) {
	struct payload **p = &s->queue[s->first];
	s->queued -= (*p)->n;
	payload_unref(p);
	s->first = (s->first + 1) % s->cap;
	s->count--;
	s->sent = 0;
}

static void drop_queue(struct stream *s) {
	while (s->count)
		dequeue(s);
	free(s->queue);
	s->queue = NULL;
	s->cap = 0;
}

int stream_write(struct stream *s, struct conn *c) {
	while (s->count) {
		struct str first = str_skip(queued_at(s, 0), s->sent);
		ssize_t n = transport_write(c, first, s->count > 1 ? queued_at(s, 1) : STR_NONE);
		if (n == IO_WAIT)
			return IO_WAIT;
		if (n <= 0)
			return IO_ENDED;
		s->stalled = false;
		s->sent += (size_t)n;
		while (s->count && s->sent >= queued_at(s, 0).n) {
			size_t over = s->sent - queued_at(s, 0).n;
			dequeue(s);
			s->sent = over;
		}
	}
	if (s->cap > 64)
		drop_queue(s);
	return s->ending ? IO_ENDED : 1;
}

/* ── from other threads ── */

struct send_note {
	struct note note;
	struct stream *stream;
	struct payload *payload; /* NULL: close it */
};

static void send_noted(struct note *note) {
	struct send_note *n = (struct send_note *)note;
	struct stream *s = n->stream;
	if (!s->gone && !s->ending) {
		if (!n->payload) {
			stream_finish(s, WEBSOCKET_NORMAL);
		} else {
			enqueue(s, n->payload);
			n->payload = NULL;
		}
		if (s->conn && s->queued > QUEUE_BYTES)
			conn_close(s->conn);
		else if (s->conn)
			conn_run(s->conn);
	}
	payload_unref(&n->payload);
	stream_unref(&n->stream);
	free(n);
}

static void leave_note(struct stream *s, struct payload *p) {
	if (atomic_load_explicit(&s->gone, memory_order_relaxed))
		return;
	struct send_note *n = xmalloc(sizeof *n);
	*n = (struct send_note){.note.run = send_noted, .stream = stream_ref(s), .payload = p ? payload_ref(p) : NULL};
	loop_note(s->loop, &n->note);
}

void stream_send(struct stream *s, struct payload *p) { leave_note(s, p); }
void stream_close(struct stream *s) { leave_note(s, NULL); }

/* ── on the loop ── */

void stream_attach(struct stream *s, struct conn *c) {
	int silent = SILENT_MS;
	setsockopt(c->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silent, sizeof silent);
	atomic_store_explicit(&s->loop->streams, s->loop->streams + 1, memory_order_relaxed);
	s->conn = c;
	conn_deadline(c, s->loop->now_ms + BEAT_MS);
	/* Some clients count a stream as open only when the first bytes of the body came. */
	if (s->kind == STREAM_SSE)
		enqueue(s, payload_new(S(":thump\n")));
	if (s->loop->stopping)
		stream_finish(s, WEBSOCKET_AWAY);
}

bool stream_beat(struct stream *s) {
	if (s->stalled)
		return false;
	if (s->count)
		s->stalled = true;
	else
		enqueue(s, s->kind == STREAM_SSE ? payload_new(S(":thump\n")) : frame(WEBSOCKET_OP_PING, STR_NONE));
	conn_deadline(s->conn, s->loop->now_ms + BEAT_MS);
	return true;
}

void stream_finish(struct stream *s, int code) {
	if (s->ending)
		return;
	s->ending = true;
	if (s->kind != STREAM_WEBSOCKET)
		return;
	BUF_AUTO b = {0};
	websocket_close_frame(&b, code);
	enqueue(s, payload_new(buf_str(&b)));
}

static void take_event(struct stream *s, enum websocket_event e, struct str data, int code) {
	switch (e) {
	case WEBSOCKET_TEXT:
		if (s->events->on_message)
			s->events->on_message(s->ctx, s, data);
		break;
	case WEBSOCKET_BINARY: stream_finish(s, WEBSOCKET_UNSUPPORTED); break;
	case WEBSOCKET_PING:
		enqueue(s, frame(WEBSOCKET_OP_PONG, data));
		/* Whoever asks faster than it reads the answers fills the queue. */
		if (s->queued > QUEUE_BYTES)
			stream_finish(s, WEBSOCKET_PROTOCOL);
		break;
	case WEBSOCKET_CLOSE:
	case WEBSOCKET_BAD: stream_finish(s, code); break;
	case WEBSOCKET_PONG:
	case WEBSOCKET_MORE: break;
	}
}

void stream_read(struct stream *s, char *in, size_t n) {
	if (s->kind != STREAM_WEBSOCKET)
		return;
	while (n && !s->ending) {
		struct str data;
		size_t used;
		int code = WEBSOCKET_NORMAL;
		enum websocket_event e = websocket_feed(&s->ws, in, n, &used, &data, &code);
		take_event(s, e, data, code);
		in += used;
		n -= used;
	}
}

void stream_gone(struct stream **sp) {
	struct stream *s = *sp;
	if (s->conn)
		atomic_store_explicit(&s->loop->streams, s->loop->streams - 1, memory_order_relaxed);
	atomic_store(&s->gone, true);
	s->conn = NULL;
	drop_queue(s);
	websocket_free(&s->ws);
	s->events->on_close(s->ctx, s);
	stream_unref(sp);
}
