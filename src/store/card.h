/* Cards: what the pages say of themselves that posts link to. One row per address, shared by all posts that have it as their first link; it
 * goes with the last of them. Reads take the arena the texts live in; writes only inside tx_run. */
#ifndef STORE_CARD_H
#define STORE_CARD_H

#include "base/blob_name.h"
#include "store/tx.h"

/* Stored: never renumbered. */
enum card_state {
	CARD_WAITING,  /* not fetched yet: nothing to show */
	CARD_READY,    /* shown */
	CARD_NOTHING,  /* the page could not be had, or says nothing */
	CARD_RENEWING, /* shown as it was, while it is fetched again */
};

#define CARD_JOB "card.fetch" /* a: the card; b: enum card_work; data: of CARD_WORK_SWEEP, the picture's name in hexadecimal */
enum card_work {
	CARD_WORK_PAGE,    /* the page and its picture */
	CARD_WORK_PICTURE, /* the picture alone, which is not there any more */
	CARD_WORK_SWEEP,   /* a picture goes, if no card has it */
};

enum { CARD_HASH = 32, CARD_BLURHASH_MAX = 48 };

struct card {
	int64_t id;
	char hash[CARD_HASH];
	struct str url; /* as the post has it */
	enum card_state state;
	int64_t fetched_at; /* ms; 0: never */
	struct str title, description, author, author_url, provider, language, published;
	/* Its picture; image_key empty: it has none. */
	struct str image_url, image_key, image_type, image_alt, blurhash;
	struct blob_name image_blob;
	int64_t image_width, image_height;
};

static inline bool card_is_shown(const struct card *k) { return k->state == CARD_READY || k->state == CARD_RENEWING; }

err store_card_by_id(struct arena *a, struct db *db, int64_t id, struct card *out, bool *found);
err store_card_by_hash(struct arena *a, struct db *db, const char hash[CARD_HASH], struct card *out, bool *found);
err store_card_by_key(struct arena *a, struct db *db, struct str key, struct card *out, bool *found);
err store_card_of_status(struct arena *a, struct db *db, int64_t status, struct card *out, bool *found);
/* Ids of posts that have it, after one, ascending. */
err store_card_statuses(struct arena *a, struct db *db, int64_t card, int64_t after, int limit, int64_t **ids, size_t *n);
/* Whether a card has this picture. */
err store_card_names(struct db *db, const struct blob_name *blob, bool *out);

/* A new one that waits; one with the same address that is there stays. */
err store_card_insert(struct tx *tx, const struct card *k);
/* Sets state and fetched_at. */
err store_card_set_state(struct tx *tx, int64_t id, enum card_state state, int64_t fetched_at);
/* Sets all but id, hash and url. */
err store_card_update(struct tx *tx, const struct card *k);

/* Gives the card to the post, and marks the post as having one (STATUS_HAS_CARD). */
err store_card_link(struct tx *tx, int64_t status, int64_t card);
/* Takes the post's card off it, if it has one. One that no other post has goes, and its picture is swept. */
err store_card_unlink(struct tx *tx, int64_t status);
/* A picture that a card had is let go of, unless another has it. */
err store_card_sweep(struct tx *tx, const struct blob_name *blob);

#endif
