/* Blobs as objects of an S3-compatible store: one object a blob, its key PREFIX and the 64 hexadecimal digits of its name.
 *
 * Sent: the SHA-256 of each body, which the store checks, and as metadata the checksums of the blob's chunks (sums.h). Read: chunk by
 * chunk, each compared with them before a byte of it is handed on; an object without them is read whole once and compared with its name.
 * Above PART_MOST an object goes up in parts, which are given up when one fails. */
#ifndef BLOB_S3_H
#define BLOB_S3_H

#include "blob/blob.h"
#include "blob/store.h"

/* ERR_INVALID for an address that is none, or without keys. */
err blob_s3_open(struct blobs **out, struct str address, const struct store_means *means);

/* Asks the store whether the bucket can be listed. ERR_INVALID: it refuses, and the text says why (keys, clock, bucket); ERR_UNAVAILABLE:
 * it does not answer. Of a store of another kind: NULL. */
err blob_s3_probe(struct blobs *b);

/* Gives up uploads in parts that were begun more than a day ago and never ended; *n of them. Of a store of another kind: none. */
err blob_s3_give_up_old(struct blobs *b, int *n);

#endif
