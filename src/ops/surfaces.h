/* The surfaces whose routes the program answers, in one place: serve, `routes` and tests read the same list. */
#ifndef OPS_SURFACES_H
#define OPS_SURFACES_H

#include "gate/gate.h"

void surfaces_add(struct gate *g);

#endif
