/* Cuts a blob into the chunks that a backup's place holds. One thread. */
#ifndef MOVE_CUTTER_H
#define MOVE_CUTTER_H

#include "blob/blob.h"

/* Puts a chunk, if it is not there already, and says its name. */
typedef err (*cutter_put)(void *ctx, struct str chunk, struct blob_name *name);

struct cutter {
	cutter_put put;
	void *ctx;
	struct buf chunk;
	struct buf names; /* of the chunks so far, BLOB_NAME bytes each */
	int64_t size;     /* of the blob */
	bool unsent;      /* it was the place that failed, not the media's store */
};

/* Reads the whole blob. */
err cutter_blob(struct cutter *c, struct blobs *from, const struct blob_name *name);
/* Whether an err of cutter_blob says that the media's store has no such bytes: that costs other blobs nothing. */
bool cutter_lost(const struct cutter *c, err e);
void cutter_free(struct cutter *c);

#endif
