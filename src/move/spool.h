/* The pictures, films and sounds of a foreign archive, put aside in one file without a name so that posts can ask for theirs in any order.
 */
#ifndef MOVE_SPOOL_H
#define MOVE_SPOOL_H

#include "core/ctx.h"
#include "move/unpack.h"

enum { SPOOL_FILES_MAX = 200000 };

struct spool;
struct spooled {
	int fd;
	int64_t offset, size;
};

/* Reads the archive through. A folder's name that ends in "_media" or is "media_attachments" makes its files candidates; those of more
 * than `most` bytes are left. ERR_UNAVAILABLE when the disk has not the room. */
err spool_fill(struct spool **out, struct str dir, struct unpack *u, int64_t most);
void spool_free(struct spool **s);

/* The file whose path in the archive ends in this one; false when there is none. */
bool spool_find(const struct spool *s, struct str path, struct spooled *out);

#endif
