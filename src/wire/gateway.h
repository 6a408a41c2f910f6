/* How a gateway for text messages wants to be asked over HTTP, written down by the owner as a request with blanks in it. No I/O. Any
 * thread.
 *
 * Either an address alone, which is fetched:
 *
 *     https://gateway.example/send?to={to}&text={text}
 *
 * or a whole request in a file, as one would write it by hand (lines before it that begin with "#" are remarks):
 *
 *     POST https://gateway.example/v1/messages
 *     Content-Type: application/json
 *     Authorization: Bearer {file:/etc/freehold/gateway.token}
 *     Freehold-Expect: "accepted"
 *
 *     {"recipient": "{to}", "message": "{text}"}
 *
 * Blanks: {to} is the number ("+4915112345678"), {digits} the same without "+", {text} the message, {file:/PATH} what that file holds. What
 * is filled in is escaped for the place where the blank stands: percent-escapes in the address and in a form, JSON's in a string of JSON,
 * XML's in XML, and nothing that would end a header in a header. Headers named Freehold-… are for us and are not sent. */
#ifndef WIRE_GATEWAY_H
#define WIRE_GATEWAY_H

#include "base/arena.h"
#include "base/err.h"

enum { GATEWAY_HEADERS = 16, GATEWAY_MAX = 16 * 1024 };
enum gateway_body { GATEWAY_NO_BODY, GATEWAY_FORM, GATEWAY_JSON, GATEWAY_XML, GATEWAY_TEXT };

/* Views into what was parsed; blanks are still blank. */
struct gateway {
	struct str method;       /* "GET", "POST", "PUT" */
	struct str origin, host; /* "https://gateway.example:8080"; the host without port and brackets */
	struct str target;       /* path and query, from "/" on; may be empty: "/" */
	bool secure;             /* https */
	struct str headers[GATEWAY_HEADERS];
	size_t header_count;
	enum gateway_body kind;
	struct str body;
	struct str expect;  /* Freehold-Expect: taken over is a message only when the answer holds this; empty: whenever it is a 2xx */
	struct str refused; /* Freehold-Refused: an answer that holds this refuses the number for good; empty: none */
};

/* ERR_INVALID says what is wrong, without the text itself, which may hold secrets. Plain http goes to loopback and private addresses only.
 */
err gateway_parse_address(struct str in, struct gateway *out);
err gateway_parse_request(struct str in, struct gateway *out);

struct gateway_values {
	struct str to, text;                                         /* "+…"; UTF-8 */
	err (*read)(void *ctx, struct str path, struct str *secret); /* what {file:…} stands for, without its end of line */
	void *ctx;
};

struct gateway_filled {
	struct str target, body;
	struct str headers[GATEWAY_HEADERS];
};

/* Copies in the arena. The errors of read; ERR_INVALID when a value cannot stand where it is wanted. */
err gateway_fill(struct arena *a, const struct gateway *g, const struct gateway_values *v, struct gateway_filled *out);

#endif
