/* Conversations of direct posts. */
#include "api/routes.h"

#include "api/range.h"
#include "api/view/conversation.h"
#include "core/conversation.h"

enum handled api_conversations(struct rq *rq) {
	struct range range;
	struct placed_ids found;
	struct buf *out = rq_out(rq);
	TRY_RQ(rq, range_read(rq, 20, 40, &range));
	TRY_RQ(rq, store_conversations_of(rq->c.arena, rq->c.db, rq->c.viewer, range, &found));
	buf_byte(out, '[');
	for (size_t i = 0; i < found.n; i++) {
		size_t before = out->n;
		if (before > 1)
			buf_byte(out, ',');
		if (!view_conversation(rq, out, found.v[i].id))
			out->n = before;
	}
	buf_byte(out, ']');
	if (found.n)
		range_links(rq, range, found.n, found.v[0].cursor, found.v[found.n - 1].cursor);
	return reply_json(rq, 200);
}

static enum handled mark(struct rq *rq, bool unread) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, conversation_mark(&rq->c, id, unread));
	if (!view_conversation(rq, rq_out(rq), id))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	return reply_json(rq, 200);
}

enum handled api_conversation_read(struct rq *rq) { return mark(rq, false); }
enum handled api_conversation_unread(struct rq *rq) { return mark(rq, true); }

enum handled api_conversation_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, conversation_drop(&rq->c, id));
	return reply_empty(rq);
}
