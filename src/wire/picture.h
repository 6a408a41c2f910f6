/* JPEG, PNG and WebP files as chunks: kept are those that carry the pixels, dropped is all else. No pixel is decoded here.
 *
 * Exif, XMP, IPTC, ICC profiles, comments, texts, times, thumbnails, and whatever stands after the end (a second file hidden there) do
 * not survive picture_bare, whoever wrote the file. JPEG: ITU T.81 annex B; PNG: W3C PNG §5; WebP: RFC 9649. */
#ifndef WIRE_PICTURE_H
#define WIRE_PICTURE_H

#include "base/buf.h"

enum picture_type { PICTURE_NONE, PICTURE_JPEG, PICTURE_PNG, PICTURE_WEBP };

/* A clean picture, ready to be kept: its bytes and what is known of them. The strs live where its maker says. */
struct picture {
	struct str bytes, preview; /* preview may be empty, and is always WebP */
	const char *type;          /* "image/jpeg" */
	const char *ending;        /* "jpg" */
	int width, height, preview_width, preview_height;
	struct str blurhash; /* empty without a preview */
};

/* By its first bytes. */
enum picture_type picture_type_of(struct str file);
const char *picture_mime(enum picture_type t);   /* "image/jpeg" */
const char *picture_ending(enum picture_type t); /* "jpg" */

/* Appends the file without what is not pixels. False when its structure is broken; *out is then undefined. */
bool picture_bare(struct str file, struct buf *out);

#endif
