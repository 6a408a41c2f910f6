/* What a front says of the client: the PROXY protocol's header, versions 1 and 2 (haproxy.org, proxy-protocol.txt), and X-Forwarded-For.
 * No I/O; who is believed is decided by the caller. Any thread. */
#ifndef WIRE_PROXY_H
#define WIRE_PROXY_H

#include "wire/address.h"

enum proxy_result {
	PROXY_NONE, /* the bytes are no such header: they belong to the request */
	PROXY_MORE, /* it may become one: read on (at most 536 bytes) */
	PROXY_DONE, /* *used bytes are the header; *known tells whether it named the client */
	PROXY_BAD,
};

enum proxy_result proxy_parse(struct str in, size_t *used, bool *known, struct address *client);

/* Cuts the last item from an X-Forwarded-For list; false when nothing is left or it is no address (*bad). */
bool proxy_last_forwarded(struct str *list, struct address *out, bool *bad);

#endif
