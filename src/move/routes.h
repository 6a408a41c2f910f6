/* The routes of what people take along and bring: the prototypes of all handlers and the table that ops/serve gives to the gate. */
#ifndef MOVE_ROUTES_H
#define MOVE_ROUTES_H

#include "gate/gate.h"

extern const struct route move_routes[];
extern const size_t move_route_count;

#define ROUTE ROUTE_DECLARE
#include "move/routes.def"
#undef ROUTE

#endif
