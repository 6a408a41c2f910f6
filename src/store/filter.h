/* Filters: what a person does not want to see, by words or post by post. A person has few, so they are read all at once. */
#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include "store/tx.h"

/* Bits of filter.contexts. Stored. */
enum filter_context {
	FILTER_HOME = 1,
	FILTER_NOTIFICATIONS = 2,
	FILTER_PUBLIC = 4,
	FILTER_THREAD = 8,
	FILTER_ACCOUNT = 16,
};
/* Stored. */
enum filter_action { FILTER_WARN, FILTER_HIDE, FILTER_BLUR };

struct filter_keyword {
	int64_t id, filter_id;
	struct str keyword;
	bool whole_word;
};
struct filter_status {
	int64_t id, filter_id, status_id;
};
struct filter {
	int64_t id, account_id;
	struct str title;
	int64_t contexts;
	enum filter_action action;
	int64_t expires_at; /* ms; 0: never */
	struct filter_keyword *keywords;
	size_t keyword_count;
	struct filter_status *statuses;
	size_t status_count;
};

/* All filters of an account with what is in them, expired ones too. */
err store_filters(struct arena *a, struct db *db, int64_t account, struct filter **out, size_t *n);

/* In a transaction. put writes the row alone, not its keywords and posts; delete takes all. */
err store_filter_put(struct tx *tx, const struct filter *f);
err store_filter_delete(struct tx *tx, int64_t id);
err store_filter_keyword_put(struct tx *tx, const struct filter_keyword *k);
err store_filter_keyword_delete(struct tx *tx, int64_t id);
err store_filter_status_put(struct tx *tx, const struct filter_status *s);
err store_filter_status_delete(struct tx *tx, int64_t id);

#endif
