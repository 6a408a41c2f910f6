/* Cookies (RFC 6265). No I/O. Any thread. */
#ifndef WIRE_COOKIE_H
#define WIRE_COOKIE_H

#include "base/buf.h"

/* The value of the first cookie of that name in a Cookie header, without quotes; empty when there is none. A view. */
struct str cookie_get(struct str header, struct str name);

/* Appends the value of a Set-Cookie header: HttpOnly, SameSite=Lax, Path=/. An empty value deletes the cookie. max_age in seconds;
 * name and value must be cookie-octets already (tokens, base64url): a bug otherwise. */
void cookie_set(struct buf *out, struct str name, struct str value, int64_t max_age, bool secure);

#endif
