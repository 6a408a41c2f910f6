#include "core/site.h"
#include "ops/command.h"
#include "ops/surfaces.h"

#include <stdlib.h>

static const char *who_name(enum route_who who) {
	static const char *const names[] = {"anyone", "app", "user", "pending", "browser", "moderator", "admin", "owner"};
	return names[who];
}

static int by_path(const void *a, const void *b) {
	const struct route *x = a, *y = b;
	int c = strcmp(x->path, y->path);
	return c ? c : (int)x->method - (int)y->method;
}

int command_routes(struct command_call *call) {
	if (call->argc > 1)
		return EXIT_USAGE;
	struct site site = {.config = call->config};
	struct gate *gate;
	err e = gate_new(&gate, &site);
	if (e)
		return command_failed(call, e);
	surfaces_add(gate);
	size_t n;
	const struct route *all = gate_routes(gate, &n);
	struct route *sorted = arena_many(call->arena, struct route, n);
	memcpy(sorted, all, n * sizeof *all);
	qsort(sorted, n, sizeof *sorted, by_path);
	for (size_t i = 0; i < n; i++) {
		buf_printf(call->out, "%-7s %-60s %-9s %-6s ", http_method_name(sorted[i].method), sorted[i].path, who_name(sorted[i].who),
		           sorted[i].where == INLINE ? "loop" : "pool");
		scopes_text(call->out, sorted[i].scope);
		buf_byte(call->out, '\n');
	}
	gate_free(&gate);
	return EXIT_DONE;
}
