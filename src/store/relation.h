/* All that stands between two accounts, read in one query. */
#ifndef STORE_RELATION_H
#define STORE_RELATION_H

#include "store/db.h"

/* From the side of the account (the viewer) towards the target. */
struct relation {
	int64_t target_id;
	int64_t target_flags; /* account.flags of the target */
	bool following, followed_by;
	bool requested, requested_by;
	int64_t follow_id;    /* of the follow or the request, 0: none */
	int64_t follow_flags; /* of the follow or the request */
	struct str languages; /* likewise; comma-separated, empty: all */
	bool blocking, blocked_by;
	bool muting, muting_notifications; /* an expired mute counts as none */
	int64_t mute_expires_at;           /* 0: never */
	struct str note;
};

err store_relation(struct arena *a, struct db *db, int64_t viewer, int64_t target, struct relation *out, bool *found);

#endif
