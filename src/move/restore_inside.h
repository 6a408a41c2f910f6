/* The parts of a restore: restore.c puts snapshots back, restore_log.c the log after them. Inside move/ only. */
#ifndef MOVE_RESTORE_INSIDE_H
#define MOVE_RESTORE_INSIDE_H

#include "move/restore.h"
#include "store/image.h"

/* Calls back when it is time to, and says when it is to end. */
err restore_step(struct restore *r);

/* The backup's tables, in its order, as this database takes their rows. */
err restore_shape(struct restore *r, struct db *db, struct arena *a, struct image_table **out);

struct blob_reader {
	struct restore *r;
	struct arena *a; /* for one blob */
	const char *secret;
	struct blobs *to;
	struct str dir;
};
err restore_blob(struct blob_reader *b, const struct backup_blob *blob);
err restore_log_blobs(struct blob_reader *b);

/* The number of the last segment whose rows are in (store/local_state.h). */
extern const struct str restore_log_key;

#endif
