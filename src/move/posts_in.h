/* One item of a foreign archive as a post: what each place calls things. Pure but for the arena. */
#ifndef MOVE_POSTS_IN_H
#define MOVE_POSTS_IN_H

#include "core/status_import.h"

#include <jansson.h>

/* A file of the archive that belongs to a post. */
struct post_file {
	struct str name, description; /* as the archive's entries end */
};
struct foreign_post {
	struct import_post post;
	struct post_file files[IMPORT_MEDIA_MAX];
	size_t file_count;
	struct str actor; /* who wrote it; empty: the archive does not say */
};

/* *why: what keeps it from being taken (then false). */
bool mastodon_post(struct arena *a, json_t *item, struct foreign_post *out, const char **why);
/* diaspora*: an entity of user.posts (lib/schemas/archive-format.json). */
bool diaspora_post(struct arena *a, json_t *item, struct foreign_post *out, const char **why);
bool x_post(struct arena *a, json_t *item, struct foreign_post *out, const char **why);

#endif
