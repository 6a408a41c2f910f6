/* The old home of a network becomes the standby of the new one, without a copy of everything.
 *
 * Both have the same history up to the entry from which the new one took over. What the old one wrote after that (a forced promote while it
 * still ran) is kept in a file of the data folder, in the form of wire/copy_stream, and undone: those rows get the state that they have in
 * the new home. From there it follows. */
#ifndef MOVE_DEMOTE_H
#define MOVE_DEMOTE_H

#include "base/arena.h"
#include "base/err.h"
#include "core/site.h"

struct demoted {
	int64_t entries, rows; /* that the new home never had; rows that were set back */
	struct str file;       /* where they are kept; empty: there were none */
};

/* Nobody else uses the data folder. ERR_GONE when the histories have no known point in common, or the journal does not reach back to it:
 * then a new copy has to be made. When it fails nothing has changed, but that the database takes no writes any more; the same once more,
 * then or when it was killed, goes on with what it has. */
err demote(struct site *site, struct arena *a, struct str url, struct str token, struct demoted *out);

#endif
