/* The viewer's notifications: dismissing them, and the policy of which are made at all. They are made by the notifier (core/notifier.h). */
#ifndef CORE_NOTIFICATION_H
#define CORE_NOTIFICATION_H

#include "core/ctx.h"
#include "store/notification.h"
#include "store/notification_policy.h"

/* ERR_NOT_FOUND when it is not the viewer's. */
err notification_get(struct ctx *c, int64_t id, struct notification *out);
err notification_dismiss(struct ctx *c, int64_t id);
err notification_dismiss_group(struct ctx *c, struct notification_group g);
err notifications_clear(struct ctx *c);

err notification_policy_set(struct ctx *c, const struct notification_policy *p);

#endif
