#include "core/follow.h"

#include "base/id.h"
#include "base/vec.h"
#include "core/relation.h"
#include "store/account.h"
#include "store/follow.h"
#include "store/list.h"
#include "store/tx.h"

enum { REQUESTS_AT_ONCE = 80 };

struct act {
	struct ctx *c;
	int64_t target;
	const struct follow_wish *wish;
};

static int64_t wished_flags(const struct follow_wish *w, int64_t flags) {
	if (w->has_boosts)
		flags = w->boosts ? flags & ~FOLLOW_NO_BOOSTS : flags | FOLLOW_NO_BOOSTS;
	if (w->has_notify)
		flags = w->notify ? flags | FOLLOW_NOTIFY : flags & ~FOLLOW_NOTIFY;
	return flags;
}

static err follow_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	struct relation r;
	TRY(relation_in_tx(c, tx, act->target, false, &r));
	if (r.blocking || r.blocked_by)
		return err_plain(ERR_FORBIDDEN);
	struct follow f = {
	    .account_id = c->viewer,
	    .target_id = act->target,
	    .id = id_new(),
	    .flags = wished_flags(act->wish, r.follow_flags),
	    .languages = act->wish->has_languages ? act->wish->languages : r.languages,
	};
	bool asks = !r.following && (r.target_flags & ACCOUNT_LOCKED);
	if ((r.following || r.requested) && f.flags == r.follow_flags && str_eq(f.languages, r.languages) && (asks == r.requested))
		return NULL;
	if (asks) {
		TRY(tx_journal(tx, J_FOLLOW_REQUESTED, c->viewer, act->target, 0));
		return store_follow_request_put(tx, &f);
	}
	TRY(tx_journal(tx, J_FOLLOWED, c->viewer, act->target, !r.following));
	bool had_asked;
	if (r.requested)
		TRY(store_follow_request_delete(tx, c->viewer, act->target, &had_asked));
	return store_follow_put(tx, &f, !r.following);
}

err follow_account(struct ctx *c, int64_t target, const struct follow_wish *wish) {
	if (target == c->viewer)
		return err_plain(ERR_FORBIDDEN);
	return tx_run(c->db, follow_tx, &(struct act){c, target, wish});
}

static err unfollow_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	struct relation r;
	bool gone;
	TRY(relation_in_tx(c, tx, act->target, true, &r));
	if (r.following) {
		TRY(tx_journal(tx, J_UNFOLLOWED, c->viewer, act->target, 0));
		TRY(store_list_member_delete_all(tx, c->viewer, act->target));
		TRY(store_follow_delete(tx, c->viewer, act->target, &gone));
	} else if (r.requested) {
		TRY(tx_journal(tx, J_FOLLOW_REQUEST_GONE, c->viewer, act->target, 0));
	}
	return r.requested ? store_follow_request_delete(tx, c->viewer, act->target, &gone) : NULL;
}

err unfollow_account(struct ctx *c, int64_t target) { return tx_run(c->db, unfollow_tx, &(struct act){.c = c, .target = target}); }

static err remove_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	struct relation r;
	bool gone;
	TRY(relation_in_tx(c, tx, act->target, true, &r));
	if (!r.followed_by)
		return NULL;
	TRY(tx_journal(tx, J_UNFOLLOWED, act->target, c->viewer, 0));
	TRY(store_list_member_delete_all(tx, act->target, c->viewer));
	return store_follow_delete(tx, act->target, c->viewer, &gone);
}

err follower_remove(struct ctx *c, int64_t target) { return tx_run(c->db, remove_tx, &(struct act){.c = c, .target = target}); }

static err authorize_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	struct follow f;
	struct relation r;
	bool found, gone;
	TRY(store_follow_request_get(c->arena, tx_db(tx), act->target, c->viewer, &f, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	TRY(relation_in_tx(c, tx, act->target, false, &r));
	f.id = id_new();
	TRY(tx_journal(tx, J_FOLLOWED, act->target, c->viewer, 1));
	TRY(store_follow_request_delete(tx, act->target, c->viewer, &gone));
	return store_follow_put(tx, &f, !r.followed_by);
}

err follow_request_authorize(struct ctx *c, int64_t from) { return tx_run(c->db, authorize_tx, &(struct act){.c = c, .target = from}); }

err follow_requests_authorize_all(struct ctx *c) {
	struct range r = range_of(REQUESTS_AT_ONCE, 0, 0, 0);
	struct placed_ids page;
	do {
		TRY(store_follow_requests(c->arena, c->db, c->viewer, r, &page));
		for (size_t i = 0; i < page.n; i++) {
			err e = follow_request_authorize(c, page.v[i].id);
			if (e && e->code != ERR_NOT_FOUND)
				return e;
			r.below = page.v[i].cursor;
		}
	} while (page.n == REQUESTS_AT_ONCE);
	return NULL;
}

static err reject_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	struct follow f;
	bool found, gone;
	TRY(store_follow_request_get(c->arena, tx_db(tx), act->target, c->viewer, &f, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	TRY(tx_journal(tx, J_FOLLOW_REQUEST_GONE, act->target, c->viewer, 0));
	return store_follow_request_delete(tx, act->target, c->viewer, &gone);
}

err follow_request_reject(struct ctx *c, int64_t from) { return tx_run(c->db, reject_tx, &(struct act){.c = c, .target = from}); }

/* ── suggestions ── */

static err worth_suggesting(struct ctx *c, int64_t account, bool *out) {
	struct relation r;
	bool found;
	*out = false;
	if (account == c->viewer)
		return NULL;
	TRY(store_relation(c->arena, c->db, c->viewer, account, &r, &found));
	*out = found && (r.target_flags & ACCOUNT_DISCOVERABLE) &&
	       !(r.target_flags & (ACCOUNT_GONE | ACCOUNT_LIMITED | ACCOUNT_MEMORIAL)) && !r.following && !r.requested && !r.blocking &&
	       !r.blocked_by && !r.muting;
	return NULL;
}

static bool suggested(const struct suggestion *v, size_t n, int64_t account) {
	for (size_t i = 0; i < n; i++)
		if (v[i].account_id == account)
			return true;
	return false;
}

err follow_suggestions(struct ctx *c, int most, struct suggestion **out, size_t *n) {
	VEC(struct suggestion) made = {0};
	/* Most friends of friends are friends already: look at some times more than asked for. */
	for (int pass = 0; pass < 2; pass++) {
		int64_t *ids;
		size_t count;
		TRY(pass == 0 ? store_follow_friends_of_friends(c->arena, c->db, c->viewer, most * 4, &ids, &count)
		              : store_follow_lately_active(c->arena, c->db, most * 4, &ids, &count));
		for (size_t i = 0; i < count && made.n < (size_t)most; i++) {
			bool worth;
			TRY(worth_suggesting(c, ids[i], &worth));
			if (worth && !suggested(made.v, made.n, ids[i]))
				vec_push(c->arena, &made, ((struct suggestion){ids[i], pass == 0 ? 'f' : 'a'}));
		}
	}
	*out = made.v;
	*n = made.n;
	return NULL;
}
