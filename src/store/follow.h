/* Who follows whom, and who asked to. Counters of both sides change in the same transaction as the row. */
#ifndef STORE_FOLLOW_H
#define STORE_FOLLOW_H

#include "store/range.h"
#include "store/tx.h"

/* Bits of follow.flags and follow_request.flags. */
enum {
	FOLLOW_NO_BOOSTS = 1, /* boosts by the target stay out of the home timeline */
	FOLLOW_NOTIFY = 2,    /* a notification for each new post */
};

struct follow {
	int64_t account_id, target_id;
	int64_t id; /* when, and the cursor of lists */
	int64_t flags;
	struct str languages; /* comma-separated; empty: all */
};

/* In a transaction. put makes the row or changes its options (then id is not touched); `added` says whether it is new, as the caller
 * has read before. delete says whether there was one. */
err store_follow_put(struct tx *tx, const struct follow *f, bool added);
err store_follow_delete(struct tx *tx, int64_t account, int64_t target, bool *gone);
err store_follow_request_put(struct tx *tx, const struct follow *f);
err store_follow_request_delete(struct tx *tx, int64_t account, int64_t target, bool *gone);

err store_follow_request_get(struct arena *a, struct db *db, int64_t account, int64_t target, struct follow *out, bool *found);

err store_follow_is(struct db *db, int64_t account, int64_t target, bool *out);
err store_followers(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);
err store_following(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);
/* Those who asked to follow the account. */
err store_follow_requests(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);
err store_follow_requests_count(struct db *db, int64_t account, int64_t *out);
/* Up to `most` followers who want to hear of each new post, above the account `after`, by account. */
err store_follow_notified(struct arena *a, struct db *db, int64_t target, int64_t after, int most, int64_t **out, size_t *n);
/* Whom the account follows among the followers of target, newest follower first. */
err store_follow_familiar(struct arena *a, struct db *db, int64_t account, int64_t target, int most, int64_t **out, size_t *n);
/* Candidates worth suggesting; the caller drops those already known to the account. */
err store_follow_friends_of_friends(struct arena *a, struct db *db, int64_t account, int most, int64_t **out, size_t *n);
err store_follow_lately_active(struct arena *a, struct db *db, int most, int64_t **out, size_t *n);

#endif
