/* Compression of replies made at the moment of asking: quick levels. Any thread.
 *
 * A context of zstd or deflate is large, so a few are kept for all threads together; more are made and freed when more pack at once. */
#ifndef NET_COMPRESS_H
#define NET_COMPRESS_H

#include "base/buf.h"
#include "wire/encoding.h"

struct packers;

struct packers *packers_new(void);
/* When nothing packs any more. */
void packers_free(struct packers **ps);

/* Appends the packed bytes to out. False when it would not get smaller: then out is as before. */
bool compress_body(struct packers *ps, enum encoding e, struct str in, struct buf *out);

#endif
