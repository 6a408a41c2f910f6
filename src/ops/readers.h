/* Who reads the journal and which jobs there are, in one place. */
#ifndef OPS_READERS_H
#define OPS_READERS_H

#include "jobs/runner.h"

void readers_register(struct runner *r, const struct site *site);
/* Once the runner runs and the network is filled: what readers have to make up for. */
err readers_begin(struct site *site);

#endif
