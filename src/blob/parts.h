/* Files that are still arriving: DIR/ID (0600), each as long as what has come of it. A node's own folder, or one that its nodes share.
 *
 * The length is the only record of how far a file has come, so a killed process leaves nothing to mend: what is there is there. Whoever
 * appends holds the file's lock (flock), which goes with the descriptor. Any thread; calls block on the disk, so never on a loop thread. */
#ifndef BLOB_PARTS_H
#define BLOB_PARTS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct parts;

/* Creates DIR (0700) where it is missing, and removes what nobody has appended to for keep_s seconds. ERR_UNAVAILABLE when it cannot be
 * written. */
err parts_open(struct parts **out, struct str dir, int64_t keep_s);
void parts_close(struct parts **p);

/* The file, made when it is not there, to append to at *size; the caller closes it. ERR_LOCKED while somebody else has it. */
err parts_lock(struct parts *p, int64_t id, int *fd, int64_t *size);
/* What was written is on stable storage. */
err parts_sync(int fd);
/* How much has come, all of it on stable storage; 0 when there is no file. */
err parts_size(struct parts *p, int64_t id, int64_t *size);
/* Dropping what is not there succeeds. */
err parts_drop(struct parts *p, int64_t id);
/* The ids of all files. */
err parts_list(struct arena *a, struct parts *p, int64_t **ids, size_t *n);
/* Bytes free on the disk. */
int64_t parts_room(struct parts *p);

#endif
