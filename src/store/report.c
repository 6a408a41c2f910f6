#include "store/report.h"

static const struct str categories[REPORT_CATEGORIES] = {{"other", 5}, {"spam", 4}, {"legal", 5}, {"violation", 9}};

struct str report_category_text(enum report_category c) { return categories[c]; }

bool report_category_parse(struct str text, enum report_category *out) {
	for (int i = 0; i < REPORT_CATEGORIES; i++)
		if (str_eq(text, categories[i])) {
			*out = (enum report_category)i;
			return true;
		}
	return false;
}

err store_report_get(struct arena *a, struct db *db, int64_t id, struct report *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, REPORT_GET, I(id)));
	*found = rows_next(r);
	if (*found)
		*out = (struct report){
		        .id = id,
		        .account_id = rows_i64(r, 0),
		        .target_id = rows_i64(r, 1),
		        .comment = rows_copy(r, 2, a),
		        .category = (enum report_category)rows_i64(r, 3),
		        .status_ids = rows_copy(r, 4, a),
		        .rule_ids = rows_copy(r, 5, a),
		        .assigned_id = rows_i64(r, 6),
		        .resolved_by = rows_i64(r, 7),
		        .resolved_at = rows_i64(r, 8),
		};
	return rows_err(r);
}

err store_report_put(struct tx *tx, const struct report *r) {
	return db_exec(tx_db(tx), REPORT_PUT, I(r->id), I(r->account_id), I(r->target_id), T(r->comment), I(r->category), T(r->status_ids),
	               T(r->rule_ids));
}
