/* This node's leases: a thread takes and renews them all, anybody may ask whether one is held. Inside jobs/ only.
 *
 * On SQLite there is one node, which is always the same holder; on PostgreSQL a node that dies loses its leases within
 * LEASE_MS. Being held is judged a margin before the database's end of it, so that two nodes never both think so. */
#ifndef JOBS_LEASES_H
#define JOBS_LEASES_H

#include "store/db.h"

struct leases;

struct leases *leases_new(struct store *s);
/* Registers a name (kept, not copied) and returns its number. Before the start. */
int leases_add(struct leases *l, const char *name);
void leases_start(struct leases *l);
/* Gives all of them up, so that another node need not wait. */
void leases_free(struct leases **l);

/* Any thread. */
bool leases_held(struct leases *l, int number);
struct str leases_holder(const struct leases *l);

#endif
