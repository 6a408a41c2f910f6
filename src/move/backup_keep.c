#include "base/clock.h"
#include "move/backup_inside.h"
#include "wire/backup_log.h"

#include <time.h>

/* What was put lately may be of a backup that is being made or goes on after it was cut off. */
enum { YOUNG_MS = 3600 * 1000, DROP_AT_ONCE = 1000 };

/* ── which are kept ── */

/* Days, ISO weeks (from Monday) and months are counted in UTC. */
static int64_t day_of(int64_t ms) { return ms / (24 * 3600 * 1000); }
static int64_t week_of(int64_t ms) { return (day_of(ms) + 3) / 7; }
static int64_t month_of(int64_t ms) {
	time_t s = ms / 1000;
	struct tm tm;
	gmtime_r(&s, &tm);
	return tm.tm_year * 12 + tm.tm_mon;
}

/* From the newest to the oldest, the last one of each of so many periods. */
struct periods {
	int64_t (*of)(int64_t ms);
	int64_t left, last;
};

static bool first_of(struct periods *p, int64_t ms) {
	int64_t period = p->of(ms);
	if (!p->left || period == p->last)
		return false;
	p->last = period;
	p->left--;
	return true;
}

void backup_choose(struct backup *b) {
	size_t n = b->last.number ? b->last.kept_count + 1 : 0, from = n;
	struct backup_kept *all = arena_many(b->a, struct backup_kept, n + 1);
	const struct backup_keep *keep = b->order->keep;
	if (b->last.kept_count)
		memcpy(all, b->last.kept, b->last.kept_count * sizeof *all);
	if (n)
		all[n - 1] = (struct backup_kept){b->last.number, b->last.at, b->last_hash};
	b->next.kept = all;
	b->next.kept_count = n;
	if (!keep)
		return;
	struct periods periods[] = {{day_of, keep->daily, -1}, {week_of, keep->weekly, -1}, {month_of, keep->monthly, -1}};
	int64_t log_begins = b->next.at - keep->log_ms;
	bool before_log = !keep->log_ms || b->next.at <= log_begins; /* the one that the log begins from is chosen */
	for (size_t k = 0; k < 3; k++)
		first_of(&periods[k], b->next.at);
	for (size_t i = n; i--;) {
		bool chosen = !before_log;
		if (!before_log && all[i].at <= log_begins)
			b->log_begins = all[i].at;
		before_log |= all[i].at <= log_begins;
		for (size_t k = 0; k < 3; k++)
			chosen |= first_of(&periods[k], all[i].at);
		if (chosen)
			all[--from] = all[i];
	}
	b->next.kept = all + from;
	b->next.kept_count = n - from;
}

/* ── what only the others needed ── */

static bool is_kept(const struct backup *b, int64_t number) {
	for (size_t i = 0; i < b->next.kept_count; i++)
		if (b->next.kept[i].number == number)
			return true;
	return number >= b->next.number;
}

static err mark_list(struct backup *b, struct names *needed, const struct blob_name *list, bool of_blobs) {
	struct arena *a = arena_new();
	struct str object;
	struct backup_blob blob;
	bool bad = false;
	err e = vault_get(a, b->vault, list, "a list", &object);
	if (!e && of_blobs)
		while (backup_blob_next(&object, &blob, &bad))
			bad |= !names_add_all(needed, str_mem(blob.chunks, (size_t)blob.n * BLOB_NAME));
	else if (!e)
		bad = !names_add_all(needed, object);
	arena_free(&a);
	return e ? e : bad ? err_public(ERR_STORE, "a list of the backup is none") : NULL;
}

struct marking {
	struct names needed, read; /* lists are shared by many manifests */
};

static err mark_lists(struct backup *b, struct marking *m, const struct blob_name *lists, size_t n, bool of_blobs) {
	for (size_t i = 0; i < n; i++) {
		TRY(backup_step(b));
		if (names_have(&m->read, &lists[i]))
			continue;
		TRY(mark_list(b, &m->needed, &lists[i], of_blobs));
		names_add(&m->read, &lists[i]);
		names_add(&m->needed, &lists[i]);
	}
	return NULL;
}

static err mark(struct backup *b, struct marking *m, const struct backup_manifest *of) {
	TRY(mark_lists(b, m, of->blob_lists, of->blob_list_count, true));
	for (size_t i = 0; i < of->table_count; i++)
		TRY(mark_lists(b, m, of->tables[i].lists, of->tables[i].list_count, false));
	return NULL;
}

static bool mark_chunks(struct names *needed, struct str hex) {
	struct blob_name one;
	for (; hex.n; hex = str_skip(hex, 2 * BLOB_NAME)) {
		if (!blob_name_read_hex(str_first(hex, 2 * BLOB_NAME), &one))
			return false;
		names_add(needed, &one);
	}
	return true;
}

static err mark_segment(struct backup *b, struct arena *a, struct marking *m, int64_t number) {
	struct backup_log_head head;
	struct backup_log_item item;
	struct blob_name hash;
	struct str text, rest;
	TRY(vault_segment(a, b->vault, number, &text, &hash));
	if (!backup_log_read(text, &head, &rest))
		return err_public(ERR_STORE, "segment %lld of the log is none", (long long)number);
	while (backup_log_next(&rest, &item) && item.kind == BACKUP_LOG_BLOB)
		if (!mark_chunks(&m->needed, item.chunks))
			return err_public(ERR_STORE, "segment %lld of the log is none", (long long)number);
	return backup_step(b);
}

/* Blobs that came and went between two backups are in the log alone. */
static err mark_segments(struct backup *b, struct marking *m) {
	struct arena *a = arena_new();
	struct vault_segment *segments;
	size_t n;
	err e = vault_segments(b->a, b->vault, &segments, &n);
	for (size_t i = 0; !e && i < n; i++) {
		e = mark_segment(b, a, m, segments[i].number);
		arena_reset(a);
	}
	arena_free(&a);
	return e;
}

static err mark_all(struct backup *b, struct marking *m) {
	struct blob_name head, hash;
	vault_head_name(&head);
	names_add(&m->needed, &head);
	TRY(mark(b, m, &b->next));
	TRY(mark_segments(b, m));
	for (size_t i = 0; i < b->next.kept_count; i++) {
		struct backup_manifest older;
		TRY(vault_manifest(b->a, b->vault, b->next.kept[i].number, &older, &hash));
		TRY(mark(b, m, &older));
	}
	return NULL;
}

struct clearing {
	struct backup *b;
	struct names *needed;
	VEC(struct blob_name) gone;
};

static err see(void *ctx, const struct blob_item *item) {
	struct clearing *c = ctx;
	int64_t number;
	if (vault_is_segment(c->b->vault, &item->name))
		return NULL;
	bool needed = vault_is_manifest(c->b->vault, &item->name, &number) ? is_kept(c->b, number) : names_have(c->needed, &item->name);
	if (!needed && item->at < clock_ms() - YOUNG_MS)
		vec_push(NULL, &c->gone, item->name);
	return backup_step(c->b);
}

static err drop_gone(struct backup *b, struct clearing *c) {
	TRY(blob_list(vault_store(b->vault), NULL, see, c));
	for (size_t at = 0; at < c->gone.n; at += DROP_AT_ONCE) {
		size_t n = c->gone.n - at < DROP_AT_ONCE ? c->gone.n - at : DROP_AT_ONCE;
		TRY(blob_drop_many(vault_store(b->vault), c->gone.v + at, n));
		b->result->counts.removed += (int64_t)n;
		TRY(backup_step(b));
	}
	return NULL;
}

static err drop_manifests(struct backup *b) {
	int64_t *numbers;
	size_t n;
	TRY(vault_numbers(b->a, b->vault, &numbers, &n));
	for (size_t i = 0; i < n; i++) {
		struct blob_name name;
		if (is_kept(b, numbers[i]))
			continue;
		vault_manifest_name(b->vault, numbers[i], &name);
		TRY(blob_drop(vault_store(b->vault), &name));
		b->result->dropped++;
	}
	return NULL;
}

/* The place's clock may be another than ours. */
static err drop_segments(struct backup *b) {
	struct vault_segment *segments;
	size_t n;
	TRY(vault_segments(b->a, b->vault, &segments, &n));
	for (size_t i = 0; i < n && segments[i].at < b->log_begins - YOUNG_MS; i++) {
		struct blob_name name;
		vault_segment_name(b->vault, segments[i].number, &name);
		TRY(blob_drop(vault_store(b->vault), &name));
		b->result->counts.removed++;
		TRY(backup_step(b));
	}
	return NULL;
}

/* Manifests first: one that is there has all it names. */
err backup_clear(struct backup *b) {
	struct marking m = {0};
	struct clearing c = {.b = b, .needed = &m.needed};
	b->result->counts.stage = BACKUP_CLEARING;
	if (!b->order->keep)
		return NULL;
	TRY(drop_segments(b));
	TRY(drop_manifests(b));
	if (!b->result->dropped)
		return NULL;
	err e = mark_all(b, &m);
	if (!e)
		e = drop_gone(b, &c);
	names_free(&m.needed);
	names_free(&m.read);
	vec_free(&c.gone);
	return e;
}
