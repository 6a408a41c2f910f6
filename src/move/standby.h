/* The standby: a process that keeps a copy of a network which runs elsewhere (its origin), and can take its place.
 *
 * It asks the origin over HTTP (move/origin.h): first for all rows, in stretches, each kept with its place; then, from where the journal
 * ended before the first, for what was changed since, for ever. Where the journal does not reach back to what is here (the link was away
 * for too long, or rows were loaded there without images) ranges of rows are compared (move/row_range.h), those that differ are gathered,
 * and then taken in at once: until then the copy is what it was. Whatever is applied is committed together with how far it goes, so it may
 * be killed at any point. Its database is closed to all other writes. Media are fetched on a thread of their own and proven by their names.
 *
 * Two threads per standby; the functions here may be called by any. */
#ifndef MOVE_STANDBY_H
#define MOVE_STANDBY_H

#include "base/arena.h"
#include "core/site.h"
#include "store/tx.h"

struct standby;

/* Whose copy the database is; empty: it is none. */
err standby_origin(struct arena *a, struct db *db, struct str *url);

/* Makes an empty database the copy of the network at url. ERR_CONFLICT when somebody lives there or it is a copy of another. */
err standby_join(struct site *site, struct str url, struct str token);

/* Who keeps something of the copy in memory hears of each entry, in order, once it is committed here: e as the origin has it, under: the
 * seq of this database's own entry that its changes lie under. e NULL: anything may have changed; so it begins, once the copy is readable.
 * On the thread that follows. */
typedef void (*standby_heard)(void *ctx, struct db *db, const struct journal_entry *e, int64_t under);

/* Begins or goes on. The site's store is open, its media store too. heard may be NULL. */
err standby_start(struct standby **out, struct site *site, standby_heard heard, void *ctx);
void standby_stop(struct standby **s);

struct standby_state {
	bool loaded;      /* all rows are here: it follows */
	bool readable;    /* they fit together, as it came to the origin's end once; the site's key and media store are there too */
	bool media_whole; /* all blobs are here */
	bool comparing;   /* with the origin, range by range */
	int64_t compared, differs; /* rows here that were compared since it began; rows that differ */
	int64_t rows, entries;     /* taken in since the start */
	int64_t blobs, blob_bytes; /* the same */
	int64_t through;           /* everything acknowledged before this time (ms, the origin's clock) is here; 0: nobody knows yet */
	int64_t lag;               /* ms since `through`, at most: by the origin's clock, whatever ours says; -1: nobody knows yet */
	int64_t silence;           /* ms since the origin answered; -1: it has not yet */
	char trouble[640];         /* what went wrong last, empty while all is well */
	bool promoted;
};
void standby_look(struct standby *s, struct standby_state *out);

/* Makes this copy the network. Planned: follows to the end, has the origin closed, takes the last entry, opens. Forced: opens with what is
 * here. *through as above. Blocks; ERR_CONFLICT when the copy is not whole, ERR_UNAVAILABLE when the origin does not answer within a
 * minute: then nothing has changed here. */
err standby_promote(struct standby *s, bool force, int64_t *through);

#define STANDBY_IDS "standby.ids" /* of local_state: since it took over, ids are above this */

/* The same, forced, where no process follows. */
err standby_open_up(struct site *site, int64_t *through);
/* The same for a copy that only rehearses: it does not count as another home, and neither tells the origin nor does anything else that
 * waited to be done. */
err standby_open_to_rehearse(struct site *site, int64_t *through);

#endif
