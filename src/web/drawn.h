/* What people look like who chose no picture: hills under a sun, drawn from a number, the same every time. As PNG, which every client
 * shows. */
#ifndef WEB_DRAWN_H
#define WEB_DRAWN_H

#include "base/buf.h"

/* Appends the file (W3C PNG). Takes a millisecond or two: not on a loop. */
void drawn_hills(struct buf *out, uint64_t seed, int width, int height);

#endif
