/* Takes archives of strangers apart, entry by entry, in constant memory: tar (plain, gzip, zstd) and zip. Nothing is ever written to a path
 * that an archive names: whoever asks gets the bytes.
 *
 * Bounds: an archive that unpacks to more than `limit` bytes in all, or has more than UNPACK_ENTRIES entries, is refused where that shows
 * (ERR_TOO_LARGE). Damaged ones are ERR_INVALID, which names the entry. One thread at a time. */
#ifndef MOVE_UNPACK_H
#define MOVE_UNPACK_H

#include "base/err.h"
#include "base/str.h"

enum { UNPACK_ENTRIES = 4 << 20, UNPACK_NAME_MAX = 1024 };

struct unpack;
struct unpack_entry {
	struct str name; /* lives until the next one */
	int64_t size;
};

/* The file is read by pread from its beginning and is not closed. ERR_INVALID when it is none of the kinds. */
err unpack_open(struct unpack **out, int fd, int64_t limit);
void unpack_close(struct unpack **u);

/* The next file (folders and links are passed over, as is what was not read of the last one); *more is false at the end. */
err unpack_next(struct unpack *u, struct unpack_entry *out, bool *more);

/* Up to n bytes of the entry; *got 0: its end. Zip: its checksum was right. */
err unpack_read(struct unpack *u, void *to, size_t n, size_t *got);

/* How much of the file was read, bytes: for progress. */
int64_t unpack_position(const struct unpack *u);

/* SHA-256 of all bytes of a tar before the entry that came last (its own header not among them). */
void unpack_digest(const struct unpack *u, unsigned char out[32]);

#endif
