#include "store/notification_policy.h"

err store_notification_policy(struct db *db, int64_t account, struct notification_policy *out) {
	return db_i64(db, &out->drops, NULL, NOTIFICATION_POLICY_GET, I(account));
}

err store_notification_policy_put(struct tx *tx, int64_t account, const struct notification_policy *p) {
	return db_exec(tx_db(tx), NOTIFICATION_POLICY_PUT, I(account), I(p->drops));
}
