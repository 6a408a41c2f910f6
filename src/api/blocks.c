/* Blocks, mutes and private notes. */
#include "api/routes.h"

#include "api/range.h"
#include "api/view/account.h"
#include "core/block.h"
#include "store/block.h"
#include "store/mute.h"

enum handled api_account_block(struct rq *rq) {
	int64_t target;
	TRY_RQ(rq, path_id(rq, 0, &target));
	TRY_RQ(rq, block_account(&rq->c, target));
	return reply_relationship(rq, target);
}

enum handled api_account_unblock(struct rq *rq) {
	int64_t target;
	TRY_RQ(rq, path_id(rq, 0, &target));
	TRY_RQ(rq, unblock_account(&rq->c, target));
	return reply_relationship(rq, target);
}

enum handled api_account_mute(struct rq *rq) {
	int64_t target, seconds;
	bool notifications;
	TRY_RQ(rq, path_id(rq, 0, &target));
	TRY_RQ(rq, param_bool(rq, "notifications", true, &notifications));
	TRY_RQ(rq, param_i64(rq, "duration", 0, &seconds));
	TRY_RQ(rq, mute_account(&rq->c, target, notifications, seconds));
	return reply_relationship(rq, target);
}

enum handled api_account_unmute(struct rq *rq) {
	int64_t target;
	TRY_RQ(rq, path_id(rq, 0, &target));
	TRY_RQ(rq, unmute_account(&rq->c, target));
	return reply_relationship(rq, target);
}

enum handled api_account_note(struct rq *rq) {
	int64_t target;
	TRY_RQ(rq, path_id(rq, 0, &target));
	TRY_RQ(rq, note_set(&rq->c, target, param(rq, "comment")));
	return reply_relationship(rq, target);
}

enum handled api_blocks(struct rq *rq) {
	struct placed_ids found;
	struct range range;
	TRY_RQ(rq, range_read(rq, 40, 80, &range));
	TRY_RQ(rq, store_blocks(rq->c.arena, rq->c.db, rq->c.viewer, range, &found));
	return reply_placed_accounts(rq, &found, range);
}

/* MutedAccount: an Account with mute_expires_at. */
static bool view_muted(struct rq *rq, struct buf *out, const struct mute *m) {
	if (!view_account(rq, out, m->target_id))
		return false;
	out->n--; /* its closing brace */
	buf_lit(out, ",\"mute_expires_at\":");
	if (m->expires_at) {
		buf_byte(out, '"');
		buf_iso8601(out, m->expires_at);
		buf_lit(out, "\"}");
	} else {
		buf_lit(out, "null}");
	}
	return true;
}

enum handled api_mutes(struct rq *rq) {
	struct mute *found;
	size_t n;
	struct range range;
	TRY_RQ(rq, range_read(rq, 40, 80, &range));
	TRY_RQ(rq, store_mutes(rq->c.arena, rq->c.db, rq->c.viewer, range, &found, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (out->n > 1)
			buf_byte(out, ',');
		if (!view_muted(rq, out, &found[i]) && out->n > 1)
			out->n--;
	}
	buf_byte(out, ']');
	if (n)
		range_links(rq, range, n, found[0].id, found[n - 1].id);
	return reply_json(rq, 200);
}
