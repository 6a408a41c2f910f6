/* From what a handler answered to the bytes that leave: status line, Date, lengths, conditions, ranges, compression. No I/O.
 *
 * Runs on whichever thread wrote the reply; then the loop only sends. */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include "net/call.h"
#include "wire/encoding.h"

struct packers;

/* The coding this reply's body should be packed with; ENCODING_NONE for most. Packing is worth a worker (compress.h). */
enum encoding reply_encoding(const struct call *c);

/* Fills c->head and what follows it. keep: whether the connection may stay open after it. */
void reply_finish(struct call *c, struct packers *ps, enum encoding e, bool keep);

#endif
