/* Notifications in groups (version 2): several of one kind about one post within half a day are one. */
#include "api/notifications.h"
#include "api/routes.h"
#include "api/view/account.h"
#include "api/view/notification.h"
#include "api/view/status.h"
#include "base/id.h"
#include "base/vec.h"
#include "core/notification.h"

enum {
	BATCH = 100,
	MOST_READ = 2000, /* rows looked at for one page: a page may then have fewer groups than asked for */
	SAMPLE = 8,
};

struct group {
	struct notification newest, oldest; /* on this page */
	struct notification_group key;
	bool grouped;
	int64_t sample[SAMPLE];
	size_t sample_count;
};
struct groups {
	struct group *v;
	size_t n, cap;
	int64_t newest, oldest; /* of all rows taken */
	size_t rows;
	bool more;
};

static bool same_group(const struct group *g, const struct notification *n, bool grouped) {
	return g->grouped && grouped && notification_group_eq(g->key, notification_group_of(n));
}

/* False when the page is full and n begins another group. */
static bool take(struct arena *a, struct groups *gs, const struct notification *n, int64_t grouped_kinds, size_t limit) {
	bool grouped = notification_kind_grouped(n->kind) && (grouped_kinds >> n->kind & 1);
	struct group *g = NULL;
	for (size_t i = 0; !g && i < gs->n; i++)
		if (same_group(&gs->v[i], n, grouped))
			g = &gs->v[i];
	if (!g && gs->n == limit)
		return false;
	if (!g) {
		vec_push(a, gs, ((struct group){.newest = *n, .key = notification_group_of(n), .grouped = grouped}));
		g = &gs->v[gs->n - 1];
	}
	g->oldest = *n;
	if (g->sample_count < SAMPLE)
		g->sample[g->sample_count++] = n->from_id;
	if (!gs->newest)
		gs->newest = n->id;
	gs->oldest = n->id;
	gs->rows++;
	return true;
}

static err collect(struct rq *rq, struct range range, struct notification_want want, int64_t grouped_kinds, size_t limit,
                   struct groups *gs) {
	range.limit = range.upward ? (int)limit : BATCH;
	while (gs->rows < MOST_READ) {
		struct notification *rows;
		size_t n;
		TRY(store_notifications(rq->c.arena, rq->c.db, rq->c.viewer, range, want, &rows, &n));
		for (size_t i = 0; i < n; i++)
			if (!take(rq->c.arena, gs, &rows[i], grouped_kinds, limit)) {
				gs->more = true;
				return NULL;
			}
		gs->more = n == (size_t)range.limit;
		if (!gs->more || range.upward)
			return NULL;
		range.below = rows[n - 1].id;
	}
	return NULL;
}

static void add_once(struct arena *a, struct placed_ids *set, size_t *cap, int64_t id) {
	for (size_t i = 0; i < set->n; i++)
		if (set->v[i].id == id)
			return;
	vec_room(a, (void **)&set->v, set->n, cap, sizeof *set->v);
	set->v[set->n++] = (struct placed){id, id};
}

static err put_group(struct rq *rq, struct buf *out, const struct group *g) {
	int64_t count = 1;
	if (g->grouped)
		TRY(store_notification_group_count(rq->c.db, rq->c.viewer, g->key, &count));
	buf_lit(out, "{\"group_key\":");
	view_group_key(out, &g->newest, g->grouped);
	buf_printf(out, ",\"notifications_count\":%lld,\"type\":", (long long)count);
	buf_json_string(out, notification_kind_text(g->newest.kind));
	buf_printf(out,
	           ",\"most_recent_notification_id\":\"%lld\",\"page_min_id\":\"%lld\",\"page_max_id\":\"%lld\",\"latest_page_notification_"
	           "at\":\"",
	           (long long)g->newest.id, (long long)g->oldest.id, (long long)g->newest.id);
	buf_iso8601(out, id_ms(g->newest.id));
	buf_lit(out, "\",\"sample_account_ids\":[");
	for (size_t i = 0; i < g->sample_count; i++)
		buf_printf(out, "%s\"%lld\"", i ? "," : "", (long long)g->sample[i]);
	buf_lit(out, "],\"status_id\":");
	if (g->newest.status_id)
		buf_printf(out, "\"%lld\"", (long long)g->newest.status_id);
	else
		buf_lit(out, "null");
	view_notification_extra(rq, out, &g->newest);
	buf_byte(out, '}');
	return NULL;
}

/* {accounts, partial_accounts, statuses, notification_groups}; a group whose post may not be seen is left out. All accounts are whole. */
static err put_results(struct rq *rq, const struct groups *gs) {
	struct arena *a = rq->c.arena;
	struct buf *out = rq_out(rq);
	struct placed_ids accounts = {0}, statuses = {0};
	size_t account_cap = 0, status_cap = 0;
	BUF_AUTO groups = {0};
	BUF_AUTO posts = {0};
	for (size_t i = 0; i < gs->n; i++) {
		const struct group *g = &gs->v[i];
		int64_t status = g->newest.status_id;
		size_t before = statuses.n;
		if (status)
			add_once(a, &statuses, &status_cap, status);
		if (statuses.n > before) {
			size_t comma = posts.n;
			if (comma)
				buf_byte(&posts, ',');
			if (!view_status(rq, &posts, status)) {
				posts.n = comma;
				statuses.v[before].cursor = 0;
			}
		}
		bool hidden = false;
		for (size_t k = 0; k < statuses.n; k++)
			hidden |= statuses.v[k].id == status && !statuses.v[k].cursor;
		if (hidden)
			continue;
		for (size_t k = 0; k < g->sample_count; k++)
			add_once(a, &accounts, &account_cap, g->sample[k]);
		if (groups.n)
			buf_byte(&groups, ',');
		TRY(put_group(rq, &groups, g));
	}
	buf_lit(out, "{\"accounts\":");
	view_accounts(rq, out, placed_only_ids(a, &accounts), accounts.n);
	buf_lit(out, ",\"partial_accounts\":[],\"statuses\":[");
	buf_put(out, buf_str(&posts));
	buf_lit(out, "],\"notification_groups\":[");
	buf_put(out, buf_str(&groups));
	buf_lit(out, "]}");
	return NULL;
}

static err read_grouped_kinds(struct rq *rq, int64_t *bits) {
	struct str *words;
	size_t n;
	TRY(param_list(rq, "grouped_types", &words, &n));
	*bits = n ? 0 : -1;
	for (size_t i = 0; i < n; i++) {
		enum notification_kind k;
		if (notification_kind_parse(words[i], &k))
			*bits |= (int64_t)1 << k;
	}
	return NULL;
}

enum handled api_notification_groups(struct rq *rq) {
	struct notification_want want;
	struct range range;
	struct groups gs = {0};
	int64_t grouped_kinds;
	struct str expand = param(rq, "expand_accounts");
	if (expand.n && !str_eq(expand, S("full")) && !str_eq(expand, S("partial_avatars")))
		return reply_err(rq, err_public(ERR_BAD_REQUEST, "expand_accounts must be full or partial_avatars"));
	TRY_RQ(rq, notifications_wanted(rq, &want));
	TRY_RQ(rq, read_grouped_kinds(rq, &grouped_kinds));
	TRY_RQ(rq, range_read(rq, 40, 80, &range));
	TRY_RQ(rq, collect(rq, range, want, grouped_kinds, (size_t)range.limit, &gs));
	TRY_RQ(rq, put_results(rq, &gs));
	if (gs.n)
		page_links(rq, gs.newest, gs.more || range.upward ? gs.oldest : 0);
	return reply_json(rq, 200);
}

enum handled api_notification_groups_unread(struct rq *rq) {
	struct notification_want want;
	struct groups gs = {0};
	int64_t grouped_kinds, limit, last_read;
	TRY_RQ(rq, notifications_wanted(rq, &want));
	TRY_RQ(rq, read_grouped_kinds(rq, &grouped_kinds));
	TRY_RQ(rq, param_i64(rq, "limit", 100, &limit));
	TRY_RQ(rq, notifications_read_until(rq, &last_read));
	limit = limit < 1 ? 1 : limit > 1000 ? 1000 : limit;
	TRY_RQ(rq, collect(rq, range_of(0, 0, last_read, 0), want, grouped_kinds, (size_t)limit, &gs));
	buf_printf(rq_out(rq), "{\"count\":%zu}", gs.n);
	return reply_json(rq, 200);
}

/* ── one group ── */

/* The newest of the group that the path names, at most `most`; ERR_NOT_FOUND when there are none. */
static err group_of_path(struct rq *rq, int most, struct notification_group *key, struct notification **rows, size_t *n) {
	int64_t ungrouped;
	if (!group_key_parse(path_text(rq, 0), key, &ungrouped))
		return err_plain(ERR_NOT_FOUND);
	if (ungrouped) {
		*rows = arena_one(rq->c.arena, struct notification);
		*n = 1;
		TRY(notification_get(&rq->c, ungrouped, *rows));
		*key = notification_group_of(*rows);
		return NULL;
	}
	TRY(store_notification_group(rq->c.arena, rq->c.db, rq->c.viewer, *key, INT64_MAX, most, rows, n));
	return *n ? NULL : err_plain(ERR_NOT_FOUND);
}

static bool path_is_ungrouped(struct rq *rq) { return str_starts(path_text(rq, 0), S("ungrouped-")); }

enum handled api_notification_group_show(struct rq *rq) {
	struct notification_group key;
	struct notification *rows;
	struct groups gs = {0};
	size_t n;
	TRY_RQ(rq, group_of_path(rq, BATCH, &key, &rows, &n));
	for (size_t i = 0; i < n; i++)
		take(rq->c.arena, &gs, &rows[i], path_is_ungrouped(rq) ? 0 : -1, 1);
	TRY_RQ(rq, put_results(rq, &gs));
	return reply_json(rq, 200);
}

enum handled api_notification_group_dismiss(struct rq *rq) {
	struct notification_group key;
	struct notification *rows;
	size_t n;
	TRY_RQ(rq, group_of_path(rq, 1, &key, &rows, &n));
	if (path_is_ungrouped(rq))
		TRY_RQ(rq, notification_dismiss(&rq->c, rows[0].id));
	else
		TRY_RQ(rq, notification_dismiss_group(&rq->c, key));
	return reply_empty(rq);
}

enum handled api_notification_group_accounts(struct rq *rq) {
	struct notification_group key;
	struct notification *rows;
	struct placed_ids accounts = {0};
	size_t n, cap = 0;
	TRY_RQ(rq, group_of_path(rq, 80, &key, &rows, &n));
	for (size_t i = 0; i < n; i++)
		add_once(rq->c.arena, &accounts, &cap, rows[i].from_id);
	return reply_placed_accounts(rq, &accounts, range_of(INT32_MAX, 0, 0, 0));
}
