/* Posts and boosts as rows: the status table and its counters. A boost is a row of its own with boost_of_id and no text.
 *
 * Reads take the arena the texts live in. Writes (…_insert, …_update, …_delete, counters) only inside tx_run. */
#ifndef STORE_STATUS_H
#define STORE_STATUS_H

#include "store/range.h"
#include "store/tx.h"

/* The two lowest bits of status.flags. Stored: never renumbered. */
enum visibility { VISIBILITY_PUBLIC, VISIBILITY_UNLISTED, VISIBILITY_PRIVATE, VISIBILITY_DIRECT };

/* The other bits of status.flags. Stored: append only. */
enum status_flag {
	STATUS_VISIBILITY = 3,
	STATUS_SENSITIVE = 1 << 2,
	STATUS_HAS_MEDIA = 1 << 3,
	STATUS_HAS_POLL = 1 << 4,
	STATUS_EDITED = 1 << 5,
	STATUS_HAS_MENTIONS = 1 << 6,
	STATUS_HAS_TAGS = 1 << 7,
	STATUS_REPLY = 1 << 8, /* stays when the post it replied to is deleted */
	STATUS_BOOST = 1 << 9,
	STATUS_IMPORTED = 1 << 10, /* enters no stream, no notification */
	STATUS_HAS_CARD = 1 << 11, /* or had one once (store/card.h) */
};

struct status {
	int64_t id, author_id, flags;
	int64_t reply_to_id, reply_to_author_id; /* 0: none */
	int64_t thread_id;                       /* the first post of the conversation: its own id when it starts one */
	int64_t boost_of_id, boost_author_id;    /* 0: not a boost */
	int64_t app_id, edited_at;               /* 0: unknown, never */
	struct str text, warning, language;      /* empty: none */
};

static inline enum visibility status_visibility(const struct status *s) { return (enum visibility)(s->flags & STATUS_VISIBILITY); }

struct status_counts {
	int64_t replies, boosts, favourites;
};

err store_status_by_id(struct arena *a, struct db *db, int64_t id, struct status *out, bool *found);
/* The boost that this account made of that post: 0 when there is none. */
err store_status_boost_by(struct db *db, int64_t status_id, int64_t account_id, int64_t *boost_id);
err store_status_counts(struct db *db, int64_t id, struct status_counts *out);

/* What decides whether a viewer (0: nobody) may see a post of an author. An author without a row has flags -1. */
struct status_policy {
	int64_t author_flags;
	bool blocked;   /* the author blocks the viewer */
	bool follows;   /* the viewer follows the author */
	bool mentioned; /* the post names the viewer */
};
err store_status_policy(struct db *db, int64_t author, int64_t viewer, int64_t status, struct status_policy *out);

/* ERR_CONFLICT, and the transaction is over, when another node drew the same id: draw again. */
err store_status_insert(struct tx *tx, const struct status *s);
/* Sets flags, text, warning, language and edited_at. */
err store_status_update(struct tx *tx, const struct status *s);
/* Adds to the counters; the row is made when it is missing. */
err store_status_count_add(struct tx *tx, int64_t id, int replies, int boosts, int favourites);
/* Takes from them; of a post that is gone there is nothing to take from. */
err store_status_count_take(struct tx *tx, int64_t id, int replies, int boosts, int favourites);

/* Removes the row and its counters. What else names it: store/purge.h. */
err store_status_delete(struct tx *tx, int64_t id);
/* Moves an account's number of posts; posted_at (ms) 0 leaves the time of its last one. */
err store_status_of_account_add(struct tx *tx, int64_t account, int by, int64_t posted_at);

/* Boosts of a post that are not private: (boost, booster). */
err store_status_boosters(struct arena *a, struct db *db, int64_t id, struct range r, struct placed_ids *out);
/* What a post replies to, nearest first, at most `most`. */
err store_status_ancestors(struct arena *a, struct db *db, int64_t id, int64_t most, int64_t **ids, size_t *n);
/* Replies and replies to those: pairs (post, what it replies to), nearest levels first. */
struct status_link {
	int64_t id, parent;
};
err store_status_descendants(struct arena *a, struct db *db, int64_t id, int64_t deep, int64_t most, struct status_link **out, size_t *n);

#endif
