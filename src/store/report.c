#include "store/report.h"

#include "base/vec.h"

static const struct str categories[REPORT_CATEGORIES] = {{"other", 5}, {"spam", 4}, {"legal", 5}, {"violation", 9}};

struct str report_category_text(enum report_category c) {
	return categories[c];
}

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

err store_report_update(struct tx *tx, const struct report *r) {
	return db_exec(tx_db(tx), REPORT_UPDATE, I(r->id), I(r->category), T(r->rule_ids), I_OR_NUL(r->assigned_id),
	               I_OR_NUL(r->resolved_by), I_OR_NUL(r->resolved_at));
}

err store_report_resolve_of(struct tx *tx, int64_t target, int64_t by, int64_t at) {
	return db_exec(tx_db(tx), REPORT_RESOLVE_OF, I(target), I(by), I(at));
}

err store_reports(struct arena *a, struct db *db, bool resolved, int64_t by, int64_t about, int64_t above, int64_t below, int limit,
                  int64_t **ids, size_t *n) {
	VEC(int64_t) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, resolved ? REPORTS_RESOLVED : REPORTS_OPEN, I(limit), I(above), I(below), I(by), I(about)));
	while (rows_next(r))
		vec_push(a, &found, rows_i64(r, 0));
	*ids = found.v;
	*n = found.n;
	return rows_err(r);
}
