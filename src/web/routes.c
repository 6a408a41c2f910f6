#include "web/routes.h"

const struct route web_routes[] = {
#define ROUTE(method, path, fn, who, scope, cost, body, where) {HTTP_##method, path, fn, #fn, who, scope, cost, body, where},
#include "web/routes.def"
#undef ROUTE
};
const size_t web_route_count = sizeof web_routes / sizeof *web_routes;
