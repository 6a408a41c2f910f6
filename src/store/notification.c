#include "store/notification.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/vec.h"

static const struct {
	struct str text;
	bool grouped;
} table[] = {
#define NOTIFICATION(name, text, grouped) {{text, sizeof text - 1}, grouped},
#include "store/notification.def"
#undef NOTIFICATION
};

enum { BUCKET_MS = 12 * 3600 * 1000 };

struct str notification_kind_text(enum notification_kind k) {
	return table[k].text;
}
bool notification_kind_grouped(enum notification_kind k) { return table[k].grouped; }

bool notification_kind_parse(struct str text, enum notification_kind *out) {
	for (int i = 0; i < NOTIFICATION_KIND_COUNT; i++)
		if (str_eq(text, table[i].text)) {
			*out = (enum notification_kind)i;
			return true;
		}
	return false;
}

struct notification_group notification_group_of(const struct notification *n) {
	if (!table[n->kind].grouped)
		return (struct notification_group){n->kind, n->status_id, n->id};
	return (struct notification_group){n->kind, n->status_id, id_ms(n->id) / BUCKET_MS};
}

bool notification_group_eq(struct notification_group a, struct notification_group b) {
	return a.kind == b.kind && a.status_id == b.status_id && a.bucket == b.bucket;
}

/* The ids of a group: from, and below. */
static void group_ids(struct notification_group g, int64_t *from, int64_t *below) {
	if (!table[g.kind].grouped) {
		*from = g.bucket;
		*below = g.bucket + 1;
	} else {
		*from = id_at(g.bucket * BUCKET_MS, 0);
		*below = id_at((g.bucket + 1) * BUCKET_MS, 0);
	}
}

static struct notification read_row(const struct rows *r, int64_t account) {
	return (struct notification){
	    .id = rows_i64(r, 0),
	    .account_id = account,
	    .kind = (enum notification_kind)rows_i64(r, 1),
	    .from_id = rows_i64(r, 2),
	    .status_id = rows_i64(r, 3),
	    .report_id = rows_i64(r, 4),
	};
}

static err read_rows(struct arena *a, struct rows *r, int64_t account, struct notification **out, size_t *n) {
	VEC(struct notification) found = {0};
	while (rows_next(r))
		vec_push(a, &found, read_row(r, account));
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_notifications(struct arena *a, struct db *db, int64_t account, struct range r, struct notification_want w,
                        struct notification **out, size_t *n) {
	struct ROWS_AUTO *rows = NULL;
	TRY(db_query(db, &rows, r.upward ? NOTIFICATIONS_UP : NOTIFICATIONS, I(account), I(r.above), I(r.below), I(r.limit), I(w.kinds),
	             I(w.from_id), I(clock_ms())));
	TRY(read_rows(a, rows, account, out, n));
	for (size_t i = 0; r.upward && i < *n / 2; i++) {
		struct notification swapped = (*out)[i];
		(*out)[i] = (*out)[*n - 1 - i];
		(*out)[*n - 1 - i] = swapped;
	}
	return NULL;
}

err store_notification_get(struct db *db, int64_t account, int64_t id, struct notification *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, NOTIFICATION_GET, I(account), I(id)));
	*found = rows_next(r);
	if (*found)
		*out = read_row(r, account);
	return rows_err(r);
}

err store_notification_group(struct arena *a, struct db *db, int64_t account, struct notification_group g, int64_t below, int most,
                             struct notification **out, size_t *n) {
	int64_t from, end;
	group_ids(g, &from, &end);
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, NOTIFICATION_GROUP, I(account), I(g.kind), I(g.status_id), I(from), I(below < end ? below : end), I(most)));
	return read_rows(a, r, account, out, n);
}

err store_notification_group_count(struct db *db, int64_t account, struct notification_group g, int64_t *out) {
	int64_t from, end;
	group_ids(g, &from, &end);
	return db_i64(db, out, NULL, NOTIFICATION_GROUP_COUNT, I(account), I(g.kind), I(g.status_id), I(from), I(end));
}

err store_notification_unread(struct db *db, int64_t account, int64_t above, struct notification_want w, int most, int64_t *out) {
	return db_i64(db, out, NULL, NOTIFICATION_UNREAD, I(account), I(above), I(most), I(w.kinds), I(w.from_id), I(clock_ms()));
}

err store_notification_put(struct tx *tx, const struct notification *n, bool *added) {
	int64_t changed = 0;
	TRY(db_exec_changed(tx_db(tx), &changed, NOTIFICATION_PUT, I(n->id), I(n->account_id), I(n->kind), I(n->from_id),
	                    I_OR_NUL(n->status_id), I_OR_NUL(n->report_id), I(n->source_seq)));
	*added = changed != 0;
	return NULL;
}

err store_notification_has(struct db *db, const struct notification *n, bool *out) {
	int64_t ignored;
	return db_i64(db, &ignored, out, NOTIFICATION_HAS, I(n->account_id), I(n->kind), I(n->from_id), I(n->status_id), I(n->source_seq));
}

err store_notification_delete(struct tx *tx, int64_t account, int64_t id, int64_t *gone) {
	return db_exec_changed(tx_db(tx), gone, NOTIFICATION_DELETE, I(account), I(id));
}

err store_notification_delete_all(struct tx *tx, int64_t account, int64_t *gone) {
	return db_exec_changed(tx_db(tx), gone, NOTIFICATION_DELETE_ALL, I(account));
}

err store_notification_delete_group(struct tx *tx, int64_t account, struct notification_group g, int64_t *gone) {
	int64_t from, end;
	group_ids(g, &from, &end);
	return db_exec_changed(tx_db(tx), gone, NOTIFICATION_DELETE_GROUP, I(account), I(g.kind), I(g.status_id), I(from), I(end));
}

err store_notification_delete_like(struct tx *tx, int64_t account, enum notification_kind k, int64_t from, int64_t status, int64_t *gone) {
	return db_exec_changed(tx_db(tx), gone, NOTIFICATION_DELETE_LIKE, I(account), I(k), I(from), I(status));
}

err store_notification_delete_from(struct tx *tx, int64_t account, int64_t from) {
	return db_exec(tx_db(tx), NOTIFICATION_DELETE_FROM, I(account), I(from));
}

err store_notification_delete_status(struct tx *tx, int64_t status, int most, int64_t *gone) {
	return db_exec_changed(tx_db(tx), gone, NOTIFICATION_DELETE_STATUS, I(status), I(most));
}

err store_notification_for_status(struct db *db, int64_t status, bool *out) {
	int64_t ignored;
	return db_i64(db, &ignored, out, NOTIFICATION_FOR_STATUS, I(status));
}

err store_notification_like(struct db *db, int64_t account, enum notification_kind k, int64_t from, int64_t status, bool *out) {
	int64_t ignored;
	return db_i64(db, &ignored, out, NOTIFICATION_LIKE, I(account), I(k), I(from), I(status));
}

err store_notification_about_status(struct db *db, int64_t account, enum notification_kind k, int64_t status, bool *out) {
	int64_t ignored;
	return db_i64(db, &ignored, out, NOTIFICATION_ABOUT_STATUS, I(account), I(k), I(status));
}

err store_notification_about_report(struct db *db, int64_t account, enum notification_kind k, int64_t report, bool *out) {
	int64_t ignored;
	return db_i64(db, &ignored, out, NOTIFICATION_ABOUT_REPORT, I(account), I(k), I(report));
}

err store_notification_staff(struct arena *a, struct db *db, int64_t **out, size_t *n) {
	VEC(int64_t) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query_(db, &r, NOTIFICATION_STAFF, NULL, 0));
	while (rows_next(r))
		vec_push(a, &found, rows_i64(r, 0));
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}
