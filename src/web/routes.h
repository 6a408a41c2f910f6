/* The routes of the web: the prototypes of all handlers and the table that ops/ gives to the gate. */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "gate/gate.h"

extern const struct route web_routes[];
extern const size_t web_route_count;

#define ROUTE(method, path, fn, who, scope, cost, body, where) enum handled fn(struct rq *rq);
#include "web/routes.def"
#undef ROUTE

#endif
