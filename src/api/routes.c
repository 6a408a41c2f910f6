#include "api/routes.h"

const struct route api_routes[] = {
#define ROUTE(method, path, fn, who, scope, cost, body, where) {HTTP_##method, path, fn, #fn, who, scope, cost, body, where},
#include "api/routes.def"
#undef ROUTE
};
const size_t api_route_count = sizeof api_routes / sizeof *api_routes;
