#include "core/ctx.h"

#include "base/must.h"

err ctx_miss(struct ctx *c) {
	must(!c->db);
	c->missed = true;
	return err_plain(ERR_UNAVAILABLE);
}
