/* Addresses and query strings (RFC 3986, and the urlencoded form of WHATWG URL §5). No I/O: bytes in, views or arena copies out. Any
 * thread.
 *
 * Decoding is strict: a broken %-escape, a NUL or bytes that are not UTF-8 afterwards are ERR_BAD_REQUEST, with a text that says so. */
#ifndef WIRE_URL_H
#define WIRE_URL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* One path segment or path, percent-decoded; "+" stays. The input itself when there is nothing to decode. */
err url_decode_path(struct arena *a, struct str in, struct str *out);
/* One name or value of a query or form: like the above, but "+" is a space. */
err url_decode_form(struct arena *a, struct str in, struct str *out);

/* Cuts the next pair of a query ("a=1&b") from *rest, both still encoded; skips empty pairs. False at the end. */
bool url_next_pair(struct str *rest, struct str *name, struct str *value);

/* Whether an encoded name is this plain one, without decoding into memory: "poll%5Boptions%5D" is "poll[options]". */
bool url_form_equals(struct str encoded, struct str plain);

/* The parts of an absolute address. Views into the input; port 0 when none was written. */
struct url {
	struct str scheme, host, path, query, fragment; /* host without the brackets of IPv6 */
	int port;
	bool has_authority, has_userinfo;
};
/* False for anything that is not "scheme:…" made of the characters RFC 3986 allows (no spaces, no control characters, ASCII only). */
bool url_split(struct str in, struct url *out);

/* Appends "name=value" with both encoded, after "?" or "&" as it fits what the buf holds so far. */
void url_add_pair(struct buf *b, struct str name, struct str value);

#endif
