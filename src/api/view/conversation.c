#include "api/view/conversation.h"

#include "api/view/account.h"
#include "api/view/status.h"
#include "store/conversation.h"

bool view_conversation(struct rq *rq, struct buf *out, int64_t thread) {
	struct conversation v;
	bool found;
	if (!rq->c.db || store_conversation_get(rq->c.arena, rq->c.db, rq->c.viewer, thread, &v, &found) || !found)
		return false;
	/* Somebody who writes to nobody but themselves is in conversation with themselves. */
	const int64_t *with = v.with_count ? v.with : &rq->c.viewer;
	buf_printf(out, "{\"id\":\"%lld\",\"unread\":%s,\"accounts\":", (long long)thread, v.unread ? "true" : "false");
	view_accounts(rq, out, with, v.with_count ? v.with_count : 1);
	buf_lit(out, ",\"last_status\":");
	if (!view_status(rq, out, v.last_status_id))
		buf_lit(out, "null");
	buf_byte(out, '}');
	return true;
}
