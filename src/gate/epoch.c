#include "gate/epoch.h"

#include "base/must.h"
#include "core/secret.h"
#include "core/site.h"
#include "wire/epoch.h"

#include <stdio.h>

void epoch_set(struct epoch *e, const struct site *site, int64_t number) {
	struct arena *a = arena_new();
	must(e->number == 0);
	struct str proof = secret_epoch(a, site, number);
	int n = snprintf(e->line, sizeof e->line, EPOCH_HEADER ": %lld %.*s\r\n", (long long)number, S_ARG(proof));
	must(n > 0 && n < (int)sizeof e->line);
	arena_free(&a);
	e->number = number;
}

void epoch_put(const struct epoch *e, struct buf *head) {
	if (e->number > 0)
		buf_put(head, str_of(e->line));
}

err epoch_heed(const struct epoch *e, struct rq *rq, struct limits *limits) {
	struct str shown = rq_header(rq, S(EPOCH_HEADER)), proof;
	int64_t number;
	if (!shown.n || !e->step_down || rq->c.site->moving || !epoch_read(shown, &number, &proof) || number <= e->number)
		return NULL;
	/* Those tell an epoch with another aim. */
	if (str_starts(rq->x->req->path, S("/api/freehold/standby/")))
		return NULL;
	if (limits_take(limits, COST_EPOCH, 0, rq->x->peer).refused || !str_eq_secret(proof, secret_epoch(rq->c.arena, rq->c.site, number)))
		return NULL;
	return rq->c.db ? e->step_down(&rq->c) : ctx_miss(&rq->c);
}
