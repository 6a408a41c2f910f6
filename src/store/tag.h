/* Hashtags: their names, the posts under them, who follows them. */
#ifndef STORE_TAG_H
#define STORE_TAG_H

#include "store/range.h"
#include "store/tx.h"

struct tag {
	int64_t id;
	struct str name;    /* folded (wire/text.h, text_tag_fold): what it is found by */
	struct str display; /* as first typed */
};

err store_tag_by_name(struct arena *a, struct db *db, struct str folded, struct tag *out, bool *found);
err store_tag_by_id(struct arena *a, struct db *db, int64_t id, struct tag *out, bool *found);
/* The hashtag's id; made when there is none: new_id then is its id. */
err store_tag_ensure(struct tx *tx, struct str folded, struct str display, int64_t new_id, int64_t *id);
err store_tag_status_insert(struct tx *tx, int64_t tag, int64_t status);
err store_tag_status_delete(struct tx *tx, int64_t status);
err store_tags_of_status(struct arena *a, struct db *db, int64_t status, struct tag **out, size_t *n);
/* Hashtags whose folded name begins so, by name. */
err store_tags_starting(struct arena *a, struct db *db, struct str folded, int limit, int64_t offset, struct tag **out, size_t *n);

/* *changed false: it was so already. */
err store_tag_follow(struct tx *tx, int64_t account, int64_t tag, int64_t id, bool *changed);
err store_tag_unfollow(struct tx *tx, int64_t account, int64_t tag, bool *changed);
err store_tag_followed(struct db *db, int64_t account, int64_t tag, bool *followed);
err store_tags_followed(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);

struct tag_use {
	int64_t day; /* since 1970 */
	int64_t posts, accounts;
};
/* Public posts per day since an id, newest day first, counted over the newest thousand. */
err store_tag_uses(struct arena *a, struct db *db, int64_t tag, int64_t since_id, struct tag_use **out, size_t *n);

#endif
