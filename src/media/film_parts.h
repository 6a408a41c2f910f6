/* The parts of media/film.h. Inside media/ only. */
#ifndef MEDIA_FILM_PARTS_H
#define MEDIA_FILM_PARTS_H

#include "base/vec.h"
#include "media/film.h"

struct films {
	const char *program;
	bool sandbox; /* bubblewrap; otherwise Landlock alone */
	const char *refusal;
	int64_t pixels, rate, duration_s, size, memory, time_s;
	int threads;
	bool av1;
	char preset[16], priority[16];
	_Atomic bool stopping;
};

/* An argument list in the making; its texts live in the arena. */
struct words {
	struct arena *a;
	VEC(const char *) v;
};
void word(struct words *w, const char *text);
void words_printf(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Several at once, cut at spaces. */
void words_lit(struct words *w, const char *text);

/* The source's and the folder's paths as the child sees them. */
const char *film_source_seen(const struct films *f, const struct film_place *at);
const char *film_folder_seen(const struct films *f, const struct film_place *at);

/* Runs /usr/bin/TOOL (ffmpeg, ffprobe) with the words. What it prints is *said (at most 16 MB); output_mib: the largest file it may write.
 * progress: its -progress lines are read and handed on. */
err film_run(struct words *w, struct films *f, const struct film_place *at, const char *tool, int64_t output_mib,
             const struct film_order *o, struct str *said);

#endif
