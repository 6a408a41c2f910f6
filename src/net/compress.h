/* Compression of replies made at the moment of asking: quick levels, contexts kept by each thread. Any thread. */
#ifndef NET_COMPRESS_H
#define NET_COMPRESS_H

#include "base/buf.h"
#include "wire/encoding.h"

/* Appends the packed bytes to out. False when it would not get smaller: then out is as before. */
bool compress_body(enum encoding e, struct str in, struct buf *out);

/* Frees this thread's contexts; at the end of a thread. */
void compress_thread_end(void);

#endif
