#include "gate/reader.h"

#include "base/must.h"

#include <stdlib.h>

struct reader {
	struct gate_copy copy;
	const char **paths; /* those of the routes themselves, by address */
};

static int by_address(const void *a, const void *b) {
	uintptr_t x = (uintptr_t) * (const char *const *)a, y = (uintptr_t) * (const char *const *)b;
	return x < y ? -1 : x > y;
}

static const char *path_of(const struct router *router, const char *path) {
	size_t n;
	const struct route *all = router_all(router, &n);
	for (size_t i = 0; i < n; i++)
		if (all[i].method == HTTP_GET && all[i].who == ANYONE && strcmp(all[i].path, path) == 0)
			return all[i].path;
	return NULL;
}

struct reader *reader_new(const struct gate_copy *copy, const struct router *router) {
	struct reader *r = xcalloc(1, sizeof *r);
	r->copy = *copy;
	r->paths = xcalloc(copy->n + 1, sizeof *r->paths);
	for (size_t i = 0; i < copy->n; i++) {
		r->paths[i] = path_of(router, copy->paths[i]);
		must(r->paths[i]);
	}
	qsort(r->paths, copy->n, sizeof *r->paths, by_address);
	return r;
}

void reader_free(struct reader **r) {
	if (*r)
		free((*r)->paths);
	free(*r);
	*r = NULL;
}

static bool answers(const struct reader *r, const struct rq *rq) {
	const struct route *route = rq->route;
	bool known = route->method == HTTP_GET && bsearch(&route->path, r->paths, r->copy.n, sizeof *r->paths, by_address);
	return known && !rq_header(rq, S("Authorization")).n;
}

bool reader_refuses(const struct reader *r, struct rq *rq) {
	const struct gate_copy *c = &r->copy;
	bool whole = c->lag(c->ctx) >= 0;
	if (whole && answers(r, rq))
		return false;
	reply_err(rq, whole ? err_public(ERR_UNAVAILABLE, "This is a copy of %.*s, read only: log in there", S_ARG(c->origin))
	                    : err_public(ERR_UNAVAILABLE, "This is a copy of %.*s, and not whole yet: ask there", S_ARG(c->origin)));
	return true;
}

void reader_put_lag(const struct reader *r, struct buf *head) {
	int64_t lag = r->copy.lag(r->copy.ctx);
	if (lag >= 0)
		buf_printf(head, "Freehold-Standby-Lag: %lld\r\n", (long long)((lag + 999) / 1000));
}
