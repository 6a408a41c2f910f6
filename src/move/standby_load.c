/* The standby's copy: taking in all rows, then what is changed. */
#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "move/standby_inside.h"
#include "store/bulk.h"
#include "store/local_state.h"
#include "wire/row.h"
#include "wire/url.h"

#include <stdlib.h>

enum {
	ROWS_FIRST = 1000, /* asked for, before it is known how long they are */
	ROWS_MOST = 20000,
	PAGE_BYTES = 2 * 1024 * 1024,    /* about, of a page of rows */
	STRETCH_BYTES = 8 * 1024 * 1024, /* committed at a time */
	THROUGH_KEEP_MS = 2000,          /* how often it is written down how current the copy is, while nothing changes */
};

err standby_bad_line(const char *what, int number) {
	return err_public(ERR_UNAVAILABLE, "the origin's answer is refused: line %d of %s is not what belongs there", number, what);
}

/* ── the tables as the origin has them ── */

static err add_table(struct standby *s, const struct image_table *here, size_t n, const struct copy_line *line, struct image_table *out) {
	const struct image_table *t = image_table_named(here, n, line->table);
	if (!t)
		return err_public(ERR_CONFLICT, "the origin has a table %.*s that is not known here: use a newer freehold",
		                  S_ARG(line->table));
	VEC(struct str) names = {0};
	for (struct str rest = line->text; rest.n;)
		vec_push(s->kept, &names, arena_str(s->kept, str_cut(&rest, ' ')));
	return image_table_like(s->db, s->kept, t, names.v, names.n, out);
}

static err read_tables(struct standby *s, struct str lines) {
	struct image_table *here, *tables;
	size_t n, tables_n = 0;
	int64_t schema = 0;
	struct copy_line line;
	int number = 0;
	bool bad;
	TRY(image_tables(s->db, s->kept, &here, &n));
	tables = arena_many(s->kept, struct image_table, n);
	while (copy_stream_next(&lines, &line, &number, &bad)) {
		if (line.kind == COPY_SCHEMA)
			schema = line.numbers[0];
		if (line.kind != COPY_TABLE)
			continue;
		if (tables_n == n || image_table_named(tables, tables_n, line.table))
			return standby_bad_line("start", number);
		TRY(add_table(s, here, n, &line, &tables[tables_n++]));
	}
	db_rest(s->db);
	if (bad)
		return standby_bad_line("start", number);
	s->tables = tables;
	s->tables_n = tables_n;
	s->schema = schema;
	return NULL;
}

static err write_columns(struct tx *tx, void *arg) {
	const struct str *columns = arg;
	return store_local_set(tx_db(tx), S(STANDBY_COLUMNS), *columns);
}

/* The origin runs another version since. What was taken in before stays, with the defaults of the columns that it did not have. */
static err renew_tables(struct standby *s, struct str columns) {
	TRY(read_tables(s, columns));
	TRY(tx_run(s->db, write_columns, &columns));
	log_info("standby: the origin's tables are those of schema %lld now", (long long)s->schema);
	return NULL;
}

/* Lines with the tables, if the answer begins with them. */
static struct str cut_tables(struct str *lines) {
	struct str all = *lines;
	while (str_starts(*lines, S("v ")) || str_starts(*lines, S("t ")))
		(void)str_cut(lines, '\n');
	return str_first(all, all.n - lines->n);
}

static bool find_head(struct str lines, int64_t out[COPY_STREAM_NUMBERS]) {
	struct copy_line line;
	int number = 0;
	bool bad, found = false;
	while (copy_stream_next(&lines, &line, &number, &bad))
		if (line.kind == COPY_HEAD) {
			memcpy(out, line.numbers, sizeof line.numbers);
			found = true;
		}
	return found && !bad;
}

struct str standby_cursor_text(struct arena *a, int64_t xid, int64_t seq) {
	return arena_printf(a, "%lld %lld", (long long)xid, (long long)seq);
}

/* ── the snapshot ── */

struct begin {
	struct str columns, cursor;
};

static err write_begin(struct tx *tx, void *arg) {
	const struct begin *b = arg;
	TRY(store_local_set(tx_db(tx), S(STANDBY_COLUMNS), b->columns));
	return store_local_set(tx_db(tx), S(STANDBY_CURSOR), b->cursor);
}

err standby_ask_start(struct standby *s, struct answer *answer, int64_t head[COPY_STREAM_NUMBERS]) {
	TRY(link_ask(&s->origin, "GET", S("/api/freehold/standby/start"), answer));
	if (!find_head(answer->lines, head))
		return standby_bad_line("start", 0);
	return read_tables(s, answer->lines);
}

static err ask_start(struct standby *s) {
	ANSWER_AUTO a = {0};
	int64_t head[COPY_STREAM_NUMBERS] = {0};
	TRY(standby_ask_start(s, &a, head));
	struct begin b = {a.lines, standby_cursor_text(s->arena, head[HEAD_XID], head[HEAD_SEQ])};
	TRY(tx_run(s->db, write_begin, &b));
	s->xid = head[HEAD_XID];
	s->seq = head[HEAD_SEQ];
	return NULL;
}

/* Until the origin answers, the lag is what both clocks say, as far apart as they were. */
static void read_lag(struct standby *s, struct str text) {
	int64_t ahead;
	if (!str_i64(str_cut(&text, ' '), &s->state.through) || !str_i64(text, &ahead))
		return;
	int64_t lag = clock_ms() + ahead - s->state.through;
	s->lag_then = lag > 0 ? lag : 0;
	s->lag_at = clock_mono_ms();
}

err standby_read_place(struct standby *s) {
	struct str columns, cursor, loaded, through;
	TRY(store_local_get(s->arena, s->db, S(STANDBY_COLUMNS), &columns));
	TRY(store_local_get(s->arena, s->db, S(STANDBY_CURSOR), &cursor));
	TRY(store_local_get(s->arena, s->db, S(STANDBY_LOADED), &loaded));
	TRY(store_local_get(s->arena, s->db, S(STANDBY_THROUGH), &through));
	db_rest(s->db);
	s->state.loaded = loaded.n > 0;
	s->whole = str_eq(loaded, S("whole"));
	read_lag(s, through);
	if (!columns.n)
		return NULL;
	struct str xid = str_cut(&cursor, ' ');
	if (!str_i64(xid, &s->xid) || !str_i64(cursor, &s->seq))
		return err_private(ERR_INTERNAL, "the standby's cursor is damaged");
	return read_tables(s, columns);
}

/* A page is asked for while the one before is loaded. */
struct page {
	struct standby *s;
	size_t table;
	struct buf after; /* "" at a table's beginning */
	int64_t most;
	struct answer answer;
	struct err failed;
	bool has_failed, running;
	pthread_t thread;
};

static void *fetch_page(void *arg) {
	struct page *p = arg;
	BUF_AUTO target = {0};
	buf_lit(&target, "/api/freehold/standby/rows");
	url_add_pair(&target, S("table"), p->s->tables[p->table].name);
	if (p->after.n)
		url_add_pair(&target, S("after"), buf_str(&p->after));
	buf_printf(&target, "&most=%lld&schema=%lld", (long long)p->most, (long long)p->s->schema);
	err e = link_ask(&p->s->origin, "GET", buf_str(&target), &p->answer);
	p->has_failed = e != NULL;
	if (e)
		p->failed = *e;
	return NULL;
}

static void page_ask(struct page *p, struct standby *s, size_t table, struct str after, int64_t most) {
	p->s = s;
	p->table = table;
	p->most = most;
	buf_clear(&p->after);
	buf_put(&p->after, after);
	answer_free(&p->answer);
	memset(&p->answer, 0, sizeof p->answer);
	must(!p->running && thread_start(&p->thread, "standby page", fetch_page, p));
	p->running = true;
}

static err page_wait(struct page *p) {
	pthread_join(p->thread, NULL);
	p->running = false;
	return p->has_failed ? err_copy(&p->failed) : NULL;
}

static void page_free(struct page *p) {
	if (p->running)
		(void)page_wait(p);
	answer_free(&p->answer);
	buf_free(&p->after);
}

/* Where a page ends: the key behind which more follows, empty at the end of its table; how many rows it has. */
static err page_end(const struct page *p, struct str *more, int64_t *rows) {
	struct str lines = p->answer.lines;
	struct copy_line line;
	int number = 0;
	bool bad;
	*more = STR_NONE;
	*rows = 0;
	while (copy_stream_next(&lines, &line, &number, &bad)) {
		if (more->n || (line.kind != COPY_ROW && line.kind != COPY_MORE))
			return standby_bad_line("rows", number);
		*rows += line.kind == COPY_ROW;
		if (line.kind == COPY_MORE)
			*more = line.text;
	}
	return bad ? standby_bad_line("rows", number) : NULL;
}

static err load_page(struct standby *s, struct bulk *b, const struct page *p) {
	struct str lines = p->answer.lines;
	struct copy_line line;
	int number = 0;
	bool bad;
	int64_t rows = 0;
	while (copy_stream_next(&lines, &line, &number, &bad))
		if (line.kind == COPY_ROW) {
			TRY(bulk_image(b, &s->tables[p->table], line.text));
			rows++;
		}
	pthread_mutex_lock(&s->lock);
	s->state.rows += rows;
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* TABLE, a space, KEY; no KEY: the table is done. */
static err read_load_place(struct standby *s, size_t *table, struct str *after) {
	struct str place;
	*table = 0;
	*after = STR_NONE;
	TRY(store_local_get(s->arena, s->db, S(STANDBY_PLACE), &place));
	db_rest(s->db);
	if (!place.n)
		return NULL;
	struct str name = str_cut(&place, ' ');
	for (*table = 0; *table < s->tables_n && !str_eq(s->tables[*table].name, name);)
		++*table;
	if (*table == s->tables_n)
		return err_private(ERR_INTERNAL, "the standby's place is damaged");
	*after = place;
	*table += place.n == 0;
	return NULL;
}

static int64_t next_most(const struct page *p, int64_t rows) {
	int64_t bytes = (int64_t)p->answer.lines.n, portion = (int64_t)p->s->origin.portion,
	        room = portion < PAGE_BYTES ? portion : PAGE_BYTES;
	int64_t fit = rows ? room / (bytes / rows + 1) : ROWS_FIRST;
	return fit < 100 ? 100 : fit > ROWS_MOST ? ROWS_MOST : fit;
}

/* *renewed: the origin's tables, when they are others since, and nothing more was taken in. */
static err load_all(struct standby *s, struct bulk *b, struct page pages[2], struct str *renewed) {
	size_t table, waiting = 0;
	struct str after;
	TRY(read_load_place(s, &table, &after));
	if (table < s->tables_n)
		page_ask(&pages[0], s, table, after, ROWS_FIRST);
	for (int now = 0; table < s->tables_n; now = !now) {
		struct page *p = &pages[now];
		struct str more;
		int64_t rows;
		TRY(page_wait(p));
		*renewed = arena_str(s->arena, cut_tables(&p->answer.lines));
		if (renewed->n)
			return NULL;
		TRY(page_end(p, &more, &rows));
		struct str name = s->tables[table].name;
		table += more.n == 0;
		if (table < s->tables_n)
			page_ask(&pages[!now], s, table, more, next_most(p, rows));
		TRY(load_page(s, b, p));
		waiting += p->answer.lines.n;
		if (waiting < STRETCH_BYTES && table < s->tables_n && !s->stop)
			continue;
		struct str place = arena_printf(s->arena, "%.*s %.*s", S_ARG(name), S_ARG(more));
		TRY(bulk_stretch(b, S(STANDBY_PLACE), place));
		waiting = 0;
		if (s->stop)
			return err_private(ERR_UNAVAILABLE, "the standby is being stopped");
	}
	return NULL;
}

static err write_loaded(struct tx *tx, void *arg) {
	TRY(store_local_set(tx_db(tx), S(STANDBY_LOADED), S("yes")));
	return store_local_set(tx_db(tx), S(STANDBY_PLACE), STR_NONE);
}

err standby_load(struct standby *s) {
	struct page pages[2] = {0};
	struct bulk *b;
	if (!s->tables_n)
		TRY(ask_start(s));
	TRY(bulk_begin_stretches(&b, s->site->store));
	int64_t began = clock_mono_ms(), rows = 0;
	struct str renewed = STR_NONE;
	err e = load_all(s, b, pages, &renewed);
	struct err kept = e ? *e : (struct err){0};
	page_free(&pages[0]);
	page_free(&pages[1]);
	if (e || renewed.n) {
		bulk_drop(&b);
		return e ? err_copy(&kept) : renew_tables(s, renewed);
	}
	TRY(bulk_end(&b, &rows));
	TRY(tx_run(s->db, write_loaded, NULL));
	log_info("standby: %lld rows loaded in %lld s", (long long)rows, (long long)(clock_mono_ms() - began) / 1000);
	pthread_mutex_lock(&s->lock);
	s->state.loaded = true;
	s->media_pass = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* ── how old it is ── */

struct answer_age standby_age_of(const int64_t head[COPY_STREAM_NUMBERS], int64_t asked) {
	int64_t now = clock_mono_ms(), way = now - asked - head[HEAD_HELD], lag = head[HEAD_AGE] + (way > 0 ? way : 0);
	return (struct answer_age){.at = now, .lag = lag, .ahead = head[HEAD_AT] + lag - clock_ms()};
}

err standby_keep_through(struct db *db, struct arena *a, const int64_t head[COPY_STREAM_NUMBERS], const struct answer_age *age) {
	return store_local_set(db, S(STANDBY_THROUGH), arena_printf(a, "%lld %lld", (long long)head[HEAD_AT], (long long)age->ahead));
}

void standby_note_age(struct standby *s, const struct answer_age *age) {
	s->lag_then = age->lag;
	s->lag_at = s->heard_at = age->at;
}

/* ── following ── */

struct follow {
	struct standby *s;
	struct change_entry *entries;
	size_t n;
	int64_t head[COPY_STREAM_NUMBERS];
	int64_t under; /* see standby_heard */
	struct answer_age age;
};

static err write_follow(struct tx *tx, void *arg) {
	struct follow *f = arg;
	struct db *db = tx_db(tx);
	struct arena *a = arena_new();
	err e = f->n ? tx_journal_copy(tx, J_COPIED, f->head[HEAD_SEQ], 0, 0) : NULL;
	f->under = tx_seq(tx);
	for (size_t i = 0; !e && i < f->n; i++) {
		e = change_apply(tx, a, f->s->tables, f->s->tables_n, &f->entries[i]);
		if (arena_used(a) > 65536)
			arena_reset(a);
	}
	if (!e)
		e = store_local_set(db, S(STANDBY_CURSOR), standby_cursor_text(a, f->head[HEAD_XID], f->head[HEAD_SEQ]));
	if (!e && !f->head[HEAD_MORE])
		e = store_local_set(db, S(STANDBY_LOADED), S("whole"));
	if (!e)
		e = standby_keep_through(db, a, f->head, &f->age);
	arena_free(&a);
	return e;
}

typedef VEC(struct change) change_list;
typedef VEC(struct change_entry) entry_list;

static bool add_line(struct follow *f, const struct copy_line *line, entry_list *entries, change_list *changes) {
	struct arena *a = f->s->arena;
	struct change c = {.table = line->table};
	const int64_t *v = line->numbers;
	switch (line->kind) {
	case COPY_ENTRY: {
		struct journal_entry e = {v[0], v[1], v[2], (enum journal_kind)v[3], v[4], v[5], v[6]};
		vec_push(a, entries, ((struct change_entry){.entry = e}));
		memset(changes, 0, sizeof *changes);
		return true;
	}
	case COPY_PUT:
		c.row = line->text;
		c.state = CHANGE_ROW;
		break;
	case COPY_DELETE:
		c.key = line->text;
		c.state = CHANGE_DELETED;
		break;
	case COPY_BLANK: c.state = CHANGE_BLANKED; break;
	case COPY_HEAD: memcpy(f->head, v, sizeof f->head); return true;
	default: return false;
	}
	if (!entries->n)
		return false;
	vec_push(a, changes, c);
	entries->v[entries->n - 1].changes = changes->v;
	entries->v[entries->n - 1].n = changes->n;
	return true;
}

static err read_entries(struct follow *f, struct str lines) {
	entry_list entries = {0};
	change_list changes = {0};
	struct copy_line line;
	int number = 0;
	bool bad, headed = false;
	while (copy_stream_next(&lines, &line, &number, &bad)) {
		if (headed || !add_line(f, &line, &entries, &changes))
			return standby_bad_line("changes", number);
		headed = line.kind == COPY_HEAD;
	}
	f->entries = entries.v;
	f->n = entries.n;
	return bad || !headed ? standby_bad_line("changes", number) : NULL;
}

/* Blobs that became known with these entries are fetched at once. */
static void note_blobs(struct standby *s, const struct follow *f) {
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->entries[i].n; k++) {
			const struct change *c = &f->entries[i].changes[k];
			struct row_value v[8];
			struct blob_name name;
			size_t n, at;
			if (c->state == CHANGE_ROW && str_eq(c->table, S("blob")) && row_parse(s->arena, c->row, v, 8, &n, &at) && n &&
			    blob_name_read_hex(v[0].text, &name))
				vec_push(NULL, &s->fetch, name);
		}
}

/* Rows that were loaded there without images can only be found by comparing. */
static bool has_bulk(const struct follow *f) {
	for (size_t i = 0; i < f->n; i++)
		if (f->entries[i].entry.kind == J_BULK_LOADED && f->entries[i].entry.a)
			return true;
	return false;
}

err standby_follow(struct standby *s, int64_t wait, struct step *out) {
	ANSWER_AUTO a = {0};
	struct follow f = {.s = s};
	struct str target =
	    arena_printf(s->arena, "/api/freehold/standby/changes?xid=%lld&seq=%lld&wait=%lld&schema=%lld%s", (long long)s->xid,
	                 (long long)s->seq, (long long)wait, (long long)s->schema, wait ? "" : "&promote=1");
	int64_t asked = clock_mono_ms();
	*out = (struct step){.more = true};
	err e = link_ask(&s->origin, "GET", target, &a);
	if (e && e->code == ERR_GONE) {
		standby_compare_begin(s, "the origin's journal does not reach back to what is here");
		return NULL;
	}
	TRY(e);
	int64_t now = clock_mono_ms();
	struct str tables = cut_tables(&a.lines);
	if (tables.n)
		TRY(renew_tables(s, tables));
	TRY(read_entries(&f, a.lines));
	if (has_bulk(&f)) {
		standby_compare_begin(s, "rows were loaded at the origin that its journal does not have");
		return NULL;
	}
	f.age = standby_age_of(f.head, asked);
	if (f.n || now - s->kept_through_at > THROUGH_KEEP_MS) {
		TRY(tx_run(s->db, write_follow, &f));
		s->kept_through_at = now;
		for (size_t i = 0; s->heard && i < f.n; i++)
			s->heard(s->heard_ctx, s->db, &f.entries[i].entry, f.under);
	}
	s->xid = f.head[HEAD_XID];
	s->seq = f.head[HEAD_SEQ];
	*out = (struct step){f.n, f.head[HEAD_MORE] != 0};
	pthread_mutex_lock(&s->lock);
	s->state.entries += (int64_t)f.n;
	s->state.through = f.head[HEAD_AT];
	s->whole = s->whole || !out->more;
	standby_note_readable(s);
	standby_note_age(s, &f.age);
	note_blobs(s, &f);
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}
