/* A connection: a list of named steps, each of which goes on, waits for the socket or ends it. Its loop's thread only.
 *
 *   handshake → proxy → head → (ahead) → body → (pool) → reply → head …          or reply → stream, reply → linger
 *
 * Registered once with epoll, edge-triggered: can_read and can_write remember what the kernel said. While idle it holds this struct and
 * no buffer; what is read is used from the loop's scratch memory, and only what must wait for more is copied into memory of its own. */
#ifndef NET_CONN_H
#define NET_CONN_H

#include "net/loop.h"

#include <openssl/types.h>

enum conn_state {
	CONN_HANDSHAKE,
	CONN_PROXY,
	CONN_HEAD,
	CONN_AHEAD,
	CONN_BODY,
	CONN_POOL,
	CONN_REPLY,
	CONN_LINGER,
	CONN_STREAM,
	CONN_STATES
};

struct conn {
	struct loop *loop;
	LIST_ENTRY(conn) all;
	TAILQ_ENTRY(conn) turn;
	struct timer timer;
	struct note note; /* brings it to its loop */
	int fd;
	unsigned char state; /* enum conn_state */
	bool can_read, can_write, hung_up, broken, is_ready, unread;
	bool proxied;           /* a PROXY header named the peer */
	uint32_t left, own_cap; /* bytes at `at` not used yet; size of own */
	char *own, *at;         /* at: into own or into the loop's scratch */
	int64_t since;          /* when the present body or reply began, ms */
	int64_t first_byte_ns;
	struct call *call;
	struct stream *stream;
	SSL *ssl;
	struct address peer;
	char peer_text[ADDRESS_TEXT];
};

/* Makes a connection of an accepted socket; it starts when conn_begin runs on its loop. */
struct conn *conn_new(struct loop *l, int fd, const struct address *peer);
void conn_begin(struct conn *c);
/* Goes on with its steps as far as the socket lets it. */
void conn_run(struct conn *c);
/* Its deadline has passed. */
void conn_expired(struct conn *c);
/* The loop stops: ends it if nothing is in progress on it, or in any case. */
void conn_stop(struct conn *c, bool forced);
void conn_close(struct conn *c);

/* Moves its deadline. */
void conn_deadline(struct conn *c, int64_t at_ms);

#endif
