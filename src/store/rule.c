#include "store/rule.h"

#include "base/vec.h"

err store_rules(struct arena *a, struct db *db, struct rule_row **out, size_t *n) {
	VEC(struct rule_row) list = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query_(db, &r, RULES, NULL, 0));
	while (rows_next(r)) {
		struct rule_row row = {.id = rows_i64(r, 0), .text = rows_copy(r, 1, a), .hint = rows_copy(r, 2, a)};
		vec_push(a, &list, row);
	}
	*out = list.v;
	*n = list.n;
	return rows_err(r);
}

err store_rule_put(struct tx *tx, const struct rule_row *row, int64_t position) {
	return db_exec(tx_db(tx), RULE_PUT, I(row->id), I(position), T(row->text), T(row->hint));
}

err store_rule_delete(struct tx *tx, int64_t id) { return db_exec(tx_db(tx), RULE_DELETE, I(id)); }
