/* Checksums of a blob's chunks: what lets a part of it be proven without reading the whole. An object carries them in its metadata.
 *
 * A blob of up to 256 MiB has chunks of 1 MiB, a longer one at most 256 chunks of a power of two; each has its CRC-32 (ISO 3309, as in
 * zip). That finds what disks and stores do by mistake; who could write to the store on purpose could write the sums too. A value; any
 * thread. */
#ifndef BLOB_SUMS_H
#define BLOB_SUMS_H

#include "base/buf.h"

enum { SUMS_MAX = 256, SUMS_LEAST = 1024 * 1024 };

struct sums {
	int64_t size, chunk; /* bytes; the last chunk may be shorter, an empty blob has none */
	int n;
	uint32_t crc[SUMS_MAX];
	int64_t at; /* bytes added so far */
};

/* Begins the sums of a blob of this size; sums_add takes its bytes in order. */
void sums_begin(struct sums *s, int64_t size);
void sums_add(struct sums *s, struct str bytes);

/* The length of chunk i. */
static inline int64_t sums_length(const struct sums *s, int i) { return i + 1 < s->n ? s->chunk : s->size - (s->n - 1) * s->chunk; }
/* One chunk's checksum, continued: begins with 0. */
uint32_t sums_crc(uint32_t crc, struct str bytes);

/* As metadata: base64url of the checksums in network order. False when the text is not that of a blob of this size. */
void sums_text(struct buf *out, const struct sums *s);
bool sums_read(struct sums *s, int64_t size, struct str text);

#endif
