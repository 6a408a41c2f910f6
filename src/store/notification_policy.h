/* From whom somebody wants no notifications at all. */
#ifndef STORE_NOTIFICATION_POLICY_H
#define STORE_NOTIFICATION_POLICY_H

#include "store/tx.h"

/* Bits of notification_policy.drops: what others do makes no notification when they … Stored. */
enum notification_drop {
	DROP_NOT_FOLLOWING = 1 << 0,    /* are not followed by the owner */
	DROP_NOT_FOLLOWERS = 1 << 1,    /* do not follow the owner, or only since three days */
	DROP_NEW_ACCOUNTS = 1 << 2,     /* came less than 30 days ago */
	DROP_PRIVATE_MENTIONS = 1 << 3, /* write a direct post out of the blue */
	DROP_LIMITED_ACCOUNTS = 1 << 4, /* were limited by a moderator */
};

struct notification_policy {
	int64_t drops;
};
/* No row means nothing is dropped. */
err store_notification_policy(struct db *db, int64_t account, struct notification_policy *out);
err store_notification_policy_put(struct tx *tx, int64_t account, const struct notification_policy *p);

#endif
