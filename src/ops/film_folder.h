/* Where one film is worked on: DATA/work/ID with its source and what was made of it. On the thread of its job. */
#ifndef OPS_FILM_FOLDER_H
#define OPS_FILM_FOLDER_H

#include "blob/blob.h"
#include "core/site.h"
#include "media/film.h"

#include <limits.h>

struct film_folder {
	char path[PATH_MAX];
	char source[PATH_MAX];
	char made[PATH_MAX];
	struct film_place at; /* the same, for media/film.h */
};

/* Empty, even if a job that died left one. */
err film_folder_make(const struct site *site, int64_t id, struct film_folder *out);
void film_folder_remove(struct film_folder *f);
/* All of them: at the start, before any job runs. */
void film_folders_clear(const struct site *site);

/* Stored bytes become a file of ours: the same file where that goes, otherwise a copy. */
err film_folder_fetch(const struct site *site, const struct blob_name *name, const char *path);
/* The path of something made, in a buffer of PATH_MAX. */
void film_folder_path(const struct film_folder *f, const char *name, char *out);

/* Something that was made, mapped. film_made_close may be called twice. */
struct film_made {
	int fd;
	struct str map;
};
#define FILM_MADE_NONE \
	{ .fd = -1 }
/* False when it is not there, empty, or no plain file. */
bool film_made_open(const struct film_folder *f, const char *name, struct film_made *out);
void film_made_close(struct film_made *m);

#endif
