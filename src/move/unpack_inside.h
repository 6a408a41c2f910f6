/* Inside move/unpack: the two kinds of archives. */
#ifndef MOVE_UNPACK_INSIDE_H
#define MOVE_UNPACK_INSIDE_H

#include "move/unpack.h"

#include <sodium.h>
#include <zlib.h>
#include <zstd.h>

enum { UNPACK_PIECE = 128 * 1024 };
enum unpack_packing { PACKED_NOT, PACKED_GZIP, PACKED_ZSTD, PACKED_ZIP };

struct unpack {
	int fd;
	enum unpack_packing packing;
	int64_t file_size, at; /* of the file's bytes, those read */
	int64_t limit, given;  /* unpacked bytes in all */
	int64_t entries;
	bool ended;
	char name[UNPACK_NAME_MAX + 1];
	size_t name_n;
	int64_t left; /* of the entry's bytes */
	/* packed bytes */
	char *in;
	size_t in_at, in_n;
	z_stream z;
	bool z_open, z_over;
	ZSTD_DStream *zstd;
	size_t zstd_hint;
	/* tar */
	size_t filling;
	crypto_hash_sha256_state digest, digest_before;
	/* zip */
	char *directory; /* malloc'd */
	struct str rest;
	uint64_t entries_left;
	int64_t packed_left;
	uint32_t crc, crc_now;
	int method;
};

/* Reads packed bytes into u->in when it is empty; in_n == 0: the file's end. */
err unpack_fill(struct unpack *u, int64_t most);
/* Inflates at least a byte into `to`, until the stream is over. packed_left: bytes it may take from the file, counted down; NULL: all. */
err unpack_inflate(struct unpack *u, int64_t *packed_left, void *to, size_t n, size_t *got);
err unpack_damaged(const struct unpack *u, const char *why);
/* Counts n more unpacked bytes against the limit. */
err unpack_count(struct unpack *u, size_t n);

err unpack_zip_open(struct unpack *u);
err unpack_zip_next(struct unpack *u, bool *more);
err unpack_zip_read(struct unpack *u, void *to, size_t n, size_t *got);

#endif
