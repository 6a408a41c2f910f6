/* Sessions in memory: who a secret belongs to, without asking the database each time.
 *
 * A fixed number of entries, the oldest of a set gives way; one lock a shard, held for nanoseconds. What is read from the database is only
 * kept if nothing was forgotten meanwhile (generation), so that a revoked token can never come back. An entry is read anew after an hour;
 * its last use is written down then, at most once a day. Entries are found by a hash of the secret under a key that this process drew
 * (SipHash-2-4, 128 bits): quick, and worth nothing to whoever reads the memory of another. */
#ifndef GATE_SESSION_H
#define GATE_SESSION_H

#include "gate/gate.h"

struct sessions;

struct sessions *sessions_new(void);
void sessions_free(struct sessions **s);

bool sessions_get(struct sessions *s, struct str secret, struct session *out);
/* Before reading the database; sessions_put drops what it read if anything was forgotten since. */
int64_t sessions_generation(struct sessions *s);
void sessions_put(struct sessions *s, struct str secret, const struct session *session, int64_t generation);
/* All sessions of an account; 0: all there are. */
void sessions_forget(struct sessions *s, int64_t account_id);

#endif
