/* What moderators did (audit) and what they told people (warning). Rows are only added. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "store/tx.h"

struct audit_row {
	int64_t id;
	int64_t actor_id;       /* 0: the command line */
	struct str action;      /* "suspend", "approve", "site_changed", … */
	struct str target_kind; /* "account", "report", "status", "email_domain", "ip_range", "site", "emoji" */
	int64_t target_id;
	struct str target_label; /* how people call it: "@name", "example.org", "192.0.2.0/24" */
	struct str text;         /* the reason or message given; may be empty */
};

/* Newest first, ids below `below` (INT64_MAX: from the newest). */
err store_audit_page(struct arena *a, struct db *db, int64_t below, int limit, struct audit_row **out, size_t *n);
err store_audit_insert(struct tx *tx, const struct audit_row *row);

/* Stored: append only. The names are those of Mastodon's AccountWarning.action. */
enum warning_action { WARNING_NONE, WARNING_DISABLE, WARNING_SENSITIVE, WARNING_SILENCE, WARNING_SUSPEND, WARNING_DELETE_STATUSES };

struct warning_row {
	int64_t id, account_id, moderator_id;
	int64_t report_id; /* 0: none */
	int action;        /* enum warning_action */
	struct str text;
};

err store_warning_by_id(struct arena *a, struct db *db, int64_t id, struct warning_row *out, bool *found);
err store_warning_insert(struct tx *tx, const struct warning_row *row);

#endif
