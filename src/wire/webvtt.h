/* WebVTT captions (W3C WebVTT §4): read strictly, written anew from what was understood. Pure; any thread.
 *
 * Kept are cues: their times, settings and text with the tags for voices, classes, bold, italic, underlined, ruby and languages. Dropped
 * are comments, style sheets and regions. Cues are in order of their start and end after they start. */
#ifndef WIRE_WEBVTT_H
#define WIRE_WEBVTT_H

#include "base/buf.h"
#include "base/err.h"

enum { WEBVTT_MAX = 2 << 20, WEBVTT_CUES_MAX = 20000 };

/* Appends the clean file to *out. ERR_INVALID says which line is wrong. */
err webvtt_clean(struct str file, struct buf *out);

#endif
