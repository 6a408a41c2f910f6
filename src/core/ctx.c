#include "core/ctx.h"

#include "base/must.h"

err ctx_miss(struct ctx *c) {
	must(!c->db);
	c->missed = true;
	return err_plain(ERR_UNAVAILABLE);
}

void ctx_broke(struct ctx *c, err e) {
	if (c->broken)
		return;
	struct err *kept = arena_one(c->arena, struct err);
	*kept = *e;
	c->broken = kept;
}
