#include "gate/router.h"

#include "base/vec.h"

struct node {
	struct str segment; /* literal; unused for the other two kinds */
	VEC(struct node *) literals;
	struct node *capture, *rest;
	const struct route *routes[HTTP_METHOD_COUNT];
};

struct router {
	struct arena *arena;
	struct node root;
	VEC(struct route) all;
};

struct router *router_new(void) {
	struct router *r = xcalloc(1, sizeof *r);
	r->arena = arena_new();
	return r;
}

void router_free(struct router **r) {
	if (!*r)
		return;
	arena_free(&(*r)->arena);
	free(*r);
	*r = NULL;
}

static struct node *literal(const struct node *n, struct str segment) {
	for (size_t i = 0; i < n->literals.n; i++)
		if (str_eq(n->literals.v[i]->segment, segment))
			return n->literals.v[i];
	return NULL;
}

static struct node *child(struct router *r, struct node *n, struct str segment) {
	if (str_starts(segment, S(":"))) {
		if (!n->capture)
			n->capture = arena_one(r->arena, struct node);
		return n->capture;
	}
	if (str_eq(segment, S("*"))) {
		if (!n->rest)
			n->rest = arena_one(r->arena, struct node);
		return n->rest;
	}
	struct node *found = literal(n, segment);
	if (!found) {
		found = arena_one(r->arena, struct node);
		found->segment = segment;
		vec_push(r->arena, &n->literals, found);
	}
	return found;
}

void router_add(struct router *r, const struct route *routes, size_t n) {
	for (size_t i = 0; i < n; i++) {
		struct str rest = str_skip(str_of(routes[i].path), 1);
		struct node *at = &r->root;
		while (rest.n)
			at = child(r, at, str_cut(&rest, '/'));
		must(!at->routes[routes[i].method]);
		at->routes[routes[i].method] = &routes[i];
		vec_push(r->arena, &r->all, routes[i]);
	}
}

const struct route *router_all(const struct router *r, size_t *n) {
	*n = r->all.n;
	return r->all.v;
}

static const struct node *walk(const struct node *n, struct str rest, struct str *captures, int depth) {
	if (str_empty(rest))
		return n;
	struct str after = rest, segment = str_cut(&after, '/');
	const struct node *next = literal(n, segment), *found = next ? walk(next, after, captures, depth) : NULL;
	if (found)
		return found;
	if (n->capture && segment.n && depth < RQ_MAX_PARAMS) {
		captures[depth] = segment;
		found = walk(n->capture, after, captures, depth + 1);
		if (found)
			return found;
	}
	if (n->rest && depth < RQ_MAX_PARAMS) {
		captures[depth] = rest;
		return n->rest;
	}
	return NULL;
}

struct route_match router_find(const struct router *r, enum http_method method, struct str path) {
	struct route_match m = {0};
	const struct node *n = walk(&r->root, str_skip(path, 1), m.captures, 0);
	if (!n)
		return m;
	for (int i = 0; i < HTTP_METHOD_COUNT; i++)
		if (n->routes[i])
			m.allowed |= 1U << i;
	m.route = n->routes[method];
	if (!m.route && method == HTTP_HEAD)
		m.route = n->routes[HTTP_GET];
	return m;
}
