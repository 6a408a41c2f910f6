/* Who reads the journal and which jobs there are, in one place. */
#ifndef OPS_READERS_H
#define OPS_READERS_H

#include "jobs/runner.h"

void readers_register(struct runner *r);

#endif
