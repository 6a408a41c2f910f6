/* Conversations of direct posts, as each participant sees them in their list. Its id is the thread's: the id of its first post. */
#ifndef STORE_CONVERSATION_H
#define STORE_CONVERSATION_H

#include "store/range.h"
#include "store/tx.h"

struct conversation {
	int64_t account_id, thread_id, last_status_id;
	bool unread;
	int64_t *with; /* the other participants */
	size_t with_count;
};

err store_conversation_put(struct tx *tx, const struct conversation *c);
err store_conversation_get(struct arena *a, struct db *db, int64_t account, int64_t thread, struct conversation *out, bool *found);
err store_conversation_read(struct tx *tx, int64_t account, int64_t thread, bool unread, bool *found);
err store_conversation_delete(struct tx *tx, int64_t account, int64_t thread, bool *found);
/* Threads, by their last post. */
err store_conversations_of(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);
/* The newest direct post of the thread, but that one, which the account wrote or is named in; 0: none. */
err store_conversation_newest(struct db *db, int64_t account, int64_t thread, int64_t but, int64_t *status);

#endif
