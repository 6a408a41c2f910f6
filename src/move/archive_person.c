/* One's own account as the portable archive: the same lines as a network's, of the tables that say something of one person
 * (archive_person.def). Each is read by what its primary key begins with, so that an account costs what it holds, however large the
 * network. Of others only the name is told, to whom the rows' numbers belong. */
#include "base/vec.h"
#include "core/site.h"
#include "move/archive_write.h"
#include "move/transfer_run.h"
#include "store/account.h"
#include "store/list.h"
#include "store/media.h"
#include "store/transfer.h"

#include <stdlib.h>

enum { PAGE = 200 };

enum source { OF_ACCOUNT, OF_LISTS, OF_POSTS, OF_MEDIA, SOURCES };
enum width { ONE, MANY };

static const struct piece {
	const char *table;
	enum source source;
	enum width width;
} pieces[] = {
#define PIECE(table, source, width) {#table, source, width},
#include "move/archive_person.def"
#undef PIECE
};
enum { PIECES = sizeof pieces / sizeof *pieces };

struct person {
	struct archive_writer w;
	struct transfer_run *r;
	struct arena *kept; /* of what lives until the end */
	int64_t me;
	VEC(int64_t) of[SOURCES];
	VEC(int64_t) others;   /* whom rows name, as they come */
	VEC(struct str) blobs; /* in hexadecimal, as they come */
};

typedef err (*row_fn)(struct person *p, const struct image_table *t, struct row_value *v);

static const struct image_table *table_named(struct person *p, const char *name) {
	const struct image_table *t = image_table_named(p->w.tables, p->w.table_n, str_of(name));
	must(t);
	return t;
}

static void leave(struct person *p, const char *name) { p->w.leaves[table_named(p, name) - p->w.tables] = true; }

/* ── what is there ── */

static err find_posts(struct person *p) {
	int64_t *ids, after = 0;
	size_t n;
	do {
		TRY(store_transfer_posts(p->w.c.arena, p->w.c.db, p->me, after, PAGE, &ids, &n));
		for (size_t i = 0; i < n; i++)
			vec_push(p->kept, &p->of[OF_POSTS], ids[i]);
		after = n ? ids[n - 1] : after;
		arena_reset(p->w.c.arena);
	} while (n == PAGE);
	return NULL;
}

static err find_media(struct person *p) {
	struct account_row me;
	struct media *m, one;
	bool found;
	size_t n;
	for (size_t i = 0; i < p->of[OF_POSTS].n; i++) {
		TRY(store_media_of_status(p->w.c.arena, p->w.c.db, p->of[OF_POSTS].v[i], &m, &n));
		for (size_t k = 0; k < n; k++)
			vec_push(p->kept, &p->of[OF_MEDIA], m[k].id);
		arena_reset(p->w.c.arena);
		TRY(transfer_step(p->r));
	}
	TRY(store_account_by_id(p->w.c.arena, p->w.c.db, p->me, &me, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	const struct str drawn[] = {me.avatar, me.header};
	for (size_t i = 0; i < 2; i++) {
		if (str_empty(drawn[i]))
			continue;
		TRY(store_media_by_key(p->w.c.arena, p->w.c.db, drawn[i], &one, &found));
		if (found)
			vec_push(p->kept, &p->of[OF_MEDIA], one.id);
	}
	return NULL;
}

static err find_lists(struct person *p) {
	struct list *lists;
	size_t n;
	TRY(store_lists(p->w.c.arena, p->w.c.db, p->me, &lists, &n));
	for (size_t i = 0; i < n; i++)
		vec_push(p->kept, &p->of[OF_LISTS], lists[i].id);
	return NULL;
}

/* ── rows ── */

static size_t first_of_key(const struct image_table *t, int64_t place) {
	for (size_t i = 0; i < t->n; i++)
		if (t->columns[i].key == place)
			return i;
	must(false);
}

static err row_of(struct person *p, const struct image_table *t, struct str key, row_fn fn) {
	struct str row;
	struct row_value *v;
	TRY(image_row(p->w.c.db, p->w.c.arena, t, key, &row));
	if (!row.n)
		return NULL;
	TRY(archive_row_values(&p->w, t, row, &v));
	return fn(p, t, v);
}

/* All rows whose key begins with the number. What is lower than any second part is -1 or an empty text. */
static err rows_of(struct person *p, const struct image_table *t, int64_t number, row_fn fn) {
	size_t first = first_of_key(t, 1), second = first_of_key(t, 2), n;
	struct row_value *v;
	struct image *rows;
	BUF_AUTO after = {0};
	buf_printf(&after, t->columns[second].number ? "[%lld,-1]" : "[%lld,\"\"]", (long long)number);
	do {
		TRY(image_rows(p->w.c.db, p->w.c.arena, t, buf_str(&after), STR_NONE, PAGE, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			TRY(archive_row_values(&p->w, t, rows[i].row, &v));
			if (v[first].number != number)
				return NULL;
			TRY(fn(p, t, v));
		}
		if (n) {
			buf_clear(&after);
			buf_put(&after, rows[n - 1].key);
		}
		arena_reset(p->w.c.arena);
	} while (n == PAGE);
	return NULL;
}

static err each_row(struct person *p, const struct piece *piece, row_fn fn) {
	const struct image_table *t = table_named(p, piece->table);
	for (size_t i = 0; i < p->of[piece->source].n; i++) {
		int64_t number = p->of[piece->source].v[i];
		if (piece->width == MANY)
			TRY(rows_of(p, t, number, fn));
		else
			TRY(row_of(p, t, arena_printf(p->w.c.arena, "[%lld]", (long long)number), fn));
		arena_reset(p->w.c.arena);
		p->r->t.position++;
		TRY(transfer_step(p->r));
	}
	return NULL;
}

/* ── media ── */

static err note_blobs(struct person *p, const struct image_table *t, struct row_value *v) {
	for (size_t i = 0; i < t->n; i++)
		if (archive_is_blob(t->name, t->columns[i].name) && v[i].kind == ROW_TEXT)
			vec_push(p->kept, &p->blobs, arena_str(p->kept, v[i].text));
	return NULL;
}

static int by_text(const void *a, const void *b) {
	const struct str *x = a, *y = b;
	int d = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
	return d ? d : (x->n > y->n) - (x->n < y->n);
}

static err put_medium(struct person *p, const struct image_table *t, struct row_value *v) {
	struct blob_name name;
	int64_t size = 0;
	struct str hash = STR_NONE;
	for (size_t i = 0; i < t->n; i++) {
		if (str_eq(t->columns[i].name, S("hash")))
			hash = v[i].text;
		else if (str_eq(t->columns[i].name, S("size")))
			size = v[i].number;
	}
	return blob_name_read_hex(hash, &name) ? archive_put_medium(&p->w, &name, size) : NULL;
}

static err put_row(struct person *p, const struct image_table *t, struct row_value *v);

static err each_blob(struct person *p, row_fn fn) {
	const struct image_table *t = table_named(p, "blob");
	for (size_t i = 0; i < p->blobs.n; i++) {
		if (i && str_eq(p->blobs.v[i], p->blobs.v[i - 1]))
			continue;
		TRY(row_of(p, t, arena_printf(p->w.c.arena, "[\"%.*s\"]", S_ARG(p->blobs.v[i])), fn));
		arena_reset(p->w.c.arena);
		TRY(transfer_step(p->r));
	}
	return NULL;
}

/* ── who is named ── */

static bool names_somebody(struct str column) {
	return str_eq(column, S("target_id")) || str_eq(column, S("account_id")) || str_eq(column, S("reply_to_author_id")) ||
	       str_eq(column, S("boost_author_id"));
}

static err put_row(struct person *p, const struct image_table *t, struct row_value *v) {
	for (size_t i = 0; i < t->n; i++)
		if (names_somebody(t->columns[i].name) && v[i].kind == ROW_NUMBER && v[i].number != p->me)
			vec_push(p->kept, &p->others, v[i].number);
	return archive_put_row(&p->w, t, v);
}

static err put_self(struct person *p, const struct image_table *t, struct row_value *v) { return archive_put_row(&p->w, t, v); }

static err put_other(struct person *p, const struct image_table *t, struct row_value *v) {
	for (size_t i = 0; i < t->n; i++) {
		struct str column = t->columns[i].name;
		if (str_eq(column, S("id")) || str_eq(column, S("username")) || str_eq(column, S("domain")))
			continue;
		v[i] = (struct row_value){.kind = t->columns[i].number ? ROW_NUMBER : ROW_NULL};
	}
	return archive_put_row(&p->w, t, v);
}

static int by_number(const void *a, const void *b) {
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static err put_accounts(struct person *p) {
	const struct image_table *t = table_named(p, "account");
	TRY(row_of(p, t, arena_printf(p->w.c.arena, "[%lld]", (long long)p->me), put_self));
	if (p->others.n)
		qsort(p->others.v, p->others.n, sizeof *p->others.v, by_number);
	for (size_t i = 0; i < p->others.n; i++) {
		if (i && p->others.v[i] == p->others.v[i - 1])
			continue;
		TRY(row_of(p, t, arena_printf(p->w.c.arena, "[%lld]", (long long)p->others.v[i]), put_other));
		arena_reset(p->w.c.arena);
		TRY(transfer_step(p->r));
	}
	return archive_end_table(&p->w, t);
}

/* ── all of it ── */

static err put_media(struct person *p) {
	for (size_t i = 0; i < PIECES; i++)
		if (pieces[i].source == OF_MEDIA)
			TRY(each_row(p, &pieces[i], note_blobs));
	if (p->blobs.n)
		qsort(p->blobs.v, p->blobs.n, sizeof *p->blobs.v, by_text);
	return each_blob(p, put_medium);
}

static err put_tables(struct person *p) {
	for (size_t i = 0; i < PIECES; i++) {
		TRY(each_row(p, &pieces[i], put_row));
		TRY(archive_end_table(&p->w, table_named(p, pieces[i].table)));
	}
	TRY(each_blob(p, put_row));
	TRY(archive_end_table(&p->w, table_named(p, "blob")));
	return put_accounts(p);
}

static err put_all(struct person *p) {
	TRY(archive_writer_open(&p->w, p->kept));
	vec_push(p->kept, &p->of[OF_ACCOUNT], p->me);
	TRY(find_lists(p));
	TRY(find_posts(p));
	TRY(find_media(p));
	leave(p, "account");
	leave(p, "blob");
	for (size_t i = 0; i < PIECES; i++) {
		leave(p, pieces[i].table);
		p->r->t.total += (int64_t)p->of[pieces[i].source].n * (pieces[i].source == OF_MEDIA ? 2 : 1);
	}
	TRY(archive_put_manifest(&p->w, p->me));
	TRY(put_media(p));
	TRY(put_tables(p));
	p->r->t.taken = (int64_t)p->of[OF_POSTS].n;
	return archive_put_end(&p->w);
}

err transfer_account_out(struct transfer_run *r, int fd) {
	struct archive_counts counts = {0};
	struct person p = {.w = {.c = r->c, .n = &counts}, .r = r, .kept = arena_new(), .me = r->c.viewer};
	r->t.total = 0;
	tarball_into(&p.w.t, fd);
	err e = put_all(&p);
	struct err kept = e ? *e : (struct err){0};
	if (!e && counts.media_missing)
		transfer_refuse(r, 0, "%lld pictures or parts of films are not there any more", (long long)counts.media_missing);
	r->t.size = counts.file_bytes;
	archive_writer_close(&p.w);
	arena_free(&p.kept);
	return e ? err_copy(&kept) : NULL;
}
