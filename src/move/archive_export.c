#include "base/id.h"
#include "core/site.h"
#include "move/archive.h"
#include "move/archive_write.h"

#include <sodium.h>

enum { PAGE = 500, NAMES = 1000 }; /* rows and names of blobs read at once */

struct export {
	struct archive_writer w;
	const struct archive_order *o;
};

static void tell(struct export *x, const char *doing) {
	x->w.n->file_bytes = tarball_size(x->w.t);
	if (x->o->tell)
		x->o->tell(x->o->ctx, doing, x->w.n);
}

static bool leaves(const struct export *x, struct str table) {
	enum archive_class class = archive_class_of(table);
	return class == ARCHIVE_OPEN || class == ARCHIVE_PARTLY || (class == ARCHIVE_SECRET && x->w.sealed);
}

static err put_medium(struct export *x, const struct image_table *blobs, struct str row) {
	struct row_value *v;
	struct blob_name name;
	int64_t uses = 0, size = 0;
	struct str hash = STR_NONE;
	TRY(archive_row_values(&x->w, blobs, row, &v));
	for (size_t k = 0; k < blobs->n; k++) {
		if (str_eq(blobs->columns[k].name, S("hash")))
			hash = v[k].text;
		else if (str_eq(blobs->columns[k].name, S("size")))
			size = v[k].number;
		else if (str_eq(blobs->columns[k].name, S("uses")))
			uses = v[k].number;
	}
	if (uses > 0 && blob_name_read_hex(hash, &name))
		TRY(archive_put_medium(&x->w, &name, size));
	tell(x, "media");
	return NULL;
}

static err put_line(struct export *x, const struct image_table *t, struct str row) {
	struct row_value *v;
	TRY(archive_row_values(&x->w, t, row, &v));
	return archive_put_row(&x->w, t, v);
}

/* Each row of a table, in the order of its key. */
static err each_row(struct export *x, const struct image_table *t, size_t page, const char *doing,
                    err (*put)(struct export *x, const struct image_table *t, struct str row)) {
	BUF_AUTO after = {0};
	struct image *rows;
	size_t n;
	do {
		TRY(image_rows(x->w.c.db, x->w.c.arena, t, buf_str(&after), STR_NONE, page, &rows, &n));
		for (size_t i = 0; i < n; i++)
			TRY(put(x, t, rows[i].row));
		if (n) {
			buf_clear(&after);
			buf_put(&after, rows[n - 1].key);
		}
		arena_reset(x->w.c.arena);
		tell(x, doing);
	} while (n == page);
	return NULL;
}

/* Media first: what is read of the store soon after the snapshot has not been swept yet. */
static err put_all(struct export *x) {
	struct archive_writer *w = &x->w;
	TRY(archive_put_manifest(w, 0));
	TRY(each_row(x, image_table_named(w->tables, w->table_n, S("blob")), NAMES, "media", put_medium));
	for (size_t i = 0; i < w->table_n; i++) {
		if (!w->leaves[i])
			continue;
		TRY(each_row(x, &w->tables[i], PAGE, w->tables[i].name.p, put_line));
		TRY(archive_end_table(w, &w->tables[i]));
	}
	return archive_put_end(w);
}

static err run(struct export *x, struct arena *a) {
	struct archive_writer *w = &x->w;
	TRY(archive_writer_open(w, a));
	for (size_t i = 0; i < w->table_n; i++)
		w->leaves[i] = leaves(x, w->tables[i].name);
	if (w->sealed) {
		random_bytes(w->key.salt, sizeof w->key.salt);
		w->key.operations = crypto_pwhash_OPSLIMIT_MODERATE;
		w->key.memory = crypto_pwhash_MEMLIMIT_MODERATE;
		TRY(archive_key_make(&w->key, x->o->passphrase));
	}
	TRY(tarball_create(&w->t, x->o->file));
	return put_all(x);
}

err archive_export(struct ctx *c, const struct archive_order *o, struct archive_counts *counts) {
	struct export x = {.w = {.c = *c, .n = counts, .sealed = o->passphrase.n > 0}, .o = o};
	*counts = (struct archive_counts){0};
	x.w.c.arena = arena_new();
	err e = run(&x, c->arena);
	archive_writer_close(&x.w);
	arena_free(&x.w.c.arena);
	db_rest(c->db);
	return e;
}
