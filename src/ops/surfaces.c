#include "ops/surfaces.h"

#include "api/routes.h"
#include "move/routes.h"
#include "web/routes.h"

#define ROUTE ROUTE_DECLARE
#include "ops/routes.def"
#undef ROUTE

static const struct route ops_routes[] = {
#define ROUTE ROUTE_ROW
#include "ops/routes.def"
#undef ROUTE
};

void surfaces_add(struct gate *g) {
	gate_add(g, ops_routes, sizeof ops_routes / sizeof *ops_routes);
	gate_add(g, api_routes, api_route_count);
	gate_add(g, move_routes, move_route_count);
	gate_add(g, web_routes, web_route_count);
}
