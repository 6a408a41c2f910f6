/* What moderators do with members: let in, turn away, warn, limit, disable, suspend, undo. Each in one transaction with its line in the
 * audit log; the person is told by mail where asked to. Nobody acts on a member of their own rank or above. */
#ifndef CORE_MODERATION_H
#define CORE_MODERATION_H

#include "core/ctx.h"
#include "store/audit.h"
#include "store/report.h"

err moderation_approve(struct ctx *c, int64_t account_id);
/* Who asked to join is turned away: the account goes. ERR_FORBIDDEN when it was approved already. */
err moderation_reject(struct ctx *c, int64_t account_id);

struct moderation_act {
	int64_t account_id;
	enum warning_action action;
	struct str text;
	int64_t report_id; /* resolved with it; 0: none */
	bool mail;
};
err moderation_act(struct ctx *c, const struct moderation_act *in);

/* enable, unsilence, unsuspend, unsensitive: the inverse of an action. */
err moderation_undo(struct ctx *c, int64_t account_id, enum warning_action action);

/* Whether the ctx's viewer may act on this account; ERR_NOT_FOUND, ERR_FORBIDDEN. */
err moderation_may(struct ctx *c, int64_t account_id);

/* A post of somebody else's goes, with a line in the audit log. */
err moderation_delete_status(struct ctx *c, int64_t status_id);

/* ── reports ── */

enum report_change { REPORT_ASSIGN, REPORT_UNASSIGN, REPORT_RESOLVE, REPORT_REOPEN, REPORT_RECLASSIFY };
err moderation_report(struct ctx *c, int64_t report_id, enum report_change change);
err moderation_report_category(struct ctx *c, int64_t report_id, enum report_category category);

const char *warning_action_name(enum warning_action a);
bool warning_action_parse(struct str name, enum warning_action *out);

#endif
