/* Polls: one per post, its id is the post's. Who voted for what is known to the voter only. */
#ifndef STORE_POLL_H
#define STORE_POLL_H

#include "store/tx.h"

/* Bits of poll.flags. Stored: append only; the SQL names POLL_ENDED by its number. */
enum poll_flag {
	POLL_MULTIPLE = 1 << 0,
	POLL_HIDE_TOTALS = 1 << 1, /* votes are shown after the end only */
	POLL_ENDED = 1 << 2,       /* its end has been told to those who took part */
};

struct poll {
	int64_t status_id, flags, expires_at, voters;
	const struct str *options;
	int64_t *votes; /* per option; NULL for insert: there are none */
	size_t option_count;
};

err store_poll_insert(struct tx *tx, const struct poll *p);
err store_poll_by_status(struct arena *a, struct db *db, int64_t status, struct poll *out, bool *found);
/* The choices (from 0) an account voted for. */
err store_poll_votes_of(struct arena *a, struct db *db, int64_t status, int64_t account, int64_t **choices, size_t *n);
err store_poll_voters(struct arena *a, struct db *db, int64_t status, int64_t **accounts, size_t *n);

/* One vote per choice, the counters, one voter more. The caller made sure that the account had not voted. */
err store_poll_vote(struct tx *tx, int64_t status, int64_t account, const int64_t *choices, size_t n);
err store_poll_flags_set(struct tx *tx, int64_t status, int64_t flags);
/* The poll and its counters; with its votes. */
err store_poll_delete(struct tx *tx, int64_t status);
err store_poll_delete_voted(struct tx *tx, int64_t status);

#endif
