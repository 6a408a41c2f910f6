/* HTTP/1.1 requests, parsed strictly (RFC 9112, RFC 9110). No I/O: bytes in, views out.
 *
 * Refused with 400: bare LF, obsolete folding, white space around header names, control characters, two Content-Length, Content-Length
 * beside Transfer-Encoding, any Transfer-Encoding but "chunked", a missing or second Host, a target that is not origin-form (or "*" for
 * OPTIONS, or absolute-form, which is reduced to its path). 431 over the limits, 501 an unknown method, 505 another version. */
#ifndef WIRE_HTTP1_H
#define WIRE_HTTP1_H

#include "base/str.h"

enum { HTTP1_MAX_HEADERS = 64, HTTP1_MAX_HEAD = 16 * 1024 };

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_METHOD_COUNT };
const char *http_method_name(enum http_method m);

struct http1_header {
	struct str name, value;
};

/* All strs point into the bytes given to http1_parse. */
struct http1_request {
	enum http_method method;
	struct str target; /* as received */
	struct str path;   /* before "?", still percent-encoded */
	struct str query;  /* after "?", without it */
	int minor;         /* HTTP/1.minor */
	struct http1_header headers[HTTP1_MAX_HEADERS];
	int header_count;
	int64_t content_length; /* -1: none */
	bool chunked, keep_alive, expect_continue;
};

enum http1_result { HTTP1_DONE, HTTP1_MORE, HTTP1_BAD };

/* Parses a whole head. HTTP1_DONE: *used bytes are the head, r is filled. HTTP1_MORE: read on. HTTP1_BAD: *status is what to answer
 * (400, 431, 501, 505) and *why a constant text. */
enum http1_result http1_parse(struct str in, struct http1_request *r, size_t *used, int *status, const char **why);

/* The value of the first header of that name (any case), or empty. */
struct str http1_header(const struct http1_request *r, struct str name);

/* Decoder of a chunked body (RFC 9112 §7.1): feed bytes, get the payload in place. Extensions are ignored, trailers dropped. */
struct http1_chunks {
	int state;
	uint64_t left;
	size_t line;
};
/* Consumes from in; *used bytes consumed, *data the payload among them (may be empty). DONE after the last chunk's trailer section. */
enum http1_result http1_chunks_feed(struct http1_chunks *c, struct str in, size_t *used, struct str *data);

#endif
