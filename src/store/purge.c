#include "store/purge.h"

#include "base/vec.h"

static const enum query parts[] = {
    PURGE_BOOKMARKS,      PURGE_PINS,
    PURGE_THREAD_MUTES,   PURGE_VOTES,
    PURGE_CONVERSATIONS,  PURGE_LIST_MEMBERSHIPS,
    PURGE_BLOCKS,         PURGE_BLOCKED_BY,
    PURGE_MUTES,          PURGE_MUTED_BY,
    PURGE_NOTES,          PURGE_NOTED_BY,
    PURGE_FOLLOWED_TAGS,  PURGE_MARKERS,
    PURGE_NOTIFICATIONS,  PURGE_NOTIFICATIONS_FROM,
    PURGE_POLICY,         PURGE_REQUESTS,
    PURGE_REQUESTED_BY,   PURGE_IDEMPOTENCY,
    PURGE_IMPORT_SOURCES, PURGE_TRANSFERS,
};

err store_purge_part(struct tx *tx, int64_t account, bool *more) {
	*more = false;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		int64_t gone = 0;
		TRY(db_exec_changed(tx_db(tx), &gone, parts[i], I(account)));
		*more |= gone > 0;
	}
	return NULL;
}

static const enum query parts_of_status[] = {
    PURGE_BOOSTS, PURGE_FAVOURITERS, PURGE_BOOKMARKERS, PURGE_VOTERS, NOTIFICATION_DELETE_STATUS, PURGE_FILTERED,
};

err store_purge_status(struct tx *tx, int64_t status, int most, bool *more) {
	*more = false;
	TRY(db_exec(tx_db(tx), PURGE_BOOSTERS, I(status), I(most)));
	for (size_t i = 0; i < sizeof parts_of_status / sizeof *parts_of_status; i++) {
		int64_t gone = 0;
		TRY(db_exec_changed(tx_db(tx), &gone, parts_of_status[i], I(status), I(most)));
		*more |= gone == most;
	}
	return NULL;
}

err store_purge_statuses(struct arena *a, struct db *db, int64_t account, int most, int64_t **ids, size_t *n) {
	VEC(int64_t) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, PURGE_STATUSES, I(account), I(most)));
	while (rows_next(r))
		vec_push(a, &found, rows_i64(r, 0));
	*ids = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_purge_favourites(struct arena *a, struct db *db, int64_t account, int most, struct purge_favourite **out, size_t *n) {
	VEC(struct purge_favourite) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, PURGE_FAVOURITES, I(account), I(most)));
	while (rows_next(r)) {
		struct purge_favourite f = {rows_i64(r, 0), rows_i64(r, 1)};
		vec_push(a, &found, f);
	}
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}
