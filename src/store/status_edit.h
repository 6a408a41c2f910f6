/* All forms of edited posts, the newest too; a post that was never edited has none here. */
#ifndef STORE_STATUS_EDIT_H
#define STORE_STATUS_EDIT_H

#include "store/tx.h"

struct status_edit {
	int64_t id;    /* of the time from which the post had this form */
	int64_t flags; /* of the post then */
	struct str text, warning;
	struct str extra; /* JSON: {"media":[ids],"poll":["option"…]}; empty: neither */
};

err store_status_edit_insert(struct tx *tx, int64_t status, const struct status_edit *e);
err store_status_edits_delete(struct tx *tx, int64_t status);
/* Oldest first, at most `most`. */
err store_status_edits(struct arena *a, struct db *db, int64_t status, int64_t most, struct status_edit **out, size_t *n);

#endif
