/* The demo: a small community for an empty network, so that there is something to see. Its people cannot log in. */
#ifndef OPS_DEMO_H
#define OPS_DEMO_H

#include "base/err.h"

struct site;

/* Fills the network when it has no rows yet; otherwise does nothing. Takes a few seconds (its pictures go the way of every picture). Once
 * at the start, before requests are answered. */
err demo_fill(struct site *site);

#endif
