/* WebSocket framing (RFC 6455), the server's side. No I/O: bytes in, whole messages out. One thread at a time.
 *
 * Strict: client frames must be masked, no reserved bits or opcodes, control frames whole and short, fragments in order, text UTF-8,
 * a message at most the limit. */
#ifndef WIRE_WEBSOCKET_H
#define WIRE_WEBSOCKET_H

#include "base/buf.h"

enum { WEBSOCKET_CONTROL_MAX = 125, WEBSOCKET_KEY = 24, WEBSOCKET_ACCEPT = 28 };
enum { WEBSOCKET_OP_TEXT = 1, WEBSOCKET_OP_BINARY = 2, WEBSOCKET_OP_CLOSE = 8, WEBSOCKET_OP_PING = 9, WEBSOCKET_OP_PONG = 10 };
/* Close codes (§7.4.1). */
enum {
	WEBSOCKET_NORMAL = 1000,
	WEBSOCKET_AWAY = 1001,
	WEBSOCKET_PROTOCOL = 1002,
	WEBSOCKET_UNSUPPORTED = 1003,
	WEBSOCKET_NO_STATUS = 1005,
	WEBSOCKET_NOT_UTF8 = 1007,
	WEBSOCKET_TOO_BIG = 1009
};

struct websocket {
	size_t limit;       /* of one message; set by the owner, the rest starts as zero */
	struct buf message; /* fragments so far; empty between messages */
	uint64_t left;      /* of the present frame's payload */
	unsigned char head[14], control[WEBSOCKET_CONTROL_MAX];
	unsigned char have, need, control_n, mask_at;
	unsigned char opcode, message_opcode; /* message_opcode: 0 outside a fragmented message */
	bool fin, in_payload;
};
void websocket_free(struct websocket *w);

enum websocket_event { WEBSOCKET_MORE, WEBSOCKET_TEXT, WEBSOCKET_BINARY, WEBSOCKET_PING, WEBSOCKET_PONG, WEBSOCKET_CLOSE, WEBSOCKET_BAD };

/* Consumes *used bytes of in, which are unmasked in place. payload: the message or the control frame's data, valid until the next feed.
 * code: for WEBSOCKET_CLOSE the peer's (WEBSOCKET_NO_STATUS without one), for WEBSOCKET_BAD what to close with. MORE: all was consumed. */
enum websocket_event websocket_feed(struct websocket *w, char *in, size_t n, size_t *used, struct str *payload, int *code);

/* Appends one whole unmasked frame. */
void websocket_frame(struct buf *out, int opcode, struct str payload);
/* Appends a close frame with this code. */
void websocket_close_frame(struct buf *out, int code);

/* Sec-WebSocket-Accept of a Sec-WebSocket-Key; false when the key is not 16 bytes of base64 (§4.2.1). */
bool websocket_accept(struct str key, char accept[WEBSOCKET_ACCEPT + 1]);

#endif
