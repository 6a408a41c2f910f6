/* Zip archives (PKWARE APPNOTE 6.3: §4.3.7 local headers, §4.3.12 the directory, §4.3.14 to 4.3.16 its end, zip64): where the entries lie.
 * Reads views of the file's bytes, no I/O; any thread. Names are what the archive says: never use one as a path.
 *
 * The directory at the end is what counts; a local header only tells where an entry's bytes begin. */
#ifndef WIRE_ZIP_H
#define WIRE_ZIP_H

#include "base/err.h"
#include "base/str.h"

enum { ZIP_TAIL_MAX = 66000, ZIP_LOCAL = 30, ZIP64_END = 56 };

struct zip_directory {
	int64_t at, size; /* in the file */
	uint64_t entries;
	int64_t zip64_at; /* ≥ 0: at and size are to be had there, from a record of ZIP64_END bytes: zip_end64 */
};
/* From the last bytes of a file of this length (ZIP_TAIL_MAX of them, or all). ERR_INVALID when it is no zip archive. */
err zip_end(struct str tail, int64_t file_size, struct zip_directory *out);
err zip_end64(struct str record, int64_t file_size, struct zip_directory *out);

enum zip_method { ZIP_STORED = 0, ZIP_DEFLATED = 8 };
struct zip_entry {
	struct str name; /* a view */
	int method;
	bool encrypted;
	uint32_t crc;
	int64_t packed, size;
	int64_t at; /* of the local header */
};
/* Takes one entry off the directory. ERR_INVALID when it is damaged. */
err zip_entry(struct str *directory, struct zip_entry *out);
/* From the ZIP_LOCAL bytes at an entry's `at`: how many bytes after `at` its own begin. */
err zip_local(struct str header, int64_t *skip);

#endif
