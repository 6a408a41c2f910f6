#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "blob/blob.h"
#include "core/site.h"
#include "move/archive.h"
#include "move/tarball.h"
#include "store/media.h"
#include "wire/row.h"

#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

/* Rows of a part; bytes after which one ends; names of blobs read at once. */
enum { PAGE = 500, PART = 4 << 20, NAMES = 1000 };

struct export {
	struct ctx c; /* with an arena of its own, emptied after each page */
	const struct archive_order *o;
	struct archive_counts *n;
	struct tarball *t;
	struct image_table *tables;
	size_t table_n;
	int64_t *rows; /* of each table */
	struct archive_key key;
	struct buf part;
};

static void tell(struct export *x, const char *doing) {
	x->n->file_bytes = tarball_size(x->t);
	if (x->o->tell)
		x->o->tell(x->o->ctx, doing, x->n);
}

static bool sealed(const struct export *x) { return x->o->passphrase.n > 0; }

static bool leaves(const struct export *x, struct str table) {
	enum archive_class class = archive_class_of(table);
	return class == ARCHIVE_OPEN || class == ARCHIVE_PARTLY || (class == ARCHIVE_SECRET && sealed(x));
}

static err put_entry(struct export *x, struct str name, struct str bytes) {
	TRY(tarball_entry(x->t, name, (int64_t)bytes.n));
	return tarball_write(x->t, bytes);
}

/* ── the manifest ── */

static void put_hex(struct buf *b, const void *p, size_t n) {
	buf_byte(b, '"');
	buf_hex(b, str_mem(p, n));
	buf_byte(b, '"');
}

static void put_sealing(struct export *x, struct buf *b) {
	if (!sealed(x)) {
		buf_lit(b, "null");
		return;
	}
	buf_lit(b, "{\"kdf\":\"argon2id13\",\"salt\":");
	put_hex(b, x->key.salt, sizeof x->key.salt);
	buf_printf(b, ",\"operations\":%lld,\"memory\":%lld,\"cipher\":\"xchacha20poly1305-ietf\"}", (long long)x->key.operations,
	           (long long)x->key.memory);
}

static err put_manifest(struct export *x) {
	BUF_AUTO b = {0};
	bool first = true;
	buf_printf(&b, "{\"format\":\"freehold\",\"version\":%d,\"program\":\"" FREEHOLD_VERSION "\",\"domain\":", ARCHIVE_VERSION);
	buf_json_string(&b, x->c.site->domain);
	buf_lit(&b, ",\"made_at\":\"");
	buf_iso8601(&b, clock_ms());
	buf_lit(&b, "\",\"secrets\":");
	put_sealing(x, &b);
	buf_lit(&b, ",\"tables\":{");
	for (size_t i = 0; i < x->table_n; i++) {
		const struct image_table *t = &x->tables[i];
		if (!leaves(x, t->name))
			continue;
		buf_put(&b, first ? S("") : S(","));
		first = false;
		buf_json_string(&b, t->name);
		for (size_t k = 0; k < t->n; k++) {
			buf_put(&b, k ? S(",") : S(":["));
			buf_json_string(&b, t->columns[k].name);
		}
		buf_byte(&b, ']');
	}
	buf_lit(&b, "}}\n");
	return put_entry(x, S("freehold.json"), buf_str(&b));
}

/* ── media ── */

struct sending {
	struct export *x;
	struct str name;
	int64_t left;
	bool begun;
};

static err send(void *ctx, struct str bytes) {
	struct sending *s = ctx;
	if (!s->begun)
		TRY(tarball_entry(s->x->t, s->name, s->left));
	s->begun = true;
	if ((int64_t)bytes.n > s->left)
		return err_private(ERR_STORE, "%.*s is longer than its store said", S_ARG(s->name));
	s->left -= (int64_t)bytes.n;
	s->x->n->media_bytes += (int64_t)bytes.n;
	return tarball_write(s->x->t, bytes);
}

/* What is gone or damaged is counted and told; once an entry is begun there is no way back, so a store that fails then ends the export. */
static err put_medium(struct export *x, const struct blob_name *name, int64_t size) {
	BUF_AUTO path = {0};
	buf_lit(&path, "media/");
	buf_hex(&path, blob_name_str(name));
	struct sending s = {x, buf_str(&path), size, false};
	err e = blob_read(x->c.site->blobs, name, 0, -1, send, &s);
	if (e && s.begun)
		return e;
	if (!e && s.left && s.begun)
		return err_private(ERR_STORE, "%.*s is shorter than its row says", S_ARG(s.name));
	if (e && e->code != ERR_NOT_FOUND && e->code != ERR_STORE)
		return e;
	if (e || !s.begun) {
		x->n->media_missing++;
		log_warn("export: %.*s is not there or damaged, and left out", S_ARG(s.name));
	} else {
		x->n->media++;
	}
	return NULL;
}

static err media_page(struct export *x, const struct image_table *blobs, struct buf *after, size_t *n) {
	struct image *rows;
	TRY(image_rows(x->c.db, x->c.arena, blobs, buf_str(after), NAMES, &rows, n));
	for (size_t i = 0; i < *n; i++) {
		struct row_value v[8];
		struct blob_name name;
		int64_t uses = 0, size = 0;
		size_t got, at;
		struct str hash = STR_NONE;
		if (!row_parse(x->c.arena, rows[i].row, v, 8, &got, &at) || got != blobs->n)
			return err_private(ERR_INTERNAL, "a row of blob is none");
		for (size_t k = 0; k < blobs->n; k++) {
			if (str_eq(blobs->columns[k].name, S("hash")))
				hash = v[k].text;
			else if (str_eq(blobs->columns[k].name, S("size")))
				size = v[k].number;
			else if (str_eq(blobs->columns[k].name, S("uses")))
				uses = v[k].number;
		}
		if (uses > 0 && blob_name_read_hex(hash, &name))
			TRY(put_medium(x, &name, size));
		tell(x, "media");
	}
	if (*n) {
		buf_clear(after);
		buf_put(after, rows[*n - 1].key);
	}
	return NULL;
}

static err put_media(struct export *x) {
	const struct image_table *blobs = image_table_named(x->tables, x->table_n, S("blob"));
	BUF_AUTO after = {0};
	size_t n;
	do {
		TRY(media_page(x, blobs, &after, &n));
		arena_reset(x->c.arena);
	} while (n == NAMES);
	return NULL;
}

/* ── rows ── */

static err put_part(struct export *x, struct str table, bool seal, int *number) {
	char name[100];
	if (!x->part.n)
		return NULL;
	snprintf(name, sizeof name, "tables/%.*s/%06d.%s", S_ARG(table), ++*number, seal ? "sealed" : "ndjson");
	BUF_AUTO shut = {0};
	if (seal)
		archive_seal(&shut, &x->key, str_of(name), buf_str(&x->part));
	err e = put_entry(x, str_of(name), buf_str(seal ? &shut : &x->part));
	buf_clear(&x->part);
	return e;
}

static err put_row(struct export *x, const struct image_table *t, bool partly, struct str row, int64_t *count) {
	struct row_value *v = arena_many(x->c.arena, struct row_value, t->n);
	size_t n, at;
	if (!row_parse(x->c.arena, row, v, t->n, &n, &at) || n != t->n)
		return err_private(ERR_INTERNAL, "a row of %.*s is none", S_ARG(t->name));
	if (partly && !archive_redact(t, v, sealed(x)))
		return NULL;
	archive_line_put(&x->part, t, v);
	++*count;
	x->n->rows++;
	return NULL;
}

static err put_table(struct export *x, const struct image_table *t, int64_t *count) {
	bool partly = archive_class_of(t->name) == ARCHIVE_PARTLY, seal = sealed(x) && archive_class_of(t->name) != ARCHIVE_OPEN;
	BUF_AUTO after = {0};
	struct image *rows;
	size_t n;
	int number = 0;
	do {
		TRY(image_rows(x->c.db, x->c.arena, t, buf_str(&after), PAGE, &rows, &n));
		for (size_t i = 0; i < n; i++)
			TRY(put_row(x, t, partly, rows[i].row, count));
		if (n) {
			buf_clear(&after);
			buf_put(&after, rows[n - 1].key);
		}
		if (x->part.n >= PART)
			TRY(put_part(x, t->name, seal, &number));
		arena_reset(x->c.arena);
		tell(x, t->name.p);
	} while (n == PAGE);
	return put_part(x, t->name, seal, &number);
}

static err put_end(struct export *x) {
	unsigned char digest[32];
	BUF_AUTO b = {0};
	bool first = true;
	TRY(tarball_digest(x->t, digest));
	buf_lit(&b, "{\"rows\":{");
	for (size_t i = 0; i < x->table_n; i++) {
		if (!leaves(x, x->tables[i].name))
			continue;
		buf_put(&b, first ? S("") : S(","));
		first = false;
		buf_json_string(&b, x->tables[i].name);
		buf_printf(&b, ":%lld", (long long)x->rows[i]);
	}
	buf_printf(&b, "},\"media\":%lld,\"media_bytes\":%lld,\"media_missing\":%lld,\"sha256\":", (long long)x->n->media,
	           (long long)x->n->media_bytes, (long long)x->n->media_missing);
	put_hex(&b, digest, sizeof digest);
	buf_lit(&b, "}\n");
	return put_entry(x, S("end.json"), buf_str(&b));
}

/* Media first: what is read of the store soon after the snapshot has not been swept yet. */
static err put_all(struct export *x) {
	TRY(put_manifest(x));
	TRY(put_media(x));
	for (size_t i = 0; i < x->table_n; i++)
		if (leaves(x, x->tables[i].name))
			TRY(put_table(x, &x->tables[i], &x->rows[i]));
	return put_end(x);
}

static err run(struct export *x, struct arena *a) {
	TRY(image_tables(x->c.db, a, &x->tables, &x->table_n));
	x->rows = arena_many(a, int64_t, x->table_n);
	if (sealed(x)) {
		random_bytes(x->key.salt, sizeof x->key.salt);
		x->key.operations = crypto_pwhash_OPSLIMIT_MODERATE;
		x->key.memory = crypto_pwhash_MEMLIMIT_MODERATE;
		TRY(archive_key_make(&x->key, x->o->passphrase));
	}
	TRY(tarball_create(&x->t, x->o->file));
	TRY(put_all(x));
	tell(x, "done");
	return tarball_finish(&x->t);
}

err archive_export(struct ctx *c, const struct archive_order *o, struct archive_counts *counts) {
	struct export x = {.c = *c, .o = o, .n = counts};
	*counts = (struct archive_counts){0};
	x.c.arena = arena_new();
	err e = run(&x, c->arena);
	tarball_drop(&x.t);
	sodium_memzero(&x.key, sizeof x.key);
	buf_free(&x.part);
	arena_free(&x.c.arena);
	db_rest(c->db);
	return e;
}
