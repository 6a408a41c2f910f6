/* BlurHash: a picture's colours in 20 to 30 characters (https://github.com/woltapp/blurhash, Algorithm.md). */
#ifndef MEDIA_CHILD_BLURHASH_H
#define MEDIA_CHILD_BLURHASH_H

#include <stddef.h>

enum { BLURHASH_MAX = 4 + 2 * 9 * 9 + 1 };

/* rgb: width × height pixels of 3 bytes, sRGB, rows without gaps. x and y: components, 1 to 9. The text is NUL-terminated. */
void blurhash(const unsigned char *rgb, int width, int height, int x, int y, char out[BLURHASH_MAX]);

#endif
