/* Notifications: what others did that concerns somebody. Written by the notifications reader, never by the verb that caused them. */
#ifndef STORE_NOTIFICATION_H
#define STORE_NOTIFICATION_H

#include "store/range.h"
#include "store/tx.h"

enum notification_kind {
#define NOTIFICATION(name, text, grouped) name,
#include "store/notification.def"
#undef NOTIFICATION
	NOTIFICATION_KIND_COUNT
};
struct str notification_kind_text(enum notification_kind k);
/* False when the word is none. */
bool notification_kind_parse(struct str text, enum notification_kind *out);
bool notification_kind_grouped(enum notification_kind k);

struct notification {
	int64_t id;
	int64_t account_id; /* whose */
	enum notification_kind kind;
	int64_t from_id;    /* who did it */
	int64_t status_id;  /* 0: none */
	int64_t report_id;  /* admin.report: the report; moderation_warning: the warning; otherwise 0 */
	int64_t source_seq; /* the journal entry it came from: the same entry read twice makes no second row */
};

/* Several of one kind about one post within half a day stand as one group. Kinds without groups: each is its own, and bucket is its id. */
struct notification_group {
	enum notification_kind kind;
	int64_t status_id, bucket;
};
struct notification_group notification_group_of(const struct notification *n);
bool notification_group_eq(struct notification_group a, struct notification_group b);

/* Which to read: bits of kinds, and only from one account (0: anybody). Those from accounts that the owner blocks or is blocked by, or
 * whose notifications the owner mutes, are never read. */
struct notification_want {
	int64_t kinds;
	int64_t from_id;
};

err store_notifications(struct arena *a, struct db *db, int64_t account, struct range r, struct notification_want w,
                        struct notification **out, size_t *n);
err store_notification_get(struct db *db, int64_t account, int64_t id, struct notification *out, bool *found);
/* Those of a group, newest first, at most `most`; and how many it has. */
err store_notification_group(struct arena *a, struct db *db, int64_t account, struct notification_group g, int64_t below, int most,
                             struct notification **out, size_t *n);
err store_notification_group_count(struct db *db, int64_t account, struct notification_group g, int64_t *out);
/* Those above the id, counted up to `most`. */
err store_notification_unread(struct db *db, int64_t account, int64_t above, struct notification_want w, int most, int64_t *out);

/* In a transaction. put: *added false when the row was there. */
err store_notification_put(struct tx *tx, const struct notification *n, bool *added);
err store_notification_has(struct db *db, const struct notification *n, bool *out);
err store_notification_delete(struct tx *tx, int64_t account, int64_t id, int64_t *gone);
err store_notification_delete_all(struct tx *tx, int64_t account, int64_t *gone);
err store_notification_delete_group(struct tx *tx, int64_t account, struct notification_group g, int64_t *gone);
/* What somebody did is undone. status 0: without one. */
err store_notification_delete_like(struct tx *tx, int64_t account, enum notification_kind k, int64_t from, int64_t status, int64_t *gone);
err store_notification_delete_from(struct tx *tx, int64_t account, int64_t from);
/* Up to `most` about a post that is no more; whether there are any. */
err store_notification_delete_status(struct tx *tx, int64_t status, int most, int64_t *gone);
/* Whether the account has one of the kind: by whom and about which post (0: none), about a post, about a report. */
err store_notification_like(struct db *db, int64_t account, enum notification_kind k, int64_t from, int64_t status, bool *out);
err store_notification_about_status(struct db *db, int64_t account, enum notification_kind k, int64_t status, bool *out);
err store_notification_about_report(struct db *db, int64_t account, enum notification_kind k, int64_t report, bool *out);
/* Moderators, admins and the owner. */
err store_notification_staff(struct arena *a, struct db *db, int64_t **out, size_t *n);
err store_notification_for_status(struct db *db, int64_t status, bool *out);

#endif
