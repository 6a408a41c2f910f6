/* Blobs as files: DIR/ab/cd/<64 hexadecimal digits>, 65,536 folders so that tens of millions of files stay quick to reach.
 *
 * A file is written without a name, synced, linked into its place, and the folder synced: a power cut leaves the whole file or none, and a
 * crash nothing. On systems without such files (O_TMPFILE) it is written in DIR/new and renamed instead; what a crash leaves there is
 * cleared by a blob_files_open an hour later or more.
 *
 * Nobody writes to a file any more once it is in its place. Its time is its seal: the seconds are when it was put, the nanoseconds a hash
 * of name, seconds and length. A file whose seal is broken is compared with its name before a byte of it is read. */
#ifndef BLOB_FILES_H
#define BLOB_FILES_H

#include "blob/blob.h"

/* Creates DIR (0700) where it is missing. secret: 32 bytes, what names are made with; NULL: unknown, and broken seals tell nothing.
 * ERR_UNAVAILABLE when it cannot be written. */
err blob_files_open(struct blobs **out, struct str dir, const char *secret);

#endif
