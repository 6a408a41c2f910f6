/* Network addresses of peers and clients (ranges: wire/cidr.h). No I/O. Any thread.
 *
 * IPv4 is kept as IPv4-mapped IPv6, so that one comparison serves both and a mapped peer equals its IPv4 form. */
#ifndef WIRE_ADDRESS_H
#define WIRE_ADDRESS_H

#include "base/str.h"

struct address {
	unsigned char b[16];
};

/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; with a port behind it too ("192.0.2.1:80", "[::1]:80"), which is dropped. */
bool address_parse(struct str in, struct address *out);

enum { ADDRESS_TEXT = 46 };
/* Writes the shortest usual form and a NUL; the str points into text. */
struct str address_text(const struct address *a, char text[ADDRESS_TEXT]);

bool address_is_v4(const struct address *a);
bool address_is_loopback(const struct address *a);
/* Anything that is not a public unicast address: loopback, private, link-local, shared, documentation, multicast, unspecified,
 * and the IPv6 forms that carry such an IPv4 address inside (mapped, NAT64, 6to4). */
bool address_is_private(const struct address *a);

#endif
