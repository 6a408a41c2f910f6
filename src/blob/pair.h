/* A store that may become another while it is used: everything new goes to the one of now, what is not there yet is read from the old one.
 *
 * The site's store always is a pair; without an old store it hands everything on. Stores that were turned away stay open until the pair is
 * closed, because replies may still read from them. Any thread. */
#ifndef BLOB_PAIR_H
#define BLOB_PAIR_H

#include "blob/blob.h"

/* Takes over both; old may be NULL. */
struct blobs *blob_pair_new(struct blobs *now, struct blobs *old);
/* Each may be one it has already, or a new one that it takes over; old may be NULL. */
void blob_pair_turn(struct blobs *pair, struct blobs *now, struct blobs *old);
/* The present ones; *old NULL when nothing is moving. They live as long as the pair. */
void blob_pair_stores(struct blobs *pair, struct blobs **now, struct blobs **old);

#endif
