/* The routes of the API: the prototypes of all handlers and the table that ops/serve gives to the gate. */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include "gate/gate.h"

extern const struct route api_routes[];
extern const size_t api_route_count;

#define ROUTE(method, path, fn, who, scope, cost, body, where) enum handled fn(struct rq *rq);
#include "api/routes.def"
#undef ROUTE

#endif
