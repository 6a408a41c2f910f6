/* What this server does not have, answered so that clients that ask for it go on: empty lists, and clear refusals. */
#include "api/routes.h"

enum handled api_empty_list(struct rq *rq) {
	buf_lit(rq_out(rq), "[]");
	return reply_json(rq, 200);
}

enum handled api_empty_object(struct rq *rq) { return reply_empty(rq); }

/* A single thing of a kind there is none of. */
enum handled api_nothing_there(struct rq *rq) { return reply_err(rq, err_plain(ERR_NOT_FOUND)); }

enum handled api_no_push(struct rq *rq) {
	return reply_err(rq, err_public(ERR_INVALID, "Push notifications are not available on this server"));
}
enum handled api_no_domain_blocks(struct rq *rq) {
	return reply_err(rq, err_public(ERR_INVALID, "This server does not federate: there are no other domains to block"));
}
enum handled api_no_featured_tags(struct rq *rq) {
	return reply_err(rq, err_public(ERR_INVALID, "Hashtags cannot be featured on this server"));
}
