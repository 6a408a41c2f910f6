/* Looks whether the store has what the database names, and nothing else, and whether the bytes are right.
 *
 * Every blob is read whole and compared with its name, a few at once, while the network runs; what looks wrong is looked at once more at
 * the end, because it may have come or gone meanwhile. */
#ifndef MOVE_CHECK_H
#define MOVE_CHECK_H

#include "blob/blob.h"
#include "core/ctx.h"

enum check_trouble {
	CHECK_MISSING,  /* a row names it, the store has not got it */
	CHECK_CORRUPT,  /* the store has other bytes under its name */
	CHECK_ORPHANED, /* the store has it, no row knows it */
};

struct check_finding {
	enum check_trouble trouble;
	struct blob_name name;
	bool mended;
};

struct check_result {
	int64_t sound, bytes;
	struct check_finding *findings; /* in the order of names */
	size_t n;
	int unended; /* uploads in parts that were given up */
};

/* repair: what is missing or corrupt is fetched from `spare` (NULL: there is none), what is orphaned is given to the sweep; uploads in
 * parts that were begun over a day ago are given up. ERR_CONFLICT while the media are being moved; ERR_INVALID, with nothing removed, when
 * more than half of the store would be orphaned: then the database is hardly the right one. The result lives in c->arena. */
err check_run(struct ctx *c, bool repair, struct blobs *spare, struct check_result *out);

#endif
