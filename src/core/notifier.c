#include "core/notifier.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/account.h"
#include "store/follow.h"
#include "store/member.h"
#include "store/mention.h"
#include "store/notification.h"
#include "store/notification_policy.h"
#include "store/poll.h"
#include "store/relation.h"
#include "store/report.h"
#include "store/status.h"
#include "store/thread_mute.h"

const enum journal_kind notifier_kinds[] = {
    J_STATUS_CREATED,   J_STATUS_EDITED,       J_STATUS_DELETED, J_FAVOURITED,      J_UNFAVOURITED,   J_FOLLOWED,  J_UNFOLLOWED,
    J_FOLLOW_REQUESTED, J_FOLLOW_REQUEST_GONE, J_POLL_ENDED,     J_ACCOUNT_CREATED, J_REPORT_CHANGED, J_MODERATED, JOURNAL_NONE,
};

enum { DAY_MS = 24 * 3600 * 1000, BATCH = 200 };

/* ── may it be made? ── */

static bool of_people(enum notification_kind k) {
	return k != NOTIFICATION_POLL && k != NOTIFICATION_ADMIN_SIGN_UP && k != NOTIFICATION_ADMIN_REPORT &&
	       k != NOTIFICATION_MODERATION_WARNING;
}

/* s: the post it is about, or NULL. r: from the owner's side. */
static err dropped(struct ctx *c, const struct notification *n, const struct status *s, const struct relation *r, bool *out) {
	struct notification_policy p;
	TRY(store_notification_policy(c->db, n->account_id, &p));
	*out = false;
	if (!p.drops || r->following)
		return NULL;
	bool out_of_the_blue =
	    s && n->kind == NOTIFICATION_MENTION && status_visibility(s) == VISIBILITY_DIRECT && s->reply_to_author_id != n->account_id;
	int64_t age = clock_ms() - id_ms(n->from_id);
	*out = (p.drops & DROP_NOT_FOLLOWING) || ((p.drops & DROP_NOT_FOLLOWERS) && !r->followed_by) ||
	       ((p.drops & DROP_NEW_ACCOUNTS) && age < 30 * (int64_t)DAY_MS) || ((p.drops & DROP_PRIVATE_MENTIONS) && out_of_the_blue) ||
	       ((p.drops & DROP_LIMITED_ACCOUNTS) && (r->target_flags & ACCOUNT_LIMITED));
	return NULL;
}

static err allowed(struct ctx *c, const struct notification *n, const struct status *s, bool *out) {
	struct relation r;
	int64_t flags;
	bool found, muted = false, drop;
	*out = false;
	TRY(store_account_flags(c->db, n->account_id, &flags, &found));
	if (!found || (flags & ACCOUNT_GONE))
		return NULL;
	if (n->account_id == n->from_id) {
		*out = !of_people(n->kind);
		return NULL;
	}
	TRY(store_relation(c->arena, c->db, n->account_id, n->from_id, &r, &found));
	if (!found || (of_people(n->kind) && (r.target_flags & ACCOUNT_GONE)) || r.blocking || r.blocked_by || r.muting_notifications)
		return NULL;
	if (s)
		TRY(store_thread_mute_is(c->db, n->account_id, s->thread_id, &muted));
	if (muted)
		return NULL;
	if (of_people(n->kind)) {
		TRY(dropped(c, n, s, &r, &drop));
		if (drop)
			return NULL;
	}
	*out = true;
	return NULL;
}

/* ── making and taking back ── */

static err make_tx(struct tx *tx, void *arg) {
	struct notification *n = arg;
	bool there;
	TRY(store_notification_has(tx_db(tx), n, &there));
	if (there)
		return NULL;
	TRY(tx_journal(tx, J_NOTIFIED, n->account_id, n->id, 0));
	return store_notification_put(tx, n, &there);
}

static err notify(struct ctx *c, struct notification n, const struct status *s) {
	struct member_row member;
	bool ours, ok;
	TRY(store_member_by_id(c->arena, c->db, n.account_id, &member, &ours));
	if (!ours)
		return NULL;
	TRY(allowed(c, &n, s, &ok));
	if (!ok)
		return NULL;
	n.id = id_new();
	return tx_run(c->db, make_tx, &n);
}

static err take_back_tx(struct tx *tx, void *arg) {
	const struct notification *n = arg;
	int64_t gone;
	TRY(tx_journal(tx, J_NOTIFICATIONS_CHANGED, n->account_id, 0, 0));
	return store_notification_delete_like(tx, n->account_id, n->kind, n->from_id, n->status_id, &gone);
}

static err take_back(struct ctx *c, int64_t account, enum notification_kind k, int64_t from, int64_t status) {
	bool any;
	TRY(store_notification_like(c->db, account, k, from, status, &any));
	if (!any)
		return NULL;
	struct notification n = {.account_id = account, .kind = k, .from_id = from, .status_id = status};
	return tx_run(c->db, take_back_tx, &n);
}

struct taking_back {
	int64_t status, gone;
};

static err take_back_status_tx(struct tx *tx, void *arg) {
	struct taking_back *t = arg;
	TRY(tx_journal(tx, J_NOTIFICATIONS_CHANGED, 0, 0, 0));
	return store_notification_delete_status(tx, t->status, BATCH, &t->gone);
}

static err take_back_status(struct ctx *c, int64_t status) {
	struct taking_back t = {.status = status};
	bool any;
	TRY(store_notification_for_status(c->db, status, &any));
	while (any) {
		TRY(tx_run(c->db, take_back_status_tx, &t));
		any = t.gone == BATCH;
	}
	return NULL;
}

/* ── posts ── */

static err mentions_made(struct ctx *c, const struct journal_entry *e, const struct status *s, bool edited, struct mention **named,
                         size_t *n) {
	TRY(store_mentions_of(c->arena, c->db, s->id, named, n));
	for (size_t i = 0; i < *n; i++) {
		const struct mention *m = &(*named)[i];
		bool told = false;
		if (edited)
			TRY(store_notification_about_status(c->db, m->account_id, NOTIFICATION_MENTION, s->id, &told));
		if (m->silent || told)
			continue;
		struct notification made = {.account_id = m->account_id,
		                            .kind = NOTIFICATION_MENTION,
		                            .from_id = s->author_id,
		                            .status_id = s->id,
		                            .source_seq = e->seq};
		TRY(notify(c, made, s));
	}
	return NULL;
}

static bool is_named(const struct mention *named, size_t n, int64_t account) {
	for (size_t i = 0; i < n; i++)
		if (named[i].account_id == account)
			return true;
	return false;
}

/* Followers who asked to hear of each new post: not of replies to others, which home does not show for sure either. */
static err followers_told(struct ctx *c, const struct journal_entry *e, const struct status *s, const struct mention *named,
                          size_t named_count) {
	bool reply_to_other = (s->flags & STATUS_REPLY) && s->reply_to_author_id != s->author_id;
	if (reply_to_other || status_visibility(s) == VISIBILITY_DIRECT)
		return NULL;
	int64_t *followers, after = 0;
	size_t n;
	do {
		TRY(store_follow_notified(c->arena, c->db, s->author_id, after, BATCH, &followers, &n));
		for (size_t i = 0; i < n; i++) {
			struct notification made = {.account_id = followers[i],
			                            .kind = NOTIFICATION_STATUS,
			                            .from_id = s->author_id,
			                            .status_id = s->id,
			                            .source_seq = e->seq};
			if (!is_named(named, named_count, followers[i]))
				TRY(notify(c, made, s));
		}
		after = n ? followers[n - 1] : 0;
	} while (n == BATCH);
	return NULL;
}

static err created(struct ctx *c, const struct journal_entry *e) {
	struct status s, boosted;
	struct mention *named;
	size_t n;
	bool found;
	TRY(store_status_by_id(c->arena, c->db, e->a, &s, &found));
	if (!found || (s.flags & STATUS_IMPORTED))
		return NULL;
	if (!s.boost_of_id) {
		TRY(mentions_made(c, e, &s, false, &named, &n));
		return followers_told(c, e, &s, named, n);
	}
	TRY(store_status_by_id(c->arena, c->db, s.boost_of_id, &boosted, &found));
	struct notification made = {.account_id = boosted.author_id,
	                            .kind = NOTIFICATION_REBLOG,
	                            .from_id = s.author_id,
	                            .status_id = boosted.id,
	                            .source_seq = e->seq};
	return found ? notify(c, made, &boosted) : NULL;
}

/* Those who boosted it, and those it names now. */
static err edited(struct ctx *c, const struct journal_entry *e) {
	struct status s;
	struct mention *named;
	size_t n;
	bool found;
	TRY(store_status_by_id(c->arena, c->db, e->a, &s, &found));
	if (!found)
		return NULL;
	TRY(mentions_made(c, e, &s, true, &named, &n));
	struct range r = range_of(BATCH, 0, 0, 0);
	struct placed_ids boosters;
	do {
		TRY(store_status_boosters(c->arena, c->db, s.id, r, &boosters));
		for (size_t i = 0; i < boosters.n; i++) {
			struct notification made = {.account_id = boosters.v[i].id,
			                            .kind = NOTIFICATION_UPDATE,
			                            .from_id = s.author_id,
			                            .status_id = s.id,
			                            .source_seq = e->seq};
			TRY(notify(c, made, &s));
		}
		if (boosters.n)
			r.below = boosters.v[boosters.n - 1].cursor;
	} while (boosters.n == BATCH);
	return NULL;
}

static err deleted(struct ctx *c, const struct journal_entry *e) {
	struct status boosted;
	bool found = false;
	if (e->c > 0)
		TRY(store_status_by_id(c->arena, c->db, e->c, &boosted, &found));
	if (found)
		TRY(take_back(c, boosted.author_id, NOTIFICATION_REBLOG, e->b, boosted.id));
	return take_back_status(c, e->a);
}

static err favourited(struct ctx *c, const struct journal_entry *e) {
	struct status s;
	bool found;
	TRY(store_status_by_id(c->arena, c->db, e->a, &s, &found));
	struct notification made = {
	    .account_id = e->c, .kind = NOTIFICATION_FAVOURITE, .from_id = e->b, .status_id = e->a, .source_seq = e->seq};
	return found ? notify(c, made, &s) : NULL;
}

static err poll_ended(struct ctx *c, const struct journal_entry *e) {
	struct status s;
	int64_t *voters;
	size_t n;
	bool found;
	TRY(store_status_by_id(c->arena, c->db, e->a, &s, &found));
	if (!found)
		return NULL;
	struct notification made = {
	    .account_id = s.author_id, .kind = NOTIFICATION_POLL, .from_id = s.author_id, .status_id = s.id, .source_seq = e->seq};
	TRY(notify(c, made, &s));
	TRY(store_poll_voters(c->arena, c->db, s.id, &voters, &n));
	for (size_t i = 0; i < n; i++) {
		made.account_id = voters[i];
		if (voters[i] != s.author_id)
			TRY(notify(c, made, &s));
	}
	return NULL;
}

/* ── people ── */

static err followed(struct ctx *c, const struct journal_entry *e) {
	struct notification made = {.account_id = e->b, .kind = NOTIFICATION_FOLLOW, .from_id = e->a, .source_seq = e->seq};
	if (!e->c)
		return NULL;
	TRY(take_back(c, e->b, NOTIFICATION_FOLLOW_REQUEST, e->a, 0));
	struct relation r;
	bool found;
	/* The entry may be old: what was undone since is not told. */
	TRY(store_relation(c->arena, c->db, e->b, e->a, &r, &found));
	return found && r.followed_by ? notify(c, made, NULL) : NULL;
}

static err follow_requested(struct ctx *c, const struct journal_entry *e) {
	struct notification made = {.account_id = e->b, .kind = NOTIFICATION_FOLLOW_REQUEST, .from_id = e->a, .source_seq = e->seq};
	bool told;
	struct relation r;
	bool found;
	TRY(store_relation(c->arena, c->db, e->b, e->a, &r, &found));
	if (!found || !r.requested_by)
		return NULL;
	TRY(take_back(c, e->b, NOTIFICATION_FOLLOW_REQUEST, e->a, 0));
	TRY(store_notification_has(c->db, &made, &told));
	return told ? NULL : notify(c, made, NULL);
}

/* ── the staff's ── */

static err staff_told(struct ctx *c, struct notification made) {
	int64_t *staff;
	size_t n;
	TRY(store_notification_staff(c->arena, c->db, &staff, &n));
	for (size_t i = 0; i < n; i++) {
		bool told = false;
		made.account_id = staff[i];
		if (made.report_id)
			TRY(store_notification_about_report(c->db, staff[i], made.kind, made.report_id, &told));
		if (!told && staff[i] != made.from_id)
			TRY(notify(c, made, NULL));
	}
	return NULL;
}

static err signed_up(struct ctx *c, const struct journal_entry *e) {
	struct notification made = {.kind = NOTIFICATION_ADMIN_SIGN_UP, .from_id = e->a, .source_seq = e->seq};
	return staff_told(c, made);
}

/* Entries of this kind also tell of assigning and resolving: only an open report that nobody has taken is news. */
static err reported(struct ctx *c, const struct journal_entry *e) {
	struct report r;
	bool found;
	TRY(store_report_get(c->arena, c->db, e->a, &r, &found));
	if (!found || r.resolved_at || r.assigned_id)
		return NULL;
	struct notification made = {.kind = NOTIFICATION_ADMIN_REPORT, .from_id = r.account_id, .report_id = r.id, .source_seq = e->seq};
	return staff_told(c, made);
}

/* Says so to whom it was done, in nobody's name but their own. c is 0 where there was nothing to say. */
static err warned(struct ctx *c, const struct journal_entry *e) {
	struct notification made = {
	    .account_id = e->b, .kind = NOTIFICATION_MODERATION_WARNING, .from_id = e->b, .report_id = e->c, .source_seq = e->seq};
	return e->c ? notify(c, made, NULL) : NULL;
}

static err take(struct ctx *c, const struct journal_entry *e) {
	switch (e->kind) {
	case J_STATUS_CREATED: return created(c, e);
	case J_STATUS_EDITED: return edited(c, e);
	case J_STATUS_DELETED: return deleted(c, e);
	case J_FAVOURITED: return favourited(c, e);
	case J_UNFAVOURITED: return take_back(c, e->c, NOTIFICATION_FAVOURITE, e->b, e->a);
	case J_FOLLOWED: return followed(c, e);
	case J_UNFOLLOWED: return take_back(c, e->b, NOTIFICATION_FOLLOW, e->a, 0);
	case J_FOLLOW_REQUESTED: return follow_requested(c, e);
	case J_FOLLOW_REQUEST_GONE: return take_back(c, e->b, NOTIFICATION_FOLLOW_REQUEST, e->a, 0);
	case J_POLL_ENDED: return poll_ended(c, e);
	case J_ACCOUNT_CREATED: return signed_up(c, e);
	case J_REPORT_CHANGED: return reported(c, e);
	case J_MODERATED: return warned(c, e);
	default: return NULL;
	}
}

err notifier_read(struct ctx *c, const struct journal_entry *entries, size_t n) {
	for (size_t i = 0; i < n; i++)
		TRY(take(c, &entries[i]));
	return NULL;
}
