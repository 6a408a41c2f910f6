/* Where bodies wait that are too large for memory: files without a name, gone with their descriptor. Any thread. */
#ifndef NET_SPOOL_H
#define NET_SPOOL_H

#include "base/err.h"

/* A new empty file in dir, readable and writable. */
err spool_open(struct str dir, int *fd);
/* Writes at offset, into any file. ERR_UNAVAILABLE when the disk is full. */
err spool_write(int fd, int64_t offset, struct str bytes);

#endif
