#include "core/moderation.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/account_delete.h"
#include "core/audit.h"
#include "core/mail.h"
#include "core/sign_up.h"
#include "core/status_delete.h"
#include "store/account.h"
#include "store/member.h"

/* What each action sets, as account or member flags, and the words of the audit log for doing and undoing it. */
static const struct action {
	const char *name, *undo;
	int64_t account_flag, member_flag;
} actions[] = {
    [WARNING_NONE] = {"none", "", 0, 0},
    [WARNING_DISABLE] = {"disable", "enable", 0, MEMBER_DISABLED},
    [WARNING_SENSITIVE] = {"sensitive", "unsensitive", ACCOUNT_SENSITIVE, 0},
    [WARNING_SILENCE] = {"silence", "unsilence", ACCOUNT_LIMITED, 0},
    [WARNING_SUSPEND] = {"suspend", "unsuspend", ACCOUNT_SUSPENDED, 0},
    [WARNING_DELETE_STATUSES] = {"delete_statuses", "", 0, 0},
};

const char *warning_action_name(enum warning_action a) { return actions[a].name; }

bool warning_action_parse(struct str name, enum warning_action *out) {
	for (int i = WARNING_NONE; i <= WARNING_SUSPEND; i++)
		if (str_eq(name, str_of(actions[i].name))) {
			*out = (enum warning_action)i;
			return true;
		}
	return false;
}

/* ── on members ── */

struct subject {
	struct account_row account;
	struct member_row member;
	bool is_member;
};

/* Read in the transaction that acts. */
static err subject(struct ctx *c, struct db *db, int64_t id, struct subject *out) {
	bool found;
	TRY(store_account_by_id(c->arena, db, id, &out->account, &found));
	if (!found || out->account.flags & ACCOUNT_DELETED)
		return err_plain(ERR_NOT_FOUND);
	TRY(store_member_by_id(c->arena, db, id, &out->member, &out->is_member));
	if (!out->is_member)
		out->member.role = ROLE_USER;
	if (c->viewer && (c->viewer == id || out->member.role >= c->role))
		return err_public(ERR_FORBIDDEN, "Nobody can do this to themselves, or to somebody of their own rank or above");
	return NULL;
}

err moderation_may(struct ctx *c, int64_t account_id) {
	struct subject s;
	return subject(c, c->db, account_id, &s);
}

struct approving {
	struct ctx *c;
	int64_t id;
};

static err approve(struct tx *tx, void *arg) {
	struct approving *a = arg;
	struct subject s;
	TRY(tx_journal(tx, J_MEMBER_CHANGED, a->id, 0, 0));
	TRY(subject(a->c, tx_db(tx), a->id, &s));
	if (!s.is_member || s.member.flags & MEMBER_APPROVED)
		return err_public(ERR_FORBIDDEN, "This account does not wait for approval");
	TRY(member_flags_write(tx, &s.member, s.member.flags | MEMBER_APPROVED));
	if (s.member.flags & MEMBER_CONFIRMED)
		TRY(mail_queue(tx, MAIL_APPROVED, a->id, 0));
	return audit_note(tx, a->c, S("approve"), S("account"), a->id, s.account.username, STR_NONE);
}

err moderation_approve(struct ctx *c, int64_t account_id) { return tx_run(c->db, approve, &(struct approving){c, account_id}); }

err moderation_reject(struct ctx *c, int64_t account_id) {
	struct subject s;
	TRY(subject(c, c->db, account_id, &s));
	if (!s.is_member || s.member.flags & MEMBER_APPROVED)
		return err_public(ERR_FORBIDDEN, "This account does not wait for approval");
	return account_delete_by_moderator(c, account_id, S("reject"));
}

struct acting {
	struct ctx *c;
	const struct moderation_act *in;
	int64_t warning_id;
};

static err set_flags(struct tx *tx, struct subject *s, const struct action *action, bool on) {
	if (action->account_flag)
		TRY(store_account_flags_set(tx, s->account.id, on ? action->account_flag : 0, on ? 0 : action->account_flag));
	if (!action->member_flag || !s->is_member)
		return NULL;
	return member_flags_write(tx, &s->member, on ? s->member.flags | action->member_flag : s->member.flags & ~action->member_flag);
}

static err act(struct tx *tx, void *arg) {
	struct acting *a = arg;
	const struct moderation_act *in = a->in;
	const struct action *action = &actions[in->action];
	struct subject s;
	TRY(tx_journal(tx, J_MODERATED, a->c->viewer, in->account_id, a->warning_id));
	TRY(subject(a->c, tx_db(tx), in->account_id, &s));
	struct warning_row warning = {.id = a->warning_id,
	                              .account_id = in->account_id,
	                              .moderator_id = a->c->viewer,
	                              .report_id = in->report_id,
	                              .action = in->action,
	                              .text = in->text};
	TRY(set_flags(tx, &s, action, true));
	TRY(store_warning_insert(tx, &warning));
	if (in->report_id || in->action != WARNING_NONE)
		TRY(store_report_resolve_of(tx, in->account_id, a->c->viewer, clock_ms()));
	if (in->mail && s.is_member)
		TRY(mail_queue(tx, MAIL_WARNING, in->account_id, a->warning_id));
	return audit_note(tx, a->c, in->action == WARNING_NONE ? S("warn") : str_of(action->name), S("account"), in->account_id,
	                  s.account.username, in->text);
}

err moderation_act(struct ctx *c, const struct moderation_act *in) { return tx_run(c->db, act, &(struct acting){c, in, id_new()}); }

struct undoing {
	struct ctx *c;
	int64_t id;
	enum warning_action action;
};

static err undo(struct tx *tx, void *arg) {
	struct undoing *u = arg;
	struct subject s;
	TRY(tx_journal(tx, J_MODERATED, u->c->viewer, u->id, 0));
	TRY(subject(u->c, tx_db(tx), u->id, &s));
	TRY(set_flags(tx, &s, &actions[u->action], false));
	return audit_note(tx, u->c, str_of(actions[u->action].undo), S("account"), u->id, s.account.username, STR_NONE);
}

err moderation_undo(struct ctx *c, int64_t account_id, enum warning_action action) {
	return tx_run(c->db, undo, &(struct undoing){c, account_id, action});
}

/* ── posts ── */

struct noting {
	struct ctx *c;
	int64_t status_id;
	struct str author;
};

static err note_deletion(struct tx *tx, void *arg) {
	struct noting *n = arg;
	TRY(tx_journal(tx, J_MODERATED, n->c->viewer, 0, 0));
	return audit_note(tx, n->c, S("delete_status"), S("status"), n->status_id, n->author, STR_NONE);
}

err moderation_delete_status(struct ctx *c, int64_t status_id) {
	struct status was;
	struct subject s;
	bool found;
	TRY(store_status_by_id(c->arena, c->db, status_id, &was, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	TRY(subject(c, c->db, was.author_id, &s));
	TRY(status_delete_by_moderator(c, status_id, &was));
	return tx_run(c->db, note_deletion, &(struct noting){c, status_id, s.account.username});
}

/* ── reports ── */

struct reporting {
	struct ctx *c;
	int64_t id;
	enum report_change change;
	enum report_category category;
};

static err change_report(struct tx *tx, void *arg) {
	static const char *const names[] = {"assign_report", "unassign_report", "resolve_report", "reopen_report", "reclassify_report"};
	struct reporting *rp = arg;
	struct report r;
	struct account_row target = {0};
	bool found;
	TRY(store_report_get(rp->c->arena, tx_db(tx), rp->id, &r, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	TRY(store_account_by_id(rp->c->arena, tx_db(tx), r.target_id, &target, &found));
	TRY(tx_journal(tx, J_REPORT_CHANGED, r.id, r.account_id, r.target_id));
	switch (rp->change) {
	case REPORT_ASSIGN: r.assigned_id = rp->c->viewer; break;
	case REPORT_UNASSIGN: r.assigned_id = 0; break;
	case REPORT_RESOLVE: r.resolved_by = rp->c->viewer, r.resolved_at = clock_ms(); break;
	case REPORT_REOPEN: r.resolved_by = r.resolved_at = 0; break;
	case REPORT_RECLASSIFY: r.category = rp->category; break;
	}
	TRY(store_report_update(tx, &r));
	return audit_note(tx, rp->c, str_of(names[rp->change]), S("report"), r.id, target.username, STR_NONE);
}

err moderation_report(struct ctx *c, int64_t report_id, enum report_change change) {
	return tx_run(c->db, change_report, &(struct reporting){.c = c, .id = report_id, .change = change});
}

err moderation_report_category(struct ctx *c, int64_t report_id, enum report_category category) {
	return tx_run(c->db, change_report, &(struct reporting){c, report_id, REPORT_RECLASSIFY, category});
}
