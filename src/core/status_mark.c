#include "core/status_mark.h"

#include "base/id.h"
#include "config/config.h"
#include "core/policy.h"
#include "core/site.h"
#include "store/bookmark.h"
#include "store/favourite.h"
#include "store/pin.h"
#include "store/thread_mute.h"

struct act {
	struct ctx *c;
	struct status s;
	bool on;
};

/* A mark may be taken back from a post that the viewer may no longer see; the answer is the same as if it were not there. */
static err run(struct ctx *c, int64_t id, bool on, int64_t *status, tx_fn fn) {
	struct act act = {.c = c, .on = on};
	bool found;
	TRY(store_status_by_id(c->arena, c->db, id, &act.s, &found));
	if (found && act.s.boost_of_id)
		TRY(store_status_by_id(c->arena, c->db, act.s.boost_of_id, &act.s, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	bool seen = policy_sees(c, &act.s);
	if (!seen && on)
		return err_plain(ERR_NOT_FOUND);
	*status = act.s.id;
	TRY(tx_run(c->db, fn, &act));
	return seen ? NULL : err_plain(ERR_NOT_FOUND);
}

/* The post may have gone since it was looked at: nothing must hang on what is not there. */
static err still_there(struct tx *tx, const struct act *act) {
	struct status now;
	bool found;
	TRY(store_status_by_id(act->c->arena, tx_db(tx), act->s.id, &now, &found));
	return found ? NULL : err_plain(ERR_NOT_FOUND);
}

static err favourite_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	int64_t had, viewer = act->c->viewer, id = act->s.id;
	bool changed;
	TRY(still_there(tx, act));
	TRY(store_favourite_by(tx_db(tx), viewer, id, &had));
	if ((had != 0) == act->on)
		return NULL;
	TRY(tx_journal(tx, act->on ? J_FAVOURITED : J_UNFAVOURITED, id, viewer, act->s.author_id));
	TRY(act->on ? store_favourite_insert(tx, viewer, id, id_new(), &changed) : store_favourite_delete(tx, viewer, id, &changed));
	return changed ? store_status_count_add(tx, id, 0, 0, act->on ? 1 : -1) : NULL;
}

err status_favourite(struct ctx *c, int64_t id, bool on, int64_t *status) { return run(c, id, on, status, favourite_tx); }

static err bookmark_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	int64_t had, viewer = act->c->viewer, id = act->s.id;
	bool changed;
	TRY(still_there(tx, act));
	TRY(store_bookmark_by(tx_db(tx), viewer, id, &had));
	if ((had != 0) == act->on)
		return NULL;
	TRY(tx_journal(tx, J_BOOKMARKED, id, viewer, act->on));
	return act->on ? store_bookmark_insert(tx, viewer, id, id_new(), &changed) : store_bookmark_delete(tx, viewer, id, &changed);
}

err status_bookmark(struct ctx *c, int64_t id, bool on, int64_t *status) { return run(c, id, on, status, bookmark_tx); }

static err pin_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	int64_t had, count, most = config_number(c->site->config, SET_statuses_max_pinned);
	bool changed;
	TRY(still_there(tx, act));
	TRY(store_pin_by(tx_db(tx), c->viewer, act->s.id, &had));
	if ((had != 0) == act->on)
		return NULL;
	TRY(store_pin_count(tx_db(tx), c->viewer, &count));
	if (act->on && count >= most)
		return err_public(ERR_INVALID, "Validation failed: You have already pinned the maximum number of posts");
	TRY(tx_journal(tx, J_STATUS_PINNED, act->s.id, c->viewer, act->on));
	return act->on ? store_pin_insert(tx, c->viewer, act->s.id, id_new()) : store_pin_delete(tx, c->viewer, act->s.id, &changed);
}

err status_pin(struct ctx *c, int64_t id, bool on, int64_t *status) {
	struct status s;
	TRY(status_visible(c, id, &s));
	if (s.boost_of_id)
		return err_public(ERR_INVALID, "Validation failed: A boost cannot be pinned");
	if (s.author_id != c->viewer)
		return err_public(ERR_INVALID, "Validation failed: Someone else's post cannot be pinned");
	if (on && status_visibility(&s) == VISIBILITY_DIRECT)
		return err_public(ERR_INVALID, "Validation failed: Posts that are only visible to mentioned users cannot be pinned");
	return run(c, id, on, status, pin_tx);
}

static err mute_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	int64_t viewer = act->c->viewer, thread = act->s.thread_id;
	bool muted;
	TRY(store_thread_mute_is(tx_db(tx), viewer, thread, &muted));
	if (muted == act->on)
		return NULL;
	TRY(tx_journal(tx, J_THREAD_MUTED, viewer, thread, act->on));
	return act->on ? store_thread_mute_insert(tx, viewer, thread) : store_thread_mute_delete(tx, viewer, thread);
}

err status_mute_thread(struct ctx *c, int64_t id, bool on, int64_t *status) { return run(c, id, on, status, mute_tx); }
