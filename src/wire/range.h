/* Ranges and validators (RFC 9110 §8.8.3, §13, §14). No I/O. Any thread. */
#ifndef WIRE_RANGE_H
#define WIRE_RANGE_H

#include "base/str.h"

enum range_result {
	RANGE_WHOLE,  /* none asked, or one we may ignore (malformed, several, another unit): send everything */
	RANGE_PART,   /* *from … *from + *n of the bytes */
	RANGE_BEYOND, /* 416 */
};
enum range_result range_parse(struct str header, int64_t size, int64_t *from, int64_t *n);

/* Whether an If-None-Match list holds this entity tag or is "*"; weak comparison. */
bool etag_in(struct str list, struct str etag);
/* Whether an If-Range value lets a range of the representation with this entity tag be sent: strong comparison; a date never does. */
bool etag_is_same(struct str if_range, struct str etag);

#endif
