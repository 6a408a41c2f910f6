/* Markers: how far somebody has read a timeline. */
#ifndef STORE_MARKER_H
#define STORE_MARKER_H

#include "store/tx.h"

/* Stored. */
enum marker_timeline { MARKER_HOME, MARKER_NOTIFICATIONS, MARKER_TIMELINES };

struct marker {
	int64_t last_read_id, version, changed_at;
};
err store_marker_get(struct db *db, int64_t account, enum marker_timeline t, struct marker *out, bool *found);
/* In a transaction. */
err store_marker_put(struct tx *tx, int64_t account, enum marker_timeline t, int64_t last_read_id);

#endif
