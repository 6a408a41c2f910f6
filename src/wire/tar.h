/* Tar headers (POSIX.1-2001, pax(1): ustar and pax records; GNU's long names and base-256 sizes): one block of 512 bytes describes the
 * entry whose bytes follow it, filled up to whole blocks. No I/O; any thread. Names are what the archive says: never use one as a path. */
#ifndef WIRE_TAR_H
#define WIRE_TAR_H

#include "base/err.h"
#include "base/str.h"

enum { TAR_BLOCK = 512, TAR_NAME_MAX = 255, TAR_WRITE_NAME_MAX = 100 };

enum tar_kind {
	TAR_END, /* a block of zeros: nothing follows */
	TAR_FILE,
	TAR_PAX,       /* records about the next entry: tar_pax */
	TAR_LONG_NAME, /* the next entry's name */
	TAR_OTHER,     /* folders, links, devices: to be passed over */
};
struct tar_entry {
	enum tar_kind kind;
	char name[TAR_NAME_MAX + 1];
	size_t name_n;
	int64_t size; /* bytes that follow, 0 or more */
};

/* ERR_INVALID when the block is no header or its sum is wrong. */
err tar_read(const char block[TAR_BLOCK], struct tar_entry *out);

/* Of a pax header's bytes: path (empty: none) and size (-1: none) of the next entry. ERR_INVALID when they are no records. */
err tar_pax(struct str records, struct str *path, int64_t *size);

/* The header of a file; the name has at most TAR_WRITE_NAME_MAX bytes. seconds: when it was made, since 1970. */
void tar_write(char block[TAR_BLOCK], struct str name, int64_t size, int64_t seconds);

/* Bytes of filling behind an entry of this size. */
static inline size_t tar_filling(int64_t size) { return (size_t)(-size & (TAR_BLOCK - 1)); }

#endif
