/* Reports: what members tell the moderators about others. */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include "store/tx.h"

/* Stored. */
enum report_category { REPORT_OTHER, REPORT_SPAM, REPORT_LEGAL, REPORT_VIOLATION, REPORT_CATEGORIES };
struct str report_category_text(enum report_category c);
bool report_category_parse(struct str text, enum report_category *out);

struct report {
	int64_t id, account_id, target_id;
	struct str comment;
	enum report_category category;
	struct str status_ids, rule_ids;  /* JSON arrays of ids as texts, as the API shows them */
	int64_t assigned_id;              /* 0: nobody */
	int64_t resolved_by, resolved_at; /* 0: open */
};

err store_report_get(struct arena *a, struct db *db, int64_t id, struct report *out, bool *found);

/* Ids of open or resolved ones between above and below, newest first; by and about: 0 for anybody. */
err store_reports(struct arena *a, struct db *db, bool resolved, int64_t by, int64_t about, int64_t above, int64_t below, int limit,
                  int64_t **ids, size_t *n);

/* In a transaction. */
err store_report_put(struct tx *tx, const struct report *r);
/* Writes category, rules, who it is assigned to, by whom and when it was resolved. */
err store_report_update(struct tx *tx, const struct report *r);
/* Resolves all open ones about an account. */
err store_report_resolve_of(struct tx *tx, int64_t target, int64_t by, int64_t at);

#endif
