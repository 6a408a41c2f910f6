#include "store/relation.h"

#include "base/clock.h"

err store_relation(struct arena *a, struct db *db, int64_t viewer, int64_t target, struct relation *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, RELATION_GET, I(viewer), I(target)));
	*out = (struct relation){.target_id = target};
	*found = rows_next(r);
	if (!*found)
		return rows_err(r);
	out->target_flags = rows_i64(r, 0);
	out->following = !rows_null(r, 1);
	out->followed_by = !rows_null(r, 4);
	out->requested = !rows_null(r, 5);
	out->requested_by = !rows_null(r, 7);
	out->follow_id = out->following ? rows_i64(r, 1) : rows_i64(r, 5);
	out->follow_flags = out->following ? rows_i64(r, 2) : rows_i64(r, 6);
	out->languages = rows_copy(r, 3, a);
	out->blocking = !rows_null(r, 8);
	out->blocked_by = !rows_null(r, 9);
	out->mute_expires_at = rows_i64(r, 12);
	out->muting = !rows_null(r, 10) && (!out->mute_expires_at || out->mute_expires_at > clock_ms());
	out->muting_notifications = out->muting && rows_bool(r, 11);
	if (!out->muting)
		out->mute_expires_at = 0;
	out->note = rows_copy(r, 13, a);
	return NULL;
}
