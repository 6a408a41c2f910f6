/* JPEG, PNG and WebP files as chunks: kept are those that carry the pixels, dropped is all else. No pixel is decoded here.
 *
 * Exif, XMP, IPTC, ICC profiles, comments, texts, times, thumbnails, and whatever stands after the end (a second file hidden there) do
 * not survive picture_bare, whoever wrote the file. JPEG: ITU T.81 annex B; PNG: W3C PNG §5; WebP: RFC 9649. */
#ifndef WIRE_PICTURE_H
#define WIRE_PICTURE_H

#include "base/buf.h"

enum picture_type { PICTURE_NONE, PICTURE_JPEG, PICTURE_PNG, PICTURE_WEBP };

/* One of the files beside a picture's main one: "feed.webp", smaller in pixels or in bytes. */
struct picture_size {
	struct str name, bytes;
	int width, height;
};

enum { PICTURE_SIZES = 7 };

/* A clean picture, ready to be kept: its bytes and what is known of them. The strs live where its maker says. */
struct picture {
	struct str bytes;
	const char *type;   /* "image/jpeg" */
	const char *ending; /* "jpg" */
	int width, height;
	struct picture_size sizes[PICTURE_SIZES];
	size_t size_count;
	struct str blurhash; /* empty: none */
};

/* By its first bytes. */
enum picture_type picture_type_of(struct str file);
const char *picture_mime(enum picture_type t);   /* "image/jpeg" */
const char *picture_ending(enum picture_type t); /* "jpg" */

/* Appends the file without what is not pixels. False when its structure is broken; *out is then undefined. */
bool picture_bare(struct str file, struct buf *out);

#endif
