/* Writes a zip archive into a file, entry by entry, in constant memory (PKWARE APPNOTE 6.3, with zip64 sizes throughout, so that no entry
 * need tell its size before). The file is a regular one, written from its beginning. One thread. Reading: move/unpack.h. */
#ifndef MOVE_ZIPFILE_H
#define MOVE_ZIPFILE_H

#include "base/err.h"
#include "base/str.h"

struct zipfile;

struct zipfile *zipfile_new(int fd);
/* Ends the entry before and begins one; packed: its bytes are compressed. */
err zipfile_entry(struct zipfile *z, struct str name, bool packed);
err zipfile_write(struct zipfile *z, struct str bytes);
/* Ends the archive; *size is the file's. z stays to be freed. */
err zipfile_finish(struct zipfile *z, int64_t *size);
void zipfile_free(struct zipfile **z);

#endif
