/* Ranges of rows, by which two databases find where they differ without sending all they have: both read theirs, and tell a digest.
 *
 * The digest is BLAKE2b-128 of the rows in the order of their keys, each in its shortest form and with a newline: alike on both engines.
 * Any thread, each with its own db. */
#ifndef MOVE_ROW_RANGE_H
#define MOVE_ROW_RANGE_H

#include "base/buf.h"
#include "store/image.h"
#include "wire/copy_stream.h"

enum { ROW_RANGE_ROWS = 256 }; /* of one digest, but where the other side has more of them */

struct row_range {
	char digest[COPY_STREAM_DIGEST]; /* hexadecimal */
	size_t rows;
	int64_t bytes;   /* of the rows */
	struct buf last; /* the last row's key, where there may be more behind it; empty: these were all */
};

/* At most `most` rows after a key and through another, both as of image_rows. The range may be used again, and is freed by whoever has it.
 */
err row_range_read(struct db *db, const struct image_table *t, struct str after, struct str through, size_t most, struct row_range *out);

#endif
