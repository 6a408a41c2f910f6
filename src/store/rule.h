/* The site's rules, in order. */
#ifndef STORE_RULE_H
#define STORE_RULE_H

#include "store/tx.h"

struct rule_row {
	int64_t id;
	struct str text, hint;
};

err store_rules(struct arena *a, struct db *db, struct rule_row **out, size_t *n);

/* Inside a transaction. */
err store_rule_put(struct tx *tx, const struct rule_row *row, int64_t position);
err store_rule_delete(struct tx *tx, int64_t id);

#endif
