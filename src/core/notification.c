#include "core/notification.h"

#include "store/tx.h"

struct act {
	struct ctx *c;
	int64_t id;
	struct notification_group group;
	const struct notification_policy *policy;
};

err notification_get(struct ctx *c, int64_t id, struct notification *out) {
	bool found;
	TRY(store_notification_get(c->db, c->viewer, id, out, &found));
	return found ? NULL : err_plain(ERR_NOT_FOUND);
}

static err dismiss_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	int64_t gone;
	TRY(tx_journal(tx, J_NOTIFICATIONS_CHANGED, act->c->viewer, 0, 0));
	return store_notification_delete(tx, act->c->viewer, act->id, &gone);
}

err notification_dismiss(struct ctx *c, int64_t id) {
	struct notification n;
	TRY(notification_get(c, id, &n));
	return tx_run(c->db, dismiss_tx, &(struct act){.c = c, .id = id});
}

static err dismiss_group_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	int64_t gone;
	TRY(tx_journal(tx, J_NOTIFICATIONS_CHANGED, act->c->viewer, 0, 0));
	return store_notification_delete_group(tx, act->c->viewer, act->group, &gone);
}

err notification_dismiss_group(struct ctx *c, struct notification_group g) {
	return tx_run(c->db, dismiss_group_tx, &(struct act){.c = c, .group = g});
}

static err clear_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	int64_t gone;
	TRY(tx_journal(tx, J_NOTIFICATIONS_CHANGED, act->c->viewer, 0, 0));
	return store_notification_delete_all(tx, act->c->viewer, &gone);
}

err notifications_clear(struct ctx *c) { return tx_run(c->db, clear_tx, &(struct act){.c = c}); }

static err policy_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	TRY(tx_journal(tx, J_NOTIFICATIONS_CHANGED, act->c->viewer, 0, 0));
	return store_notification_policy_put(tx, act->c->viewer, act->policy);
}

err notification_policy_set(struct ctx *c, const struct notification_policy *p) {
	return tx_run(c->db, policy_tx, &(struct act){.c = c, .policy = p});
}
