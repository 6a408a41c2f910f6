/* Films and sounds of strangers become renditions that browsers play, by ffmpeg behind the walls (media/walls.h, media/child/film.h).
 *
 * One film is one folder: its source, and a folder that the child may write into. The functions here are the steps; which to take, in what
 * order, and what becomes of the results, is the caller's (ops/film_job.h). All block their thread for seconds to hours. What comes
 * back from behind the walls is believed only as far as wire/mp4.h and wire/picture.h have looked at it.
 *
 * The errors: ERR_INVALID with a text for whoever uploaded it when it is the file's doing, ERR_UNAVAILABLE when it is ours or somebody
 * ended it: try again. */
#ifndef MEDIA_FILM_H
#define MEDIA_FILM_H

#include "base/arena.h"
#include "base/err.h"

struct config;
struct decoder;
struct films;

/* Tries whether ffmpeg runs behind the walls the decoder has, and logs what is missing. */
struct films *films_new(const struct config *config, const struct decoder *d);
void films_free(struct films **f);
/* NULL: films can be taken; otherwise why not, for people. */
const char *films_refusal(const struct films *f);
/* Ends what runs and lets nothing start: for the end of the program. */
void films_stop(struct films *f);
bool films_stopped(const struct films *f);

enum { FILM_RUNGS = 5, FILM_TILES = 225, FILM_TILE_WIDTH = 160 };

struct film_place {
	const char *source; /* a file's real path */
	const char *folder; /* of results; real, exists */
};

/* What the file says about itself, checked against the limits. */
struct film {
	const char *demuxer;
	int film, sound;   /* stream numbers; -1: there is none */
	int width, height; /* as it is shown: upright, square pixels */
	int64_t rate, per; /* pictures every `per` seconds, at most 60 a second */
	double seconds;
	bool interlaced, hdr;
	bool fits; /* its pictures may be kept as they are, if their key frames allow */
};
err film_probe(struct arena *a, struct films *f, const struct film_place *at, const char *demuxer, struct film *out);

/* A rendition to be: named by its short side; NAME.mp4 in the folder. */
struct film_rung {
	int name;
	int width, height;
	bool kept; /* the source's own pictures */
};
/* Ascending: 360, 480, 720, 1080 as far as the source goes, or its own size when it is smaller than all. keep: with the source's own
 * size, whatever that is, as the last. */
size_t film_rungs(const struct film *film, bool keep, struct film_rung out[FILM_RUNGS]);

/* What one run of ffmpeg makes. */
struct film_order {
	const struct film_rung *rungs; /* ascending; none: poster and storyboard alone. What has no pictures becomes audio.mp4 */
	size_t n;
	bool poster;        /* poster.webp, from the beginning of the film */
	bool storyboard;    /* storyboard.webp: film_tiles of it */
	const double *keys; /* key frames only here, in seconds, and no picture more or less than the source has; NULL: every four
	                     * seconds at most, at an even pace */
	size_t key_count;
	bool (*progress)(void *ctx, double seconds); /* about once a second, how far it is; false ends it */
	void *ctx;
};
err film_make(struct arena *a, struct films *f, const struct film_place *at, const struct film *film, const struct film_order *o);

/* The source's own pictures, and its sound encoded anew, as NAME.mp4: its fragments tell where its key frames are. */
err film_keep_own(struct arena *a, struct films *f, const struct film_place *at, const struct film *film, const struct film_rung *rung);

/* FROM of the folder, its parts laid so that it plays while it loads, as TO. */
err film_lay(struct arena *a, struct films *f, const struct film_place *at, const char *from, const char *to);

/* How a storyboard is laid out: tiles of width × height, `columns` in a row, a new one every `every` seconds. */
struct film_tiles {
	int n, columns, rows, width, height;
	double every;
};
struct film_tiles film_tiles(const struct film *film);

#endif
