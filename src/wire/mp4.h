/* Fragmented MP4 (ISO/IEC 14496-12, RFC 8216 §3.3) as our own encoder writes it, looked through before it is kept: is it nothing but
 * pictures and sound, and where are its fragments.
 *
 * Strict on purpose: whatever wrote the file, only boxes that carry samples or describe them are let through, so no position, no
 * title, no chapter and no foreign reference can be in one. The file may be a mapped one of any size; only its boxes are touched,
 * never its samples. Pure; any thread. */
#ifndef WIRE_MP4_H
#define WIRE_MP4_H

#include "base/arena.h"

enum { MP4_CODECS_MAX = 64 };

struct mp4_fragment {
	int64_t offset, size;
	double at, seconds; /* of the first track that is a film, else of the first */
};

struct mp4_film {
	int64_t init; /* bytes before the first fragment */
	struct mp4_fragment *fragments;
	size_t n;
	double seconds, end; /* of that track; when the last of all tracks ends */
	int width, height;   /* 0: sound only */
	bool sound;
	char codecs[MP4_CODECS_MAX]; /* RFC 6381: "avc1.64001f,mp4a.40.2" */
	int64_t peak, average;       /* bits a second: of the worst fragment, of all */
};

/* False when it is not a clean fragmented MP4 with at least one fragment. */
bool mp4_read(struct arena *a, struct str file, struct mp4_film *out);

/* Whether a file, fragmented or not, holds nothing but samples and what describes them. */
bool mp4_clean(struct str file);

#endif
