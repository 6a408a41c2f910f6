#include "core/block.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/relation.h"
#include "store/block.h"
#include "store/follow.h"
#include "store/list.h"
#include "store/mute.h"
#include "store/note.h"
#include "store/notification.h"
#include "store/tx.h"

struct act {
	struct ctx *c;
	int64_t target;
	bool notifications;
	int64_t expires_at;
	struct str text;
};

static err sever(struct tx *tx, int64_t one, int64_t other) {
	bool gone;
	TRY(store_list_member_delete_all(tx, one, other));
	TRY(store_follow_delete(tx, one, other, &gone));
	return store_follow_request_delete(tx, one, other, &gone);
}

static err block_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	struct relation r;
	TRY(relation_in_tx(c, tx, act->target, false, &r));
	if (r.blocking)
		return NULL;
	TRY(tx_journal(tx, J_BLOCKED, c->viewer, act->target, 0));
	TRY(sever(tx, c->viewer, act->target));
	TRY(sever(tx, act->target, c->viewer));
	TRY(store_notification_delete_from(tx, c->viewer, act->target));
	return store_block_put(tx, c->viewer, act->target, id_new());
}

err block_account(struct ctx *c, int64_t target) {
	if (target == c->viewer)
		return err_plain(ERR_FORBIDDEN);
	return tx_run(c->db, block_tx, &(struct act){.c = c, .target = target});
}

static err unblock_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct relation r;
	TRY(relation_in_tx(act->c, tx, act->target, true, &r));
	if (!r.blocking)
		return NULL;
	TRY(tx_journal(tx, J_UNBLOCKED, act->c->viewer, act->target, 0));
	return store_block_delete(tx, act->c->viewer, act->target);
}

err unblock_account(struct ctx *c, int64_t target) { return tx_run(c->db, unblock_tx, &(struct act){.c = c, .target = target}); }

static err mute_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	struct relation r;
	TRY(relation_in_tx(c, tx, act->target, false, &r));
	if (r.muting && r.muting_notifications == act->notifications && r.mute_expires_at == act->expires_at)
		return NULL;
	TRY(tx_journal(tx, J_MUTED, c->viewer, act->target, 0));
	struct mute m = {c->viewer, act->target, id_new(), act->notifications, act->expires_at};
	return store_mute_put(tx, &m);
}

err mute_account(struct ctx *c, int64_t target, bool notifications, int64_t seconds) {
	if (target == c->viewer)
		return err_plain(ERR_FORBIDDEN);
	int64_t const hundred_years = 100LL * 366 * 24 * 3600;
	if (seconds < 0 || seconds > hundred_years)
		return err_public(ERR_INVALID, "Validation failed: duration must be a number of seconds");
	struct act act = {.c = c, .target = target, .notifications = notifications};
	act.expires_at = seconds ? clock_ms() + seconds * 1000 : 0;
	return tx_run(c->db, mute_tx, &act);
}

static err unmute_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct relation r;
	TRY(relation_in_tx(act->c, tx, act->target, true, &r));
	if (!r.muting)
		return NULL;
	TRY(tx_journal(tx, J_UNMUTED, act->c->viewer, act->target, 0));
	return store_mute_delete(tx, act->c->viewer, act->target);
}

err unmute_account(struct ctx *c, int64_t target) { return tx_run(c->db, unmute_tx, &(struct act){.c = c, .target = target}); }

static err note_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct relation r;
	TRY(relation_in_tx(act->c, tx, act->target, true, &r));
	if (str_eq(r.note, act->text))
		return NULL;
	TRY(tx_journal(tx, J_NOTE_CHANGED, act->c->viewer, act->target, 0));
	return store_note_put(tx, act->c->viewer, act->target, act->text);
}

static size_t characters(struct str s) {
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

err note_set(struct ctx *c, int64_t target, struct str text) {
	if (characters(text) > NOTE_MAX)
		return err_public(ERR_INVALID, "Validation failed: comment is longer than %d characters", NOTE_MAX);
	return tx_run(c->db, note_tx, &(struct act){.c = c, .target = target, .text = text});
}
