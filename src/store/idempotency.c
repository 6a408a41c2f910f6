#include "store/idempotency.h"

err store_idempotency_get(struct db *db, int64_t account, struct str hash, int64_t since, int64_t *status) {
	return db_i64(db, status, NULL, IDEMPOTENCY_GET, I(account), B(hash), I(since));
}

err store_idempotency_put(struct tx *tx, int64_t account, struct str hash, int64_t status, int64_t at, int64_t since) {
	TRY(db_exec(tx_db(tx), IDEMPOTENCY_TRIM, I(account), I(since)));
	return db_exec(tx_db(tx), IDEMPOTENCY_PUT, I(account), B(hash), I(status), I(at));
}
