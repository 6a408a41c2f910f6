/* The search index: proposes posts and accounts by their words (FTS5 on SQLite, tsvector on PostgreSQL). What it proposes may be out of
 * date. */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store/tx.h"

/* words: folded (wire/text.h), separated by single spaces, none empty, at least one. */
err store_search_status_put(struct tx *tx, int64_t status, struct str words);
err store_search_status_drop(struct tx *tx, int64_t status);
/* Posts with all the words, above < id < below, newest first, at most `most`. */
err store_search_statuses(struct arena *a, struct db *db, const struct str *words, size_t n, int64_t above, int64_t below, int64_t most,
                          int64_t **ids, size_t *found);
/* Whether the account took part in what became of a post: favourite, bookmark, boost, answer, vote, mention. */
err store_search_interacted(struct db *db, int64_t status, int64_t account, bool *out);

/* Replaces an account's words. */
err store_search_account_put(struct tx *tx, int64_t account, const struct str *words, size_t n);
/* Accounts with a word that begins so, looking at no more than `most` words. */
err store_search_accounts(struct arena *a, struct db *db, struct str prefix, int64_t most, int64_t **ids, size_t *found);

/* There are accounts, but the index has none: it was never filled, or did not come along with the other tables. */
err store_search_empty(struct db *db, bool *out);
/* To build the index anew: ids of posts (no boosts) and of accounts above an id, oldest first. */
err store_search_fill_statuses(struct arena *a, struct db *db, int64_t above, int64_t most, int64_t **ids, size_t *n);
err store_search_fill_accounts(struct arena *a, struct db *db, int64_t above, int64_t most, int64_t **ids, size_t *n);

#endif
