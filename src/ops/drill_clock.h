/* Drills by the clock (drill.every), and what the last one was like, for the metrics: a thread of the server. The drill itself is a process
 * of its own (ops/drill.h). Of many nodes one rehearses: the note in the database says when it was, a lease who is at it. Any thread. */
#ifndef OPS_DRILL_CLOCK_H
#define OPS_DRILL_CLOCK_H

#include "base/err.h"
#include "core/site.h"

struct arena;
struct db;
struct drill_clock;
err drill_clock_start(struct drill_clock **out, struct site *site);
/* A drill that it began is ended. */
void drill_clock_stop(struct drill_clock **k);

struct drill_facts {
	bool any; /* there was one, of whichever node, by hand or by the clock */
	bool ok;
	int64_t at, open_ms, copy_ms; /* ms since 1970; how long */
	int64_t lost;                 /* rows that were missing or others */
};
void drill_facts(struct drill_clock *k, struct drill_facts *out);
/* As the database has it. */
err drill_last(struct arena *a, struct db *db, struct drill_facts *out);

#endif
