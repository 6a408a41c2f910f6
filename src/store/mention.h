/* Mentions: whom a post names. Of a direct post this is the list of those who may see it. */
#ifndef STORE_MENTION_H
#define STORE_MENTION_H

#include "store/tx.h"

struct mention {
	int64_t account_id;
	bool silent;                 /* may see the post but is not named in its text */
	struct str username, domain; /* domain empty: one of ours */
};

err store_mention_insert(struct tx *tx, int64_t status, int64_t account, bool silent);
/* After an edit: those the text named may still see the post. */
err store_mentions_silence(struct tx *tx, int64_t status);
err store_mentions_delete(struct tx *tx, int64_t status);

err store_mentions_of(struct arena *a, struct db *db, int64_t status, struct mention **out, size_t *n);

/* Whom a name in a text of that author's means; domain empty for ours. *account 0: nobody. blocked: by the author. */
err store_mention_resolve(struct db *db, struct str username, struct str domain, int64_t author, int64_t *account, int64_t *flags,
                          bool *blocked);

#endif
