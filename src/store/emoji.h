/* Custom emoji: a shortcode and a picture. Few, so they are read whole. */
#ifndef STORE_EMOJI_H
#define STORE_EMOJI_H

#include "store/tx.h"

struct emoji {
	int64_t id;
	struct str shortcode, key; /* key: of the picture's media row */
	struct str category;       /* empty: none */
	bool visible;              /* offered in pickers */
};

err store_emoji_by_shortcode(struct arena *a, struct db *db, struct str shortcode, struct emoji *out, bool *found);
err store_emoji_by_id(struct arena *a, struct db *db, int64_t id, struct emoji *out, bool *found);
err store_emoji_all(struct arena *a, struct db *db, struct emoji **out, size_t *n);

/* The picture's media row is the caller's to make and to drop. */
err store_emoji_insert(struct tx *tx, const struct emoji *e, int64_t media);
/* Sets category and visible. */
err store_emoji_update(struct tx *tx, const struct emoji *e);
err store_emoji_delete(struct tx *tx, int64_t id);

#endif
