/* Internet addresses and ranges of them, as text: "192.0.2.7", "192.0.2.0/24", "2001:db8::/32" (RFC 4632, RFC 4291 §2.3). No I/O. Any
 * thread.
 *
 * An IPv4 address written as IPv6 ("::ffff:192.0.2.7") is the IPv4 address. Zones ("%eth0") and host names are not addresses. */
#ifndef WIRE_CIDR_H
#define WIRE_CIDR_H

#include "base/buf.h"

struct cidr {
	unsigned char bytes[16]; /* network order, IPv4 as ::ffff:a.b.c.d; bits behind the prefix are zero */
	int prefix;              /* of 128: an IPv4 range of /24 has 120 */
};

/* False for what is neither an address nor a range. An address alone is the range of itself. Brackets around IPv6 are allowed. */
bool cidr_parse(struct str text, struct cidr *out);
/* Whether all of `inner` lies in `range`. */
bool cidr_contains(const struct cidr *range, const struct cidr *inner);
/* Appends the canonical form, always with its prefix: "192.0.2.0/24". */
void cidr_text(struct buf *out, const struct cidr *c);

/* Cuts the next item of a comma- or space-separated list; it need not be a range. False at the end. */
bool cidr_next(struct str *list, struct str *item);
/* Whether the address lies in one of the comma- or space-separated ranges; false when it is not an address, ranges that are none are passed
 * over. */
bool cidr_any(struct str ranges, struct str address);

#endif
