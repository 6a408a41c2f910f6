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
	struct str status_ids, rule_ids; /* JSON arrays of ids as texts, as the API shows them */
	int64_t assigned_id;             /* 0: nobody */
	int64_t resolved_by, resolved_at; /* 0: open */
};

err store_report_get(struct arena *a, struct db *db, int64_t id, struct report *out, bool *found);

/* In a transaction. */
err store_report_put(struct tx *tx, const struct report *r);

#endif
