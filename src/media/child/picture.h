/* One picture: strange bytes in, clean files out. Knows libvips; runs behind the walls of sandbox.h. */
#ifndef MEDIA_CHILD_PICTURE_H
#define MEDIA_CHILD_PICTURE_H

#include "blurhash.h"

#include <stddef.h>

struct picture_job {
	const char *shape; /* a word of media/shapes.def */
	long max_pixels;   /* what the header may say at most */
	int in, out;       /* file descriptors */
};

enum { PICTURE_FILES = 8 };

struct picture_file {
	char name[24]; /* "main.jpg", "feed.webp" */
	int width, height;
	size_t length;
};

struct picture_result {
	struct picture_file files[PICTURE_FILES]; /* the main one first; written one after the other */
	size_t n;
	char hash[BLURHASH_MAX]; /* "-": none */
};

enum picture_fault {
	PICTURE_OK,
	PICTURE_TYPE,   /* no format we take */
	PICTURE_PIXELS, /* more pixels than allowed, by its header */
	PICTURE_SIDES,  /* too long for its width */
	PICTURE_BROKEN, /* truncated or damaged */
	PICTURE_FAILED, /* our side: memory, writing */
};

/* Starts libvips; only the loaders for JPEG, PNG, WebP, GIF and HEIF/AVIF stay. Before the walls close. */
void picture_start(const char *program);

/* What is made is upright, sRGB, 8 bits, and carries nothing but pixels: no Exif, XMP, IPTC, ICC, comments. The main file is of a type that
 * every client shows: JPEG for what came as JPEG, HEIF or lossy WebP, PNG for PNG, GIF (its first frame) and lossless WebP, unless large:
 * then JPEG, or WebP when it is see-through. A still of a film stays WebP. The strange bytes are decoded once; the files are
 * made from that in memory, beside each other. */
enum picture_fault picture_make(const struct picture_job *job, struct picture_result *out);

/* An animated WebP as an even stream of pictures (YUV4MPEG2, 4:4:4) on `out`, on white where it was see-through: what ffmpeg reads in its
 * stead. At most max_pixels in all pictures together. *frames: how many were written. */
enum picture_fault picture_frames(int in, int out, long max_pixels, int *frames);

#endif
