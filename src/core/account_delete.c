#include "core/account_delete.h"

#include "core/audit.h"
#include "core/sms_routes.h"
#include "core/status_delete.h"
#include "store/account.h"
#include "store/favourite.h"
#include "store/filter.h"
#include "store/follow.h"
#include "store/invite.h"
#include "store/list.h"
#include "store/media.h"
#include "store/member.h"
#include "store/once.h"
#include "store/phone.h"
#include "store/purge.h"
#include "store/token.h"
#include "store/upload.h"

enum { BATCH = 100 };

/* ── disappearing ── */

struct leaving {
	struct ctx *c;
	int64_t id;
	struct str action; /* of a moderator; empty: by oneself */
};

static err not_the_last_owner(struct tx *tx, const struct member_row *m) {
	int64_t others;
	if (m->role != ROLE_OWNER)
		return NULL;
	TRY(store_member_others_of_role(tx_db(tx), ROLE_OWNER, m->account_id, &others));
	return others ? NULL : err_public(ERR_CONFLICT, "You are the only owner: make somebody else one first");
}

static err empty_profile(struct tx *tx, struct account_row *row) {
	if (row->avatar.n)
		TRY(store_media_drop_key(tx, row->avatar));
	if (row->header.n)
		TRY(store_media_drop_key(tx, row->header));
	struct account_row empty = {.id = row->id, .flags = ACCOUNT_DELETED};
	return store_account_update(tx, &empty);
}

static err leave(struct tx *tx, void *arg) {
	struct leaving *l = arg;
	struct account_row row;
	struct member_row m;
	bool found, is_member;
	TRY(tx_journal(tx, J_ACCOUNT_DELETED, l->id, 0, 0));
	TRY(store_account_by_id(l->c->arena, tx_db(tx), l->id, &row, &found));
	if (!found || row.flags & ACCOUNT_DELETED)
		return err_plain(ERR_NOT_FOUND);
	TRY(store_member_by_id(l->c->arena, tx_db(tx), l->id, &m, &is_member));
	if (is_member)
		TRY(not_the_last_owner(tx, &m));
	TRY(empty_profile(tx, &row));
	TRY(store_member_delete(tx, l->id));
	TRY(store_token_delete_all(tx, l->id, 0));
	TRY(store_once_delete_all_of_account(tx, l->id));
	TRY(store_phone_delete(tx, l->id));
	TRY(store_job_forget_of(tx, S(SMS_JOB), l->id));
	TRY(store_invite_delete_all(tx, l->id));
	TRY(store_job_add(tx, S(ACCOUNT_PURGE_JOB), 0, l->id, 0, STR_NONE, NULL));
	return l->action.n ? audit_note(tx, l->c, l->action, S("account"), l->id, row.username, STR_NONE) : NULL;
}

err account_delete_own(struct ctx *c) { return tx_run(c->db, leave, &(struct leaving){.c = c, .id = c->viewer}); }

err account_delete_by_moderator(struct ctx *c, int64_t account_id, struct str action) {
	return tx_run(c->db, leave, &(struct leaving){c, account_id, action});
}

/* ── what it leaves behind: each step ends when nothing is left for it, so that the job can begin anew at any time ── */

struct purging {
	struct ctx c; /* with an arena of its own, emptied after each batch */
	int64_t id;
	bool more;
};
typedef err (*step_fn)(struct purging *p);

static err statuses(struct purging *p) {
	int64_t *ids;
	size_t n;
	TRY(store_purge_statuses(p->c.arena, p->c.db, p->id, BATCH, &ids, &n));
	for (size_t i = 0; i < n; i++) {
		struct status was;
		err e = status_delete_by_moderator(&p->c, ids[i], &was);
		if (e && e->code != ERR_NOT_FOUND)
			return e;
	}
	p->more = n > 0;
	return NULL;
}

struct pair {
	int64_t account, target;
	enum journal_kind kind;
};

static err unfollow(struct tx *tx, void *arg) {
	struct pair *f = arg;
	bool gone;
	TRY(tx_journal(tx, J_UNFOLLOWED, f->account, f->target, 0));
	return store_follow_delete(tx, f->account, f->target, &gone);
}

static err following(struct purging *p) {
	struct placed_ids found;
	TRY(store_following(p->c.arena, p->c.db, p->id, range_of(BATCH, 0, 0, 0), &found));
	for (size_t i = 0; i < found.n; i++)
		TRY(tx_run(p->c.db, unfollow, &(struct pair){.account = p->id, .target = found.v[i].id}));
	p->more = found.n > 0;
	return NULL;
}

static err followers(struct purging *p) {
	struct placed_ids found;
	TRY(store_followers(p->c.arena, p->c.db, p->id, range_of(BATCH, 0, 0, 0), &found));
	for (size_t i = 0; i < found.n; i++)
		TRY(tx_run(p->c.db, unfollow, &(struct pair){.account = found.v[i].id, .target = p->id}));
	p->more = found.n > 0;
	return NULL;
}

struct unmarking {
	int64_t account;
	struct purge_favourite favourite;
};

static err unfavourite(struct tx *tx, void *arg) {
	struct unmarking *u = arg;
	bool changed;
	TRY(tx_journal(tx, J_UNFAVOURITED, u->favourite.status_id, u->account, u->favourite.author_id));
	TRY(store_favourite_delete(tx, u->account, u->favourite.status_id, &changed));
	return changed ? store_status_count_take(tx, u->favourite.status_id, 0, 0, 1) : NULL;
}

static err favourites(struct purging *p) {
	struct purge_favourite *found;
	size_t n;
	TRY(store_purge_favourites(p->c.arena, p->c.db, p->id, BATCH, &found, &n));
	for (size_t i = 0; i < n; i++)
		TRY(tx_run(p->c.db, unfavourite, &(struct unmarking){p->id, found[i]}));
	p->more = n > 0;
	return NULL;
}

static err own_lists(struct tx *tx, void *arg) {
	struct purging *p = arg;
	struct list *lists;
	struct filter *filters;
	size_t n;
	TRY(tx_journal(tx, J_ACCOUNT_DELETED, p->id, 0, 0));
	TRY(store_lists(p->c.arena, tx_db(tx), p->id, &lists, &n));
	for (size_t i = 0; i < n; i++)
		TRY(store_list_delete(tx, lists[i].id));
	TRY(store_filters(p->c.arena, tx_db(tx), p->id, &filters, &n));
	for (size_t i = 0; i < n; i++)
		TRY(store_filter_delete(tx, filters[i].id));
	TRY(store_uploads_delete_of_account(tx, p->id));
	return store_media_drop_of_account(tx, p->id);
}

static err lists(struct purging *p) {
	p->more = false;
	return tx_run(p->c.db, own_lists, p);
}

static err part(struct tx *tx, void *arg) {
	struct purging *p = arg;
	TRY(tx_journal(tx, J_ACCOUNT_DELETED, p->id, 0, 0));
	return store_purge_part(tx, p->id, &p->more);
}

static err rest(struct purging *p) { return tx_run(p->c.db, part, p); }

static err purge(struct purging *p) {
	static const step_fn steps[] = {statuses, followers, following, favourites, lists, rest};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		do {
			TRY(steps[i](p));
			arena_reset(p->c.arena);
		} while (p->more);
	return NULL;
}

err account_purge(struct ctx *c, const struct job *job) {
	struct purging p = {.c = *c, .id = job->a};
	int64_t flags;
	bool found;
	TRY(store_account_flags(c->db, job->a, &flags, &found));
	if (!found || !(flags & ACCOUNT_DELETED))
		return NULL;
	p.c.arena = arena_new();
	err e = purge(&p);
	arena_free(&p.c.arena);
	return e;
}
