#include "api/problems.h"

enum handled reply_problems(struct rq *rq, err e, const struct problems *p) {
	struct err made = *e;
	if (made.code != ERR_INVALID || !p->n)
		return reply_err(rq, e);
	struct buf *out = rq_out(rq);
	buf_clear(out);
	buf_lit(out, "{\"error\":");
	buf_json_string(out, str_of(made.text));
	buf_lit(out, ",\"details\":");
	problems_json(out, p);
	buf_byte(out, '}');
	return reply_json(rq, 422);
}
