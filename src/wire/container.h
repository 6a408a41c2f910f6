/* What kind of film or sound a file is, by its first bytes, and whether a picture moves.
 *
 * The answer is the name of the one demuxer that may read the file (ffmpeg's names): nothing is ever guessed by the program that decodes,
 * so a list of other files (m3u8, concat, image sequences) is no film, whatever it is called. Pure; any thread. */
#ifndef WIRE_CONTAINER_H
#define WIRE_CONTAINER_H

#include "base/str.h"

enum { CONTAINER_HEAD = 4096 }; /* bytes that are enough to tell */

/* "mov", "matroska", "ogg" …; NULL: nothing we take for a film or a sound. */
const char *container_demuxer(struct str head);

/* Whether a file of `size` bytes says at its beginning that it is longer (RIFF: AVI, WAV). */
bool container_cut(struct str head, int64_t size);

/* Whether a GIF or WebP file has more than one picture in it. Reads the file's structure, no pixel. */
bool container_moves(struct str file);

#endif
