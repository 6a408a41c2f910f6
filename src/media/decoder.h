/* Strangers' pictures become clean ones. Never decoded in this process: each goes through a child (freehold-media) behind walls.
 *
 * decoder_new tries the walls once, with a picture of one pixel, and logs what the host cannot do. Where bubblewrap does not work (no user
 * namespaces), the setting media.without_sandbox decides: refuse pictures, or go on behind the child's own walls (limits and seccomp). */
#ifndef MEDIA_DECODER_H
#define MEDIA_DECODER_H

#include "base/arena.h"
#include "base/err.h"
#include "wire/picture.h"

struct config;
struct decoder;

/* program: the child, beside the main program. Never fails: a decoder that cannot decode refuses with a text that says why. */
struct decoder *decoder_new(const struct config *config, struct str program);
void decoder_free(struct decoder **d);
/* Whether pictures can be taken, and behind which walls: "sandbox", "limits", "none". */
const char *decoder_walls(const struct decoder *d);
/* The child's path. */
const char *decoder_program(const struct decoder *d);

/* Where the bytes are: in memory, or in a file (mem.p == NULL) from offset on. */
struct picture_source {
	struct str mem;
	int fd;
	int64_t offset, size;
};

/* What is to be made: the rows of media/shapes.def. */
enum picture_shape {
#define SHAPE(NAME, word, width, height, fit, hash) PICTURE_##NAME,
#include "media/shapes.def"
};

/* Waits for the child, on a worker's thread: under a second for a photo of 12 megapixels. What comes back (in the arena) is
 * upright, sRGB and carries nothing but pixels; a size is left out when it has more bytes than the picture itself. ERR_INVALID for what is
 * no picture we take, is damaged or too large; ERR_UNAVAILABLE when too many wait or there is no sandbox. */
err decoder_picture(struct arena *a, struct decoder *d, const struct picture_source *from, enum picture_shape shape, struct picture *out);

/* An animated WebP becomes a film of its pictures that ffmpeg reads (YUV4MPEG2), written to `out`, a new file. The errors as above. */
err decoder_frames(struct arena *a, struct decoder *d, const struct picture_source *from, int out);

#endif
