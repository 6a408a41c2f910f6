/* The follower: hands each journal entry, of this node and of all others, in order, to whoever keeps something in memory
 * (the feed, sessions, live streams). One thread per node; its cursor is in memory only.
 *
 * What follows is loaded after follower_new, which notes where the journal ends, and before follower_start: an entry that
 * comes between is then handed over although its effect may be loaded already, so callbacks are idempotent. */
#ifndef JOBS_FOLLOWER_H
#define JOBS_FOLLOWER_H

#include "store/tx.h"

struct follower;

err follower_new(struct follower **out, struct store *s);
/* Stops it. Called while nobody commits. */
void follower_free(struct follower **f);

/* fn runs on the follower's thread with a snapshot that holds the entry's changes. An entry of NULL means: entries were
 * missed, load everything anew. Registered before the start. */
void follower_add(struct follower *f, commit_fn fn, void *ctx);

void follower_start(struct follower *f);

#endif
