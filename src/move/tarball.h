/* Writes a .tar.zst: entries one after the other, in constant memory, into FILE.part, which becomes FILE when all is on stable storage,
 * or into an open file of the caller's.
 * One thread. Reading: move/unpack.h. */
#ifndef MOVE_TARBALL_H
#define MOVE_TARBALL_H

#include "base/err.h"
#include "base/str.h"

struct tarball;

/* ERR_CONFLICT when the file is there already: nothing is written over. It is readable by its owner only. */
err tarball_create(struct tarball **out, struct str file);
/* Into an open file, from where it stands; it stays the caller's. */
void tarball_into(struct tarball **out, int fd);
/* Begins an entry of exactly this many bytes; the name has at most 100. */
err tarball_entry(struct tarball *t, struct str name, int64_t size);
err tarball_write(struct tarball *t, struct str bytes);
/* SHA-256 of all bytes of the tar so far, which end with a whole entry. */
err tarball_digest(struct tarball *t, unsigned char out[32]);
/* Bytes of the file so far. */
int64_t tarball_size(const struct tarball *t);
/* Ends the archive; it has its name then, if it is to have one. t is gone, whether it worked or not. */
err tarball_finish(struct tarball **t);
/* As if it had never been begun. */
void tarball_drop(struct tarball **t);

#endif
