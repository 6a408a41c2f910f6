/* Custom emoji: what pickers offer. */
#include "api/view/emoji.h"
#include "api/routes.h"

enum handled api_custom_emojis(struct rq *rq) {
	struct emoji *all;
	size_t n;
	TRY_RQ(rq, store_emoji_all(rq->c.arena, rq->c.db, &all, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		view_emoji(out, rq->c.site, &all[i]);
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}
