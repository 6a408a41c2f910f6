/* Bytes of a connection that came and are not used yet: c->left of them at c->at. Its loop's thread only.
 *
 * They are read into the loop's scratch memory and mostly used there within the turn; what must wait moves to memory of the connection. */
#ifndef NET_INPUT_H
#define NET_INPUT_H

#include "net/conn.h"

#include <sys/types.h>

/* Reads once more: a count, or IO_WAIT, IO_ENDED, IO_FAILED (net/transport.h). In the head a connection holds HTTP1_MAX_HEAD bytes at most,
 * and the parser refuses a head that fills them. */
ssize_t input_fill(struct conn *c);
/* The first n are used. */
void input_use(struct conn *c, size_t n);
/* The turn ends: the scratch memory will be another's. */
void input_park(struct conn *c);

#endif
