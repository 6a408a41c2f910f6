/* A standby that the journal does not bring up to date any more: its rows are compared with the origin's, range by range.
 *
 * What differs is gathered in a file without a name, and after it what was changed while ranges were read, from the journal: the rows then
 * fit together. All of it is taken in by one transaction, with the cursor from which the journal is followed. */
#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "move/origin.h"
#include "move/row_range.h"
#include "move/standby_inside.h"
#include "store/local_state.h"
#include "wire/url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	ROWS_ASKED = 10000, /* at a time, of a range that differs */
	ROWS_HERE = 1000,
	GATHER_BYTES = 1024 * 1024, /* in memory */
	CHANGES = 500,              /* applied at a time */
};

struct comparison {
	struct arena *a;
	int64_t head[COPY_STREAM_NUMBERS]; /* of the origin, before the first row was read; then as far as its journal was gathered */
	struct answer_age age;             /* of that */
	struct str columns;                /* its tables, as standby_read_place wants them; empty: not asked yet */
	size_t table;
	bool caught_up;      /* the journal was gathered to its end */
	struct buf after;    /* the key up to which rows were compared */
	int fd;              /* lines of copy_stream: puts and deletes */
	struct buf gathered; /* of them, not written yet */
	int64_t size, rows, differs;
	int64_t began;
};

void standby_compare_begin(struct standby *s, const char *why) {
	struct comparison *c = xcalloc(1, sizeof *c);
	c->a = arena_new();
	c->fd = -1;
	c->began = clock_mono_ms();
	s->comparison = c;
	log_warn("standby: %s: all rows are compared", why);
	pthread_mutex_lock(&s->lock);
	s->state.comparing = true;
	s->state.compared = s->state.differs = 0;
	pthread_mutex_unlock(&s->lock);
}

void standby_compare_drop(struct standby *s) {
	struct comparison *c = s->comparison;
	if (!c)
		return;
	if (c->fd >= 0)
		close(c->fd);
	buf_free(&c->after);
	buf_free(&c->gathered);
	arena_free(&c->a);
	free(c);
	s->comparison = NULL;
}

/* ── what differs ── */

static err write_out(struct comparison *c) {
	for (struct str rest = buf_str(&c->gathered); rest.n;) {
		ssize_t n = write(c->fd, rest.p, rest.n);
		if (n < 0 && errno != EINTR)
			return err_private(ERR_UNAVAILABLE, "what differs from the origin cannot be kept: %m");
		if (n > 0)
			rest = str_skip(rest, (size_t)n);
	}
	c->size += (int64_t)c->gathered.n;
	buf_clear(&c->gathered);
	return NULL;
}

static err gather(struct comparison *c, enum copy_line_kind kind, struct str table, struct str text) {
	copy_stream_put(&c->gathered, &(struct copy_line){.kind = kind, .table = table, .text = text});
	c->differs++;
	return c->gathered.n < GATHER_BYTES ? NULL : write_out(c);
}

typedef VEC(struct image) image_list;

static err ask_page(struct standby *s, struct arena *a, const struct image_table *t, struct str *after, struct str through,
                    image_list *out) {
	BUF_AUTO target = {0};
	ANSWER_AUTO answer = {0};
	struct copy_line line;
	struct str more = STR_NONE;
	int number = 0;
	bool bad;
	buf_lit(&target, "/api/freehold/standby/rows");
	url_add_pair(&target, S("table"), t->name);
	url_add_pair(&target, S("after"), *after);
	url_add_pair(&target, S("through"), through);
	buf_printf(&target, "&most=%d", ROWS_ASKED);
	TRY(link_ask(&s->origin, "GET", buf_str(&target), &answer));
	while (copy_stream_next(&answer.lines, &line, &number, &bad)) {
		struct image i = {.row = line.text};
		if (more.n || (line.kind != COPY_ROW && line.kind != COPY_MORE))
			return standby_bad_line("rows", number);
		if (line.kind == COPY_MORE) {
			more = arena_str(a, line.text);
			continue;
		}
		TRY(image_shortest(a, t, &i));
		vec_push(a, out, i);
	}
	*after = more;
	return bad ? standby_bad_line("rows", number) : NULL;
}

static int by_key(const void *x, const void *y) { return str_cmp(((const struct image *)x)->key, ((const struct image *)y)->key); }

/* Of theirs those rows stay that are other here, or not here; what is here alone is to be deleted. */
static err compare_here(struct standby *s, const struct image_table *t, struct str after, struct str through, image_list *theirs) {
	struct arena *a = arena_new();
	BUF_AUTO place = {0};
	struct image *v;
	size_t n = ROWS_HERE;
	err e = NULL;
	buf_put(&place, after);
	while (!e && n == ROWS_HERE) {
		arena_reset(a);
		e = image_rows(s->db, a, t, arena_str(a, buf_str(&place)), through, ROWS_HERE, &v, &n);
		for (size_t i = 0; !e && i < n; i++) {
			e = image_shortest(a, t, &v[i]);
			struct image *same = e || !theirs->n ? NULL : bsearch(&v[i], theirs->v, theirs->n, sizeof *theirs->v, by_key);
			if (!e && !same)
				e = gather(s->comparison, COPY_DELETE, t->name, v[i].key);
			else if (!e && str_eq(same->row, v[i].row))
				same->row = STR_NONE;
		}
		if (!e && n) {
			buf_clear(&place);
			buf_put(&place, v[n - 1].key);
		}
	}
	arena_free(&a);
	db_rest(s->db);
	return e;
}

static err compare_rows(struct standby *s, const struct image_table *t, struct str after, struct str through) {
	image_list theirs = {0};
	struct str place = after;
	do
		TRY(ask_page(s, s->arena, t, &place, through, &theirs));
	while (place.n);
	if (theirs.n)
		qsort(theirs.v, theirs.n, sizeof *theirs.v, by_key);
	TRY(compare_here(s, t, after, through, &theirs));
	for (size_t i = 0; i < theirs.n; i++)
		if (theirs.v[i].row.n)
			TRY(gather(s->comparison, COPY_PUT, t->name, theirs.v[i].row));
	return NULL;
}

/* ── ranges ── */

static err begin(struct standby *s) {
	struct comparison *c = s->comparison;
	ANSWER_AUTO answer = {0};
	struct str dir = s->site->data_dir;
	TRY(standby_ask_start(s, &answer, c->head));
	if (c->fd < 0)
		c->fd = open(arena_printf(c->a, "%.*s", S_ARG(dir)).p, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (c->fd < 0)
		return err_private(ERR_UNAVAILABLE, "a file for what differs cannot be made in %.*s: %m", S_ARG(dir));
	c->columns = arena_str(c->a, answer.lines);
	return NULL;
}

static err is_other(struct standby *s, const struct image_table *t, struct str after, const struct copy_line *line, bool *other) {
	struct row_range here = {0};
	err e = row_range_read(s->db, t, after, line->text, SIZE_MAX, &here);
	*other = !str_eq(line->table, str_mem(here.digest, sizeof here.digest));
	s->comparison->rows += (int64_t)here.rows;
	buf_free(&here.last);
	db_rest(s->db);
	return e;
}

static void pass_on(struct comparison *c, struct str after) {
	buf_clear(&c->after);
	buf_put(&c->after, after);
	c->table += after.n == 0;
}

/* The ranges of one answer. Such as differ and follow each other are asked for together. */
static err compare_ranges(struct standby *s, struct str lines) {
	struct comparison *c = s->comparison;
	const struct image_table *t = &s->tables[c->table];
	struct str after = arena_str(s->arena, buf_str(&c->after)), from = after;
	struct copy_line line;
	int number = 0;
	bool bad, other, pending = false, any = false, end = false;
	while (copy_stream_next(&lines, &line, &number, &bad)) {
		if (line.kind != COPY_RANGE || end)
			return standby_bad_line("ranges", number);
		TRY(is_other(s, t, after, &line, &other));
		if (pending && !other)
			TRY(compare_rows(s, t, from, after));
		if (other && !pending)
			from = after;
		pending = other;
		after = arena_str(s->arena, line.text);
		end = after.n == 0;
		any = true;
	}
	if (bad || !any)
		return standby_bad_line("ranges", number);
	if (pending)
		TRY(compare_rows(s, t, from, after));
	pass_on(c, after);
	return NULL;
}

static err compare_some(struct standby *s) {
	struct comparison *c = s->comparison;
	BUF_AUTO target = {0};
	ANSWER_AUTO answer = {0};
	buf_lit(&target, "/api/freehold/standby/ranges");
	url_add_pair(&target, S("table"), s->tables[c->table].name);
	if (c->after.n)
		url_add_pair(&target, S("after"), buf_str(&c->after));
	TRY(link_ask(&s->origin, "GET", buf_str(&target), &answer));
	return compare_ranges(s, answer.lines);
}

/* ── what was changed meanwhile ── */

static err gather_line(struct comparison *c, const struct copy_line *line) {
	const int64_t *v = line->numbers;
	switch (line->kind) {
	case COPY_ENTRY:
		return v[3] == J_BULK_LOADED && v[4] ? err_public(ERR_CONFLICT, "rows were loaded there while ranges were read") : NULL;
	case COPY_PUT:
	case COPY_DELETE: return gather(c, line->kind, line->table, line->text);
	case COPY_HEAD: memcpy(c->head, v, sizeof c->head); return NULL;
	default: return NULL;
	}
}

static err catch_up(struct standby *s) {
	struct comparison *c = s->comparison;
	ANSWER_AUTO answer = {0};
	struct copy_line line;
	int number = 0;
	bool bad;
	int64_t asked = clock_mono_ms();
	struct str target = arena_printf(s->arena, "/api/freehold/standby/changes?xid=%lld&seq=%lld", (long long)c->head[HEAD_XID],
	                                 (long long)c->head[HEAD_SEQ]);
	TRY(link_ask(&s->origin, "GET", target, &answer));
	while (copy_stream_next(&answer.lines, &line, &number, &bad))
		TRY(gather_line(c, &line));
	c->age = standby_age_of(c->head, asked);
	c->caught_up = !c->head[HEAD_MORE];
	return bad ? standby_bad_line("changes", number) : NULL;
}

/* ── taking it in ── */

struct taking {
	struct standby *s;
	struct str lines;
};

static err apply(struct tx *tx, struct arena *a, const struct standby *s, struct str lines) {
	struct copy_line line;
	struct change v[CHANGES];
	struct change_entry e = {.changes = v};
	int number = 0;
	bool bad;
	while (copy_stream_next(&lines, &line, &number, &bad)) {
		bool put = line.kind == COPY_PUT;
		v[e.n++] =
		    (struct change){line.table, put ? STR_NONE : line.text, put ? line.text : STR_NONE, put ? CHANGE_ROW : CHANGE_DELETED};
		if (e.n < CHANGES && lines.n)
			continue;
		TRY(change_apply(tx, a, s->tables, s->tables_n, &e));
		arena_reset(a);
		e.n = 0;
	}
	must(!bad);
	return NULL;
}

/* Whoever holds rows in memory looks anew. */
static err write_taken(struct tx *tx, void *arg) {
	const struct taking *t = arg;
	const struct comparison *c = t->s->comparison;
	struct db *db = tx_db(tx);
	struct arena *a = arena_new();
	err e = tx_journal_copy(tx, J_BULK_LOADED, 0, 0, 0);
	if (!e)
		e = apply(tx, a, t->s, t->lines);
	if (!e)
		e = store_local_set(db, S(STANDBY_COLUMNS), c->columns);
	if (!e)
		e = store_local_set(db, S(STANDBY_CURSOR), standby_cursor_text(a, c->head[HEAD_XID], c->head[HEAD_SEQ]));
	if (!e)
		e = standby_keep_through(db, a, c->head, &c->age);
	arena_free(&a);
	return e;
}

static err take_in(struct standby *s) {
	struct comparison *c = s->comparison;
	struct taking t = {.s = s};
	void *p = NULL;
	TRY(write_out(c));
	if (c->size) {
		p = mmap(NULL, (size_t)c->size, PROT_READ, MAP_PRIVATE, c->fd, 0);
		if (p == MAP_FAILED)
			return err_private(ERR_UNAVAILABLE, "what differs from the origin cannot be read: %m");
		t.lines = str_mem(p, (size_t)c->size);
	}
	err e = tx_run_alone(s->db, write_taken, &t);
	if (p)
		munmap(p, t.lines.n);
	return e;
}

static void end(struct standby *s) {
	const struct comparison *c = s->comparison;
	int64_t rows = c->rows, differs = c->differs, ms = clock_mono_ms() - c->began;
	s->xid = c->head[HEAD_XID];
	s->seq = c->head[HEAD_SEQ];
	if (s->heard && s->told)
		s->heard(s->heard_ctx, s->db, NULL, 0);
	pthread_mutex_lock(&s->lock);
	s->state.comparing = false;
	s->state.through = c->head[HEAD_AT];
	standby_note_age(s, &c->age);
	s->media_pass = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	standby_compare_drop(s);
	log_info("standby: %lld rows compared in %lld s, %lld differed: it follows again", (long long)rows, (long long)ms / 1000,
	         (long long)differs);
}

static err step(struct standby *s) {
	struct comparison *c = s->comparison;
	if (!c->columns.n)
		return begin(s);
	if (c->table < s->tables_n)
		return compare_some(s);
	if (!c->caught_up)
		return catch_up(s);
	TRY(take_in(s));
	end(s);
	return NULL;
}

/* A link that breaks leaves it where it is; after all else it begins anew. */
err standby_compare(struct standby *s) {
	err e = step(s);
	struct comparison *c = s->comparison;
	if (e && e->code != ERR_UNAVAILABLE) {
		struct err kept = *e;
		standby_compare_drop(s);
		standby_compare_begin(s, "comparing with the origin failed");
		return err_copy(&kept);
	}
	pthread_mutex_lock(&s->lock);
	if (!e)
		s->heard_at = clock_mono_ms();
	if (c) {
		s->state.compared = c->rows;
		s->state.differs = c->differs;
	}
	pthread_mutex_unlock(&s->lock);
	return e;
}
