/* One picture: strange bytes in, clean bytes out. Knows libvips; runs behind the walls of sandbox.h. */
#ifndef MEDIA_CHILD_PICTURE_H
#define MEDIA_CHILD_PICTURE_H

#include "blurhash.h"

#include <stdbool.h>

struct picture_job {
	int width, height;                 /* the box of the result */
	bool cover;                        /* fill the box and cut what stands out; otherwise fit inside and never enlarge */
	int preview_width, preview_height; /* the box of the preview; 0: none, and no blurhash */
	long max_pixels;                   /* what the header may say at most */
	int in, out, preview_out;          /* file descriptors */
};

struct picture_result {
	const char *type; /* "jpeg", "png", "webp" */
	int width, height, preview_width, preview_height;
	char hash[BLURHASH_MAX];
};

enum picture_fault {
	PICTURE_OK,
	PICTURE_TYPE,   /* no format we take */
	PICTURE_PIXELS, /* more pixels than allowed, by its header */
	PICTURE_BROKEN, /* truncated or damaged */
	PICTURE_FAILED, /* our side: memory, writing */
};

/* Starts libvips; only the loaders for JPEG, PNG, WebP, GIF and HEIF/AVIF stay. Before the walls close. */
void picture_start(const char *program);

/* The result is upright, sRGB, 8 bits, and carries nothing but pixels: no Exif, XMP, IPTC, ICC, comments. JPEG stays JPEG, WebP stays WebP,
 * HEIF becomes JPEG, PNG and GIF (its first frame) become PNG, unless large and opaque: then JPEG. The preview is WebP. */
enum picture_fault picture_make(const struct picture_job *job, struct picture_result *out);

/* An animated WebP as an even stream of pictures (YUV4MPEG2, 4:4:4) on `out`, on white where it was see-through: what ffmpeg reads in its
 * stead. At most max_pixels in all pictures together. *frames: how many were written. */
enum picture_fault picture_frames(int in, int out, long max_pixels, int *frames);

#endif
