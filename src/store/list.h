/* Lists: a person's own selections among those they follow. */
#ifndef STORE_LIST_H
#define STORE_LIST_H

#include "store/range.h"
#include "store/tx.h"

/* Which replies by members a list shows. Stored. */
enum list_replies { LIST_REPLIES_NONE, LIST_REPLIES_LIST, LIST_REPLIES_FOLLOWED };

struct list {
	int64_t id, account_id;
	struct str title;
	enum list_replies replies; /* to others: none, to members of the list, to anybody the owner follows */
	bool exclusive;            /* members' posts leave the home timeline */
};

err store_lists(struct arena *a, struct db *db, int64_t account, struct list **out, size_t *n);
/* Those of them that the member is on. */
err store_lists_with(struct arena *a, struct db *db, int64_t account, int64_t member, struct list **out, size_t *n);
/* Only a list of this account is found. */
err store_list_get(struct arena *a, struct db *db, int64_t id, int64_t account, struct list *out, bool *found);
err store_list_count(struct db *db, int64_t account, int64_t *out);
err store_list_members(struct arena *a, struct db *db, int64_t list, struct range r, struct placed_ids *out);
err store_list_has(struct db *db, int64_t list, int64_t account, bool *out);

/* In a transaction. */
err store_list_put(struct tx *tx, const struct list *l);
err store_list_delete(struct tx *tx, int64_t id);
err store_list_member_put(struct tx *tx, int64_t list, int64_t account, int64_t id);
err store_list_member_delete(struct tx *tx, int64_t list, int64_t account);
err store_list_member_delete_all(struct tx *tx, int64_t owner, int64_t account);

#endif
