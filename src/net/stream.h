/* Streams: connections that stay open and get events — server-sent events (WHATWG HTML §9.2) and WebSockets (RFC 6455).
 *
 * A handler makes a stream, sets exchange.reply to REPLY_STREAM with it, and keeps its reference; from then on any thread may send.
 * A slow reader whose queue passes the limit is closed (it reconnects and reads what it missed by the API).
 * Heartbeats (":thump" comments, WebSocket pings) are sent by the server every 15 s. */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "base/buf.h"
#include "net/server.h"

enum stream_kind { STREAM_SSE, STREAM_WEBSOCKET };

/* Bytes shared by many streams: made once, counted, freed by the last. Any thread. */
struct payload;
struct payload *payload_new(struct str bytes); /* copies; one reference */
struct payload *payload_ref(struct payload *p);
void payload_unref(struct payload **p);

struct stream_events {
	/* A whole text message came (WebSocket only), on the loop thread: must not block; server_pool for more. */
	void (*on_message)(void *ctx, struct stream *s, struct str text);
	/* The connection is gone; nothing is sent any more. Called once, on the loop thread. Drop your reference here. */
	void (*on_close)(void *ctx, struct stream *s);
};

/* One reference is the caller's, one the connection's. For STREAM_WEBSOCKET the exchange must be a valid upgrade (err otherwise):
 * it sets the 101 reply and its headers; subprotocol (may be empty) is echoed. For STREAM_SSE it sets 200 and text/event-stream. */
err stream_open(struct exchange *x, enum stream_kind kind, struct str subprotocol, const struct stream_events *events, void *ctx,
                struct stream **out);
struct stream *stream_ref(struct stream *s);
void stream_unref(struct stream **s);

/* Queues bytes already framed for this kind by stream_frame_*; shared, not copied. Any thread, never blocks. */
void stream_send(struct stream *s, struct payload *p);
void stream_close(struct stream *s);

/* "event: NAME\ndata: …\n\n", and one WebSocket text frame. data must be a single line. */
struct payload *stream_frame_sse(struct str event, struct str data);
struct payload *stream_frame_websocket(struct str text);

/* ── for net/ itself, on the loop's thread ── */

struct conn;

/* The reply's head has left: events may follow on this connection, which now owns the connection's reference. */
void stream_attach(struct stream *s, struct conn *c);
/* Writes what is queued: IO_WAIT when the socket is full, 1 when all is out and the stream goes on, IO_ENDED when it was the end. */
int stream_write(struct stream *s, struct conn *c);
/* Bytes from the client. */
void stream_read(struct stream *s, char *in, size_t n);
/* A heartbeat is due; false: the reader took nothing since the last one, end the connection. */
bool stream_beat(struct stream *s);
/* Queues the end; stream_write tells when it is out. */
void stream_finish(struct stream *s, int websocket_code);
/* The connection is gone, or there will be none: on_close, and the connection's reference. */
void stream_gone(struct stream **s);

#endif
