/* From method and path to a route: a tree of path segments, built once at the start, then read by all threads. */
#ifndef GATE_ROUTER_H
#define GATE_ROUTER_H

#include "gate/gate.h"

struct router;

struct router *router_new(void);
void router_free(struct router **r);
/* The rows must live as long as the router. Two rows for one method and path are a bug. */
void router_add(struct router *r, const struct route *routes, size_t n);
const struct route *router_all(const struct router *r, size_t *n);

struct route_match {
	const struct route *route;          /* NULL: not found, or allowed tells which methods there are */
	struct str captures[RQ_MAX_PARAMS]; /* as in the path, still percent-encoded */
	unsigned allowed;                   /* bits 1 << enum http_method */
};
/* A literal segment wins over ":name", that over "*". HEAD finds GET's row. */
struct route_match router_find(const struct router *r, enum http_method method, struct str path);

#endif
