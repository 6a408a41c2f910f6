/* AWS Signature Version 4 as S3 wants it ("Authenticating Requests: Using the Authorization Header", "… Using Query Parameters" in the
 * Amazon S3 API reference). No I/O, no clock: the time is an argument. Any thread.
 *
 * Path and query are given as they are meant, not encoded; here every byte but A-Z a-z 0-9 - . _ ~ becomes %XX (a slash of the path stays),
 * the query is sorted by its encoded names, and a name without a value keeps its "=". What sigv4_target writes is what must stand in the
 * request line: servers sign what they read there. */
#ifndef WIRE_SIGV4_H
#define WIRE_SIGV4_H

#include "base/buf.h"

enum { SIGV4_TIME = 16, SIGV4_HEX = 64, SIGV4_MAX_PAIRS = 32, SIGV4_MAX_SECONDS = 7 * 24 * 3600 };

struct sigv4_pair {
	struct str name, value;
};

struct sigv4_request {
	struct str method, path;                  /* path: from the first slash on */
	const struct sigv4_pair *query, *headers; /* at most SIGV4_MAX_PAIRS each, in any order; headers: those to sign, host among them */
	size_t query_count, header_count;
	struct str payload; /* the body's SHA-256 in hexadecimal, or "UNSIGNED-PAYLOAD" */
};

/* The key of one day, region and service: made once, good for every request of that day. */
struct sigv4_key {
	unsigned char b[32];
};

struct sigv4_scope {
	struct str access_key, region, service;
	char time[SIGV4_TIME + 1]; /* "20130524T000000Z" */
	struct sigv4_key key;
};

/* Milliseconds since 1970 as "20130524T000000Z". */
void sigv4_time(int64_t ms, char out[SIGV4_TIME + 1]);
/* Fills a scope; the strings are kept, not copied. */
void sigv4_scope_init(struct sigv4_scope *s, struct str access_key, struct str secret, struct str region, struct str service, int64_t ms);

/* "PATH?QUERY", encoded and sorted; without "?" when there is no query. */
void sigv4_target(struct buf *out, const struct sigv4_request *r);
/* The canonical request of the specification. */
void sigv4_canonical(struct buf *out, const struct sigv4_request *r);
/* The value of the Authorization header. x-amz-date (scope.time) and x-amz-content-sha256 (r->payload) must be among the headers. */
void sigv4_authorization(struct buf *out, const struct sigv4_scope *s, const struct sigv4_request *r);
/* A target that anybody may use for `seconds` (1 … SIGV4_MAX_SECONDS). r->headers is host alone, r->payload is ignored, and r->query has
 * room for five more pairs. */
void sigv4_presigned(struct buf *out, const struct sigv4_scope *s, const struct sigv4_request *r, int64_t seconds);

#endif
