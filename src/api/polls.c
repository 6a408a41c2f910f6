/* Polls: looking at one, voting. */
#include "api/routes.h"

#include "api/view/status.h"
#include "core/poll.h"

static enum handled reply_poll(struct rq *rq, int64_t id) {
	if (!view_poll(rq, rq_out(rq), id))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	return reply_json(rq, 200);
}

enum handled api_poll_show(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	return reply_poll(rq, id);
}

enum handled api_poll_vote(struct rq *rq) {
	int64_t id, *choices;
	size_t n;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, param_ids(rq, "choices", &choices, &n));
	TRY_RQ(rq, poll_vote(&rq->c, id, choices, n));
	return reply_poll(rq, id);
}
