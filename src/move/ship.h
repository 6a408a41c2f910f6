/* Ships the journal to a place of backups as it grows: what was acknowledged since the last backup is there seconds later, with the rows'
 * images and the blobs they name. A restore takes a backup and the log after it (move/restore.h).
 *
 * Segments are numbered and each names its predecessor's hash; the database remembers the last. How far the log has come is read from the
 * place itself, so whichever node ships goes on there. One thread at a time. */
#ifndef MOVE_SHIP_H
#define MOVE_SHIP_H

#include "core/ctx.h"
#include "move/vault.h"

struct shipper;

/* *out NULL: the log does not join the newest backup, or there is none, or what came since is not in the journal any more: make one
 * first. ERR_STORE: the place has lost segments; the next backup begins anew. */
err ship_open(struct shipper **out, struct ctx *c, struct vault *v);
void ship_close(struct shipper **s);

/* Ships what there is, at most some hundred entries; *more: there may be more. ERR_CONFLICT: rows came in that the change log has not, or
 * tables changed: close, and make a backup first. */
err ship_some(struct shipper *s, struct ctx *c, bool *more);
/* The number of the last segment; 0: none. */
int64_t ship_number(const struct shipper *s);

#endif
