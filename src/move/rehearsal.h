/* A rehearsal of leaving: a scratch copy of the network, opened beside it, that is compared with it and tried (ops/drill.h).
 *
 * The copy is an ordinary standby, under a name that the network knows it by (STANDBY_REHEARSAL). What is compared are rows drawn at
 * random, newest and oldest, of the tables of EXTENTS; only their hashes leave the database. A drill is noted in the site table, so that it
 * is known wherever the network goes. */
#ifndef MOVE_REHEARSAL_H
#define MOVE_REHEARSAL_H

#include "core/ctx.h"
#include "store/total.h"

enum { REHEARSAL_DRAWN = 12, REHEARSAL_ROWS = REHEARSAL_DRAWN * EXTENT_COUNT, ROW_PRINT = 65 };

struct rehearsal_row {
	struct str table, key;
	char print[ROW_PRINT]; /* of the row, in hexadecimal; empty: there is none */
};

/* Ends those that were cut off, and invites a new one. */
err rehearsal_begin(struct ctx *c, struct str *token);
/* Its standby is none any more. */
err rehearsal_end(struct ctx *c);

/* Draws rows: at most REHEARSAL_ROWS, each once. */
err rehearsal_draw(struct arena *a, struct db *db, struct rehearsal_row *out, size_t *n);
/* What a row is like in this database. */
err rehearsal_print(struct arena *a, struct db *db, struct rehearsal_row *row);

/* The note of the last one, a JSON object; empty: there was none. */
err rehearsal_note(struct ctx *c, struct str json);
err rehearsal_last(struct arena *a, struct db *db, struct str *json);

#endif
