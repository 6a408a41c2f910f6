/* The HTTP server: HTTP/1.1 over epoll, one loop thread per core, a pool of workers (design §4).
 *
 * An exchange is one request and its reply. A loop thread reads the whole header and calls handler.on_loop there: it may answer at once
 * (LOOP_DONE: from memory, in microseconds), or ask for the pool (LOOP_POOL), which then has the whole body: up to 64 KiB in memory, larger
 * ones in an unlinked file. A worker calls handler.on_pool, which fills x->reply before it returns. An exchange belongs to the thread that
 * runs it; the server owns its memory and reuses its arena for the next.
 *
 * LOOP_AHEAD asks a worker before the body is read: on_pool runs with x->ahead set. Either it sets x->reply, and the body is never read; or
 * it sets x->body_limit, and perhaps x->sink_fd, a file of its own that the body goes to as it arrives; then on_pool runs again, with the
 * body. What arrived in a sink stays there when the connection breaks. A body to a sink has to keep moving (header_ms).
 *
 * The server does by itself: framing, strictness (RFC 9112), deadlines, Expect, HEAD, Date, Content-Length, compression of compressible
 * bodies by Accept-Encoding, ranges and If-None-Match/If-Range for files, keep-alive, TLS, PROXY header and forwarding headers of trusted
 * proxies. */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "wire/http1.h"

struct server;
struct exchange;
struct stream;

enum loop_result { LOOP_DONE, LOOP_POOL, LOOP_AHEAD };

/* How a reply's body leaves. */
enum reply_kind {
	REPLY_BYTES,  /* reply.body */
	REPLY_SHARED, /* reply.shared: bytes that outlive the request (embedded assets), not copied */
	REPLY_FILE,   /* reply.fd from reply.file_offset, reply.file_size bytes; the server closes fd; sendfile, ranges */
	REPLY_PIECES, /* reply.pieces: as a file of reply.file_size bytes; a worker fetches each piece when the client has taken the last */
	REPLY_STREAM, /* headers now; the connection becomes reply.stream (SSE, or WebSocket after 101) */
};

/* A body that is elsewhere: no worker is held while the client reads. */
struct pieces {
	/* On a worker: makes bytes from `at` on readable in *fd at *offset, *n of them (at least one). They stay until the next fetch. An
	 * err before the first piece is the answer; a later one cuts the connection. */
	err (*fetch)(struct pieces *p, int64_t at, int *fd, int64_t *offset, int64_t *n);
	/* Closes its file too. */
	void (*free)(struct pieces *p);
};

struct reply {
	enum reply_kind kind;
	int status;       /* 0 until somebody set it */
	struct buf head;  /* extra header lines, each "Name: value\r\n"; use reply_header */
	const char *type; /* Content-Type; NULL for none */
	struct buf body;
	struct str shared;
	const char *encoding; /* of shared/file bytes that are already compressed: "br", "zstd", "gzip"; NULL otherwise */
	bool no_compress;
	bool close; /* end the connection after this reply */
	int fd;
	int64_t file_offset, file_size;
	struct pieces *pieces; /* the server frees it */
	struct stream *stream;
};

struct exchange {
	const struct http1_request *req; /* method, target, headers; lives as long as the exchange. NULL in on_error when there was none */
	struct server *server;
	struct arena *arena;
	struct str peer;   /* the client's address as text, after trusted proxies */
	bool secure;       /* https here, or said so by a trusted proxy */
	bool forwarded;    /* the request carries a forwarding header: never counts as loopback */
	bool loopback;     /* peer is a loopback address and not forwarded */
	size_t body_limit; /* set by on_loop before LOOP_POOL; 0: a body is refused. Default 0 */
	struct str body;   /* the whole body when it is in memory */
	int body_fd;       /* otherwise the file it is in (offset 0), or -1 */
	int64_t body_size;
	bool ahead;      /* on_pool runs before the body is read */
	int sink_fd;     /* where the body goes instead, from sink_at on; -1: nowhere. The server closes it after the reply */
	int64_t sink_at; /* bytes */
	struct reply reply;
	void *user; /* the handler's, lives as long as the exchange */
};

/* Name and value must not contain CR, LF or NUL; a bug if they do. */
void reply_header(struct reply *r, struct str name, struct str value);

struct handler {
	void *ctx;
	enum loop_result (*on_loop)(void *ctx, struct exchange *x);
	/* worker_ctx is what new_worker returned on this worker's thread (its database connection). */
	void (*on_pool)(void *ctx, void *worker_ctx, struct exchange *x);
	/* The net found the request bad (code), before on_loop or while reading the body: fill x->reply.
	 * x->req is NULL where the header could not be read. */
	void (*on_error)(void *ctx, struct exchange *x, enum err_code code, const char *text);
	void *(*new_worker)(void *ctx);
	void (*free_worker)(void *ctx, void *worker_ctx);
	/* Called after each reply was sent whole: for the access log and metrics. micros: from the first byte of the header. */
	void (*on_sent)(void *ctx, const struct exchange *x, int64_t bytes, int64_t micros);
};

/* An address that is taken, though nobody can connect to it yet: for who must know the real port before the start. */
struct server_place {
	int fd;
	char address[64]; /* with the real port; empty: none is taken */
};
/* "ADDR:PORT"; "[::1]:0" and port 0 work. The place is server_start's, or given back by server_leave. */
err server_bind(struct str listen, struct server_place *out);
void server_leave(struct server_place *p);

struct server_options {
	struct str listen;            /* where to, unless a place is given */
	struct server_place place;    /* taken over whatever comes of it */
	struct str tls_cert, tls_key; /* PEM files; empty: plain. Looked at again every few seconds */
	struct str trusted_proxies;   /* comma-separated addresses and CIDR ranges */
	struct str spool_dir;         /* where large bodies wait */
	int loops;                    /* 0: one per core */
	int workers;                  /* that run at a time; 0: four per core, at least 8 */
	int64_t header_ms, idle_ms, body_bytes_per_s, max_connections;
};

err server_start(struct server **out, const struct server_options *o, const struct handler *h);
/* The address it listens on, with the real port. */
struct str server_address(const struct server *s);
/* Stops accepting, lets requests finish (at most grace_ms), closes streams, joins all threads. */
void server_stop(struct server **s, int64_t grace_ms);

/* On a worker's thread, around its waiting for another thread: another worker runs meanwhile. */
void server_waits(struct server *s, bool waiting);
/* Runs fn(arg, worker_ctx) on a pool worker: for work that streams start. */
void server_pool(struct server *s, void (*fn)(void *arg, void *worker_ctx), void *arg);

struct server_stats {
	int64_t connections, streams, requests, busy_workers, queued;
};
void server_stats(const struct server *s, struct server_stats *out);

#endif
