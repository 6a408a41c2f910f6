/* The files an attachment is made of besides the one its row names: sizes of a picture, renditions of a film, captions.
 *
 * A file's address is BASE/media/STEM/NAME, where STEM is the attachment's key without its ending: with the row, or with a new key
 * (store_media_release), all of them die at once. Each counts as a use of its blob, and in its attachment's size. Reads take the arena
 * the texts live in; writes only inside tx_run. */
#ifndef STORE_MEDIA_FILE_H
#define STORE_MEDIA_FILE_H

#include "base/blob_name.h"
#include "store/tx.h"

enum { MEDIA_FILE_NAME_MAX = 64 };

struct media_file {
	int64_t media_id;
	struct str name; /* "720.mp4" */
	struct blob_name blob;
	struct str type; /* "video/mp4" */
	int64_t size;
};

err store_media_file_get(struct arena *a, struct db *db, int64_t media, struct str name, struct media_file *out, bool *found);
/* By name. */
err store_media_files(struct arena *a, struct db *db, int64_t media, struct media_file **out, size_t *n);
/* What may be read by anybody, and whose it is: false too when its account is gone or suspended. */
err store_media_file_served(struct arena *a, struct db *db, struct str stem, struct str name, struct media_file *out, int64_t *account,
                            bool *found);

/* Puts it, instead of one of the same name. ERR_CONFLICT while the blob is just being removed: put its bytes and try again. */
err store_media_file_put(struct tx *tx, const struct media_file *f);
/* Dropping what is not there succeeds. */
err store_media_file_drop(struct tx *tx, int64_t media, struct str name);
/* All of an attachment; the caller sees to it that the sweep comes (store_media_drop does). */
err store_media_files_drop(struct tx *tx, int64_t media);

#endif
