#include "net/conn.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "net/input.h"
#include "net/reply.h"
#include "net/spool.h"
#include "net/stream.h"
#include "net/tls.h"
#include "net/transport.h"
#include "wire/proxy.h"
#include "wire/websocket.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum step { STEP_ON, STEP_WAIT, STEP_CLOSE };

enum {
	TURN_STEPS = 64,            /* steps of one connection before others get their turn */
	BODY_IN_MEMORY = 64 * 1024, /* a longer body goes to the spool */
	LINGER_MS = 2000,
};

void conn_deadline(struct conn *c, int64_t at) { wheel_set(&c->loop->wheel, &c->timer, at); }

/* ── answering ── */

/* Whether another request may follow on the connection. */
static bool stays_open(const struct call *k) { return k->keep && !k->x.reply.close && k->x.reply.kind != REPLY_STREAM; }

/* What the answer says about the connection is what happens to it. */
static void finish_reply(struct call *k, enum encoding e) {
	struct loop *l = k->conn->loop;
	k->keep = stays_open(k) && !l->stopping;
	reply_finish(k, l->shared->packers, e, k->keep);
}

static void start_reply(struct conn *c, enum encoding e) {
	finish_reply(c->call, e);
	c->state = CONN_REPLY;
	c->since = c->loop->now_ms;
}

static void come_back(struct note *n) {
	struct call *k = (struct call *)((char *)n - offsetof(struct call, note));
	struct conn *c = k->conn;
	c->state = CONN_REPLY;
	c->since = c->loop->now_ms;
	if (c->broken)
		conn_close(c);
	else
		conn_run(c);
}

/* A worker has looked at the head alone. */
static void come_ahead(struct note *n) {
	struct call *k = (struct call *)((char *)n - offsetof(struct call, note));
	struct conn *c = k->conn;
	c->state = CONN_AHEAD;
	if (c->broken)
		conn_close(c);
	else
		conn_run(c);
}

static void run_ahead(struct job *j, void *worker_ctx) {
	struct call *k = (struct call *)((char *)j - offsetof(struct call, job));
	const struct handler *h = &k->conn->loop->shared->handler;
	k->x.ahead = true;
	h->on_pool(h->ctx, worker_ctx, &k->x);
	k->x.ahead = false;
	loop_note(k->conn->loop, &k->note);
}

static void run_pack(struct job *j, void *worker_ctx) {
	struct call *k = (struct call *)((char *)j - offsetof(struct call, job));
	finish_reply(k, reply_encoding(k));
	loop_note(k->conn->loop, &k->note);
}

static err fetch_piece(struct call *k) {
	struct pieces *p = k->x.reply.pieces;
	err e = p->fetch(p, k->file_at, &k->piece_fd, &k->piece_at, &k->piece_left);
	must(e || k->piece_left > 0);
	return e;
}

/* With its first piece, so that what cannot be read is answered as such. */
static void finish_pieces(struct call *k) {
	const struct handler *h = &k->conn->loop->shared->handler;
	reply_finish(k, k->conn->loop->shared->packers, ENCODING_NONE, stays_open(k));
	err e = k->file_left > 0 ? fetch_piece(k) : NULL;
	if (!e)
		return;
	struct err failed = *e;
	if (failed.cause[0])
		log_warn("%s", failed.cause);
	call_clear_reply(k);
	buf_clear(&k->head);
	h->on_error(h->ctx, &k->x, failed.code, failed.text);
	reply_finish(k, k->conn->loop->shared->packers, ENCODING_NONE, stays_open(k));
}

static void run_pool(struct job *j, void *worker_ctx) {
	struct call *k = (struct call *)((char *)j - offsetof(struct call, job));
	const struct handler *h = &k->conn->loop->shared->handler;
	h->on_pool(h->ctx, worker_ctx, &k->x);
	if (k->x.reply.kind != REPLY_PIECES) {
		run_pack(j, worker_ctx);
		return;
	}
	finish_pieces(k);
	loop_note(k->conn->loop, &k->note);
}

static void run_piece(struct job *j, void *worker_ctx) {
	struct call *k = (struct call *)((char *)j - offsetof(struct call, job));
	err e = fetch_piece(k);
	if (e) {
		log_warn("a reply breaks off: %s%s%s", e->text, e->cause[0] ? ": " : "", e->cause);
		k->piece_left = -1;
	}
	loop_note(k->conn->loop, &k->note);
}

static enum step submit_for(struct conn *c, void (*run)(struct job *, void *), void (*back)(struct note *)) {
	struct call *k = c->call;
	c->state = CONN_POOL;
	conn_deadline(c, INT64_MAX);
	k->job.run = run;
	k->note.run = back;
	pool_submit(c->loop->shared->pool, &k->job);
	return STEP_WAIT;
}

static enum step submit(struct conn *c, void (*run)(struct job *, void *)) { return submit_for(c, run, come_back); }

/* The reply was written on the loop. Packing takes long enough to be a worker's. */
static enum step answer(struct conn *c) {
	if (reply_encoding(c->call) != ENCODING_NONE)
		return submit(c, run_pack);
	start_reply(c, ENCODING_NONE);
	return STEP_ON;
}

/* Answers an error of the request as such and ends the connection. */
static enum step refuse(struct conn *c, enum err_code code, const char *text) {
	const struct handler *h = &c->loop->shared->handler;
	struct call *k = c->call;
	call_clear_reply(k);
	k->keep = false;
	c->unread = true;
	h->on_error(h->ctx, &k->x, code, text);
	start_reply(c, ENCODING_NONE);
	return STEP_ON;
}

/* ── the steps ── */

static enum step step_proxy(struct conn *c) {
	struct loop *l = c->loop;
	size_t used;
	bool known;
	ssize_t n = recv(c->fd, l->scratch, 1024, MSG_PEEK);
	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? STEP_WAIT : STEP_CLOSE;
	switch (proxy_parse((struct str){l->scratch, (size_t)n}, &used, &known, &c->peer)) {
	case PROXY_MORE: return c->hung_up ? STEP_CLOSE : STEP_WAIT;
	case PROXY_BAD: return STEP_CLOSE;
	case PROXY_DONE:
		if (recv(c->fd, l->scratch, used, 0) != (ssize_t)used)
			return STEP_CLOSE;
		c->proxied = known;
		if (known)
			address_text(&c->peer, c->peer_text);
		break;
	case PROXY_NONE: break;
	}
	c->state = c->ssl ? CONN_HANDSHAKE : CONN_HEAD;
	return STEP_ON;
}

static enum step step_handshake(struct conn *c) {
	int r = transport_handshake(c);
	if (r == IO_WAIT)
		return STEP_WAIT;
	c->state = CONN_HEAD;
	return r == 1 ? STEP_ON : STEP_CLOSE;
}

/* A handler answered without the body: whole in the buffer it is skipped, otherwise nothing after it can be trusted to be a request. */
static void skip_body(struct conn *c) {
	const struct http1_request *r = &c->call->req;
	if (!r->chunked && r->content_length <= (int64_t)c->left) {
		if (r->content_length > 0)
			input_use(c, (size_t)r->content_length);
		return;
	}
	c->unread = true;
	c->call->keep = false;
}

static enum step begin_body(struct conn *c) {
	struct call *k = c->call;
	const struct http1_request *r = &k->req;
	if (!r->chunked && r->content_length <= 0)
		return submit(c, run_pool);
	if (k->x.body_limit == 0)
		return refuse(c, ERR_TOO_LARGE, "This request takes no body");
	if (r->content_length > (int64_t)k->x.body_limit)
		return refuse(c, ERR_TOO_LARGE, "The request body is too large");
	if (r->expect_continue && c->left == 0) {
		const struct str go_on = S("HTTP/1.1 100 Continue\r\n\r\n");
		if (transport_write(c, go_on, STR_NONE) != (ssize_t)go_on.n)
			return STEP_CLOSE;
	}
	c->state = CONN_BODY;
	c->since = c->loop->now_ms;
	return STEP_ON;
}

/* What is too large by the row of its route needs no worker to be refused. */
static enum step begin_ahead(struct conn *c) {
	const struct call *k = c->call;
	if (k->x.body_limit && k->req.content_length > (int64_t)k->x.body_limit)
		return refuse(c, ERR_TOO_LARGE, "The request body is too large");
	return submit_for(c, run_ahead, come_ahead);
}

static enum step begin_call(struct conn *c, size_t used) {
	struct call *k = c->call;
	struct shared *sh = c->loop->shared;
	call_keep_head(k, (struct str){c->at, used});
	input_use(c, used);
	k->x.req = &k->req;
	k->x.server = sh->server;
	k->keep = k->req.keep_alive;
	trust_read(sh->trust, &k->x, &c->peer, str_of(c->peer_text), c->ssl != NULL, c->proxied);
	atomic_store_explicit(&c->loop->requests, c->loop->requests + 1, memory_order_relaxed);
	switch (sh->handler.on_loop(sh->handler.ctx, &k->x)) {
	case LOOP_POOL: return begin_body(c);
	case LOOP_AHEAD: return begin_ahead(c);
	case LOOP_DONE: break;
	}
	skip_body(c);
	return answer(c);
}

static enum step step_ahead(struct conn *c) {
	if (!c->call->x.reply.status)
		return begin_body(c);
	skip_body(c);
	return answer(c);
}

static enum err_code code_of_status(int status) {
	switch (status) {
	case 431: return ERR_HEADER_TOO_LARGE;
	case 501: return ERR_METHOD_UNKNOWN;
	case 505: return ERR_HTTP_VERSION;
	default: return ERR_BAD_REQUEST;
	}
}

static struct call *new_call(struct conn *c) {
	struct call *k = call_take(&c->loop->stock);
	k->conn = c;
	k->started_ns = c->first_byte_ns;
	k->x.peer = str_of(c->peer_text);
	return k;
}

static enum step step_head(struct conn *c) {
	if (c->left == 0) {
		ssize_t n = input_fill(c);
		if (n <= 0)
			return n == IO_WAIT && !c->loop->stopping ? STEP_WAIT : STEP_CLOSE;
	}
	struct call *k = new_call(c);
	size_t used;
	int status;
	const char *why;
	switch (http1_parse((struct str){c->at, c->left}, &k->req, &used, &status, &why)) {
	case HTTP1_DONE: c->call = k; return begin_call(c, used);
	case HTTP1_BAD: c->call = k; return refuse(c, code_of_status(status), why);
	case HTTP1_MORE: break;
	}
	call_return(&c->loop->stock, k);
	ssize_t n = input_fill(c);
	if (n == IO_WAIT)
		conn_deadline(c, c->first_byte_ns / 1000000 + c->loop->shared->header_ms);
	return n > 0 ? STEP_ON : n == IO_WAIT ? STEP_WAIT : STEP_CLOSE;
}

/* Adds to the body, in memory as long as it is short. */
static err keep_body(struct call *k, struct str bytes) {
	if (k->x.sink_fd >= 0) {
		TRY(spool_write(k->x.sink_fd, k->x.sink_at + k->in_size, bytes));
		k->in_size += (int64_t)bytes.n;
		return NULL;
	}
	if (k->spool < 0 && k->in.n + bytes.n > BODY_IN_MEMORY) {
		TRY(spool_open(k->conn->loop->shared->spool_dir, &k->spool));
		TRY(spool_write(k->spool, 0, buf_str(&k->in)));
	}
	if (k->spool >= 0)
		TRY(spool_write(k->spool, k->in_size, bytes));
	else
		buf_put(&k->in, bytes);
	k->in_size += (int64_t)bytes.n;
	return NULL;
}

static enum step end_body(struct conn *c) {
	struct call *k = c->call;
	k->x.body_size = k->in_size;
	if (k->spool >= 0)
		k->x.body_fd = k->spool;
	else
		k->x.body = buf_str(&k->in);
	return submit(c, run_pool);
}

/* Whoever sends to a sink can go on later, so silence is not waited out there. */
static int64_t body_deadline(const struct conn *c) {
	const struct call *k = c->call;
	const struct shared *sh = c->loop->shared;
	int64_t pace = c->since + sh->header_ms + k->in_size * 1000 / sh->body_bytes_per_s;
	int64_t silence = k->x.sink_fd < 0 ? INT64_MAX : c->loop->now_ms + sh->header_ms;
	return pace < silence ? pace : silence;
}

static enum step step_body(struct conn *c) {
	struct call *k = c->call;
	if (c->left == 0) {
		ssize_t n = input_fill(c);
		if (n == IO_WAIT)
			conn_deadline(c, body_deadline(c));
		if (n <= 0)
			return n == IO_WAIT ? STEP_WAIT : STEP_CLOSE;
	}
	size_t used = c->left;
	struct str data = {c->at, c->left};
	enum http1_result result = HTTP1_MORE;
	if (k->req.chunked) {
		result = http1_chunks_feed(&k->chunks, data, &used, &data);
	} else if ((int64_t)data.n >= k->req.content_length - k->in_size) {
		used = data.n = (size_t)(k->req.content_length - k->in_size);
		result = HTTP1_DONE;
	}
	input_use(c, used);
	if (result == HTTP1_BAD)
		return refuse(c, ERR_BAD_REQUEST, "The chunked body is malformed");
	if (k->in_size + (int64_t)data.n > (int64_t)k->x.body_limit)
		return refuse(c, ERR_TOO_LARGE, "The request body is too large");
	err e = keep_body(k, data);
	if (e)
		return refuse(c, e->code, e->text);
	return result == HTTP1_DONE ? end_body(c) : STEP_ON;
}

/* Closing with bytes unread would reset the connection, and what was sent last might be lost on its way. */
static enum step linger(struct conn *c) {
	transport_end(c);
	shutdown(c->fd, SHUT_WR);
	c->left = 0;
	c->can_read = true;
	c->state = CONN_LINGER;
	conn_deadline(c, c->loop->now_ms + LINGER_MS);
	return STEP_ON;
}

static enum step end_reply(struct conn *c) {
	struct call *k = c->call;
	const struct handler *h = &c->loop->shared->handler;
	bool keep = stays_open(k);
	struct stream *stream = k->x.reply.stream;
	bool streams = k->x.reply.kind == REPLY_STREAM && k->req.method != HTTP_HEAD;
	if (h->on_sent)
		h->on_sent(h->ctx, &k->x, k->bytes, (clock_mono_ns() - k->started_ns) / 1000);
	call_return(&c->loop->stock, k);
	c->call = NULL;
	if (stream && !streams)
		stream_gone(&stream);
	if (stream) {
		c->stream = stream;
		c->state = CONN_STREAM;
		stream_attach(stream, c);
		return STEP_ON;
	}
	if (keep) {
		c->state = CONN_HEAD;
		c->first_byte_ns = c->loop->now_ns;
		conn_deadline(c, c->loop->now_ms + c->loop->shared->idle_ms);
		return STEP_ON;
	}
	return c->unread || c->left ? linger(c) : STEP_CLOSE;
}

/* A reader must keep up with the pace asked of senders; one of a file (a paused video) only has to move before the idle time is over. */
static enum step wait_to_write(struct conn *c) {
	const struct call *k = c->call;
	const struct shared *sh = c->loop->shared;
	bool file = k->x.reply.kind == REPLY_FILE || k->x.reply.kind == REPLY_PIECES;
	conn_deadline(c, file ? c->loop->now_ms + sh->idle_ms : c->since + sh->idle_ms + k->bytes * 1000 / sh->body_bytes_per_s);
	return STEP_WAIT;
}

/* Of the piece at hand; STEP_ON with *n when some went out or the socket is full. */
static enum step send_piece(struct conn *c, ssize_t *n) {
	struct call *k = c->call;
	if (k->piece_left < 0)
		return STEP_CLOSE;
	if (k->piece_left == 0)
		return submit(c, run_piece);
	*n = transport_send_file(c, k->piece_fd, k->piece_at, k->piece_left < k->file_left ? k->piece_left : k->file_left);
	if (*n > 0) {
		k->piece_at += *n;
		k->piece_left -= *n;
	}
	return STEP_ON;
}

static enum step step_reply(struct conn *c) {
	struct call *k = c->call;
	ssize_t n = IO_WAIT;
	if (k->sent < k->head.n + k->body.n) {
		struct str head = str_skip(buf_str(&k->head), k->sent);
		struct str body = k->sent > k->head.n ? str_skip(k->body, k->sent - k->head.n) : k->body;
		n = transport_write(c, head, body);
		if (n > 0)
			k->sent += (size_t)n;
	} else if (k->file_left > 0) {
		enum step step = STEP_ON;
		if (k->x.reply.kind == REPLY_PIECES)
			step = send_piece(c, &n);
		else
			n = transport_send_file(c, k->x.reply.fd, k->file_at, k->file_left);
		if (step != STEP_ON)
			return step;
		if (n > 0) {
			k->file_at += n;
			k->file_left -= n;
		}
	} else {
		return end_reply(c);
	}
	if (n == IO_WAIT)
		return wait_to_write(c);
	if (n <= 0)
		return STEP_CLOSE;
	k->bytes += n;
	return STEP_ON;
}

static enum step step_linger(struct conn *c) {
	ssize_t n = transport_read(c, c->loop->scratch, SCRATCH);
	return n > 0 ? STEP_ON : n == IO_WAIT ? STEP_WAIT : STEP_CLOSE;
}

static void drop_stream(struct conn *c) {
	if (c->stream)
		stream_gone(&c->stream);
}

static enum step step_stream(struct conn *c) {
	int written = stream_write(c->stream, c);
	if (written == IO_ENDED) {
		drop_stream(c);
		return linger(c);
	}
	if (c->left == 0) {
		ssize_t n = input_fill(c);
		if (n <= 0)
			return n == IO_WAIT ? STEP_WAIT : STEP_CLOSE;
	}
	stream_read(c->stream, c->at, c->left);
	c->left = 0;
	return STEP_ON;
}

static enum step step_pool(struct conn *c) { return STEP_WAIT; }

static enum step (*const steps[CONN_STATES])(struct conn *) = {
    [CONN_HANDSHAKE] = step_handshake, [CONN_PROXY] = step_proxy,   [CONN_HEAD] = step_head,
    [CONN_AHEAD] = step_ahead,         [CONN_BODY] = step_body,     [CONN_POOL] = step_pool,
    [CONN_REPLY] = step_reply,         [CONN_LINGER] = step_linger, [CONN_STREAM] = step_stream,
};

void conn_run(struct conn *c) {
	for (int i = 0; i < TURN_STEPS; i++)
		switch (steps[c->state](c)) {
		case STEP_ON: break;
		case STEP_WAIT: input_park(c); return;
		case STEP_CLOSE: conn_close(c); return;
		}
	input_park(c);
	if (!c->is_ready)
		TAILQ_INSERT_TAIL(&c->loop->ready, c, turn);
	c->is_ready = true;
}

/* ── beginning and end ── */

struct conn *conn_new(struct loop *l, int fd, const struct address *peer) {
	struct conn *c = xcalloc(1, sizeof *c);
	*c = (struct conn){.loop = l, .fd = fd, .peer = *peer, .can_read = true, .can_write = true};
	address_text(peer, c->peer_text);
	return c;
}

void conn_begin(struct conn *c) {
	struct loop *l = c->loop;
	struct shared *sh = l->shared;
	LIST_INSERT_HEAD(&l->conns, c, all);
	if (sh->tls)
		c->ssl = tls_accept(sh->tls, c->fd);
	c->state = trust_has(sh->trust, &c->peer) ? CONN_PROXY : c->ssl ? CONN_HANDSHAKE : CONN_HEAD;
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
	if (l->forced || (sh->tls && !c->ssl) || epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e) != 0) {
		conn_close(c);
		return;
	}
	c->first_byte_ns = l->now_ns;
	conn_deadline(c, l->now_ms + sh->header_ms);
	conn_run(c);
}

void conn_expired(struct conn *c) {
	switch ((enum conn_state)c->state) {
	case CONN_HEAD:
		if (c->left == 0) {
			conn_close(c);
			return;
		}
		c->call = new_call(c);
		break;
	case CONN_BODY: break;
	case CONN_POOL: conn_deadline(c, INT64_MAX); return;
	case CONN_STREAM:
		if (stream_beat(c->stream))
			conn_run(c);
		else
			conn_close(c);
		return;
	default: conn_close(c); return;
	}
	refuse(c, ERR_TIMEOUT, "The request took too long to arrive");
	conn_run(c);
}

void conn_stop(struct conn *c, bool forced) {
	if (forced) {
		conn_close(c);
	} else if (c->state == CONN_HEAD && c->left == 0) {
		c->can_read = true; /* a request may have come that no event has told of yet */
		conn_run(c);
	} else if (c->state == CONN_STREAM) {
		stream_finish(c->stream, WEBSOCKET_AWAY);
		conn_run(c);
	}
}

void conn_close(struct conn *c) {
	struct loop *l = c->loop;
	/* A worker still has the call: what it brings back ends the connection. */
	if (c->state == CONN_POOL) {
		c->broken = true;
		return;
	}
	if (c->call) {
		c->stream = c->call->x.reply.stream;
		call_return(&l->stock, c->call);
	}
	drop_stream(c);
	if (c->is_ready)
		TAILQ_REMOVE(&l->ready, c, turn);
	wheel_remove(&c->timer);
	LIST_REMOVE(c, all);
	transport_end(c);
	close(c->fd);
	free(c->own);
	free(c);
	atomic_fetch_sub_explicit(&l->load, 1, memory_order_relaxed);
}
