#include "base/must.h"
#include "base/vec.h"
#include "blob/blob.h"
#include "core/media_store.h"
#include "core/site.h"
#include "move/archive.h"
#include "move/unpack.h"
#include "store/bulk.h"
#include "store/site.h"
#include "wire/row.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

/* A part of rows that is longer is not ours; so much is unpacked at once of a medium; smaller media stay in memory. */
enum { MANIFEST_MAX = 1 << 20, PART_MAX = 64 << 20, PIECE = 256 * 1024, SMALL = 4 << 20 };
enum stage { AT_MANIFEST, AT_MEDIA, AT_TABLES, AT_END };

/* A medium's name in the archive, and here: the site's own secret may be another one. */
struct renamed {
	struct blob_name from, to;
};

struct import {
	struct ctx c; /* with an arena of its own, emptied after each line */
	const struct archive_order *o;
	struct archive_counts *n;
	struct arena *a; /* for as long as the import */
	struct image_table *here;
	size_t here_n;
	struct image_table *tables; /* as the archive has them */
	size_t table_n;
	int64_t *rows;
	bool sealed;
	struct archive_key key;
	struct unpack *u;
	enum stage stage;
	struct bulk *bulk; /* NULL: the first reading, which only looks */
	bool has_secret;   /* the archive has it */
	char secret[32];   /* that names are made with here: the archive's, or the one of this data folder */
	VEC(struct renamed) names;
	struct buf entry, plain;
};

static err wrong(struct str entry, int64_t line, const char *why) {
	if (line)
		return err_public(ERR_INVALID, "%.*s, line %lld: %s", (int)(entry.n < 100 ? entry.n : 100), entry.p, (long long)line, why);
	return err_public(ERR_INVALID, "%.*s: %s", (int)(entry.n < 100 ? entry.n : 100), entry.p, why);
}

static void tell(struct import *x, const char *doing) {
	x->n->file_bytes = unpack_position(x->u);
	if (x->o->tell)
		x->o->tell(x->o->ctx, doing, x->n);
}

/* The whole entry into x->entry. */
static err slurp(struct import *x, const struct unpack_entry *e, int64_t most) {
	size_t got;
	if (e->size > most)
		return wrong(e->name, 0, "it is too long");
	buf_clear(&x->entry);
	buf_reserve(&x->entry, (size_t)e->size + 1);
	do {
		TRY(unpack_read(x->u, x->entry.p + x->entry.n, (size_t)e->size - x->entry.n, &got));
		x->entry.n += got;
	} while (got);
	return NULL;
}

/* ── the manifest ── */

static struct str text_of(json_t *o, const char *key) {
	json_t *v = json_object_get(o, key);
	return json_is_string(v) ? str_mem(json_string_value(v), json_string_length(v)) : STR_NONE;
}

static bool read_hex(struct str hex, unsigned char *out, size_t n) {
	size_t got;
	return sodium_hex2bin(out, n, hex.p ? hex.p : "", hex.n, NULL, &got, NULL) == 0 && got == n;
}

static err read_sealing(struct import *x, json_t *s) {
	x->sealed = !json_is_null(s);
	if (!x->sealed)
		return NULL;
	x->key.operations = json_integer_value(json_object_get(s, "operations"));
	x->key.memory = json_integer_value(json_object_get(s, "memory"));
	if (!str_eq(text_of(s, "kdf"), S("argon2id13")) || !str_eq(text_of(s, "cipher"), S("xchacha20poly1305-ietf")) ||
	    !read_hex(text_of(s, "salt"), x->key.salt, sizeof x->key.salt) || x->key.operations < 1 || x->key.operations > 16 ||
	    x->key.memory < 8192 || x->key.memory > 1 << 30)
		return err_public(ERR_INVALID, "its secrets are sealed in a way that is not known here: use a newer freehold");
	if (!x->o->passphrase.n)
		return err_public(ERR_INVALID, "its secrets are sealed: give the file with the passphrase by --key");
	return archive_key_make(&x->key, x->o->passphrase);
}

static err read_table(struct import *x, const char *name, json_t *columns, struct image_table *out) {
	const struct image_table *here = image_table_named(x->here, x->here_n, str_of(name));
	size_t n = json_array_size(columns);
	if (!here || !n || archive_class_of(str_of(name)) == ARCHIVE_NEVER)
		return err_public(ERR_INVALID, "the table %.60s is not known here: use a newer freehold", name);
	struct str *names = arena_many(x->a, struct str, n);
	for (size_t i = 0; i < n; i++)
		names[i] = arena_str(x->a, str_of(json_string_value(json_array_get(columns, i))));
	return image_table_like(x->c.db, x->a, here, names, n, out);
}

static err read_manifest(struct import *x, json_t *m) {
	json_t *tables = json_object_get(m, "tables"), *columns;
	const char *name;
	if (!str_eq(text_of(m, "format"), S("freehold")))
		return err_public(ERR_INVALID, "it is no archive of a Freehold network");
	if (json_integer_value(json_object_get(m, "version")) != ARCHIVE_VERSION)
		return err_public(ERR_INVALID, "its version is not known here: use a newer freehold");
	if (json_is_string(json_object_get(m, "account")))
		return err_public(ERR_INVALID, "it is the archive of one account, not of a network");
	TRY(read_sealing(x, json_object_get(m, "secrets")));
	x->tables = arena_many(x->a, struct image_table, json_object_size(tables) + 1);
	x->rows = arena_many(x->a, int64_t, json_object_size(tables) + 1);
	json_object_foreach(tables, name, columns) TRY(read_table(x, name, columns, &x->tables[x->table_n++]));
	return x->table_n ? NULL : err_public(ERR_INVALID, "it has no tables");
}

static err manifest(struct import *x, const struct unpack_entry *e) {
	json_error_t why;
	if (!str_eq(e->name, S("freehold.json")))
		return err_public(ERR_INVALID, "The file is no archive of a Freehold network: freehold.json does not stand first");
	TRY(slurp(x, e, MANIFEST_MAX));
	x->stage = AT_MEDIA;
	if (x->bulk)
		return NULL;
	json_t *m = json_loadb(x->entry.p, x->entry.n, JSON_REJECT_DUPLICATES, &why);
	err failed = m ? read_manifest(x, m) : wrong(e->name, 0, why.text);
	json_decref(m);
	return failed;
}

/* ── media ── */

static int by_from(const void *a, const void *b) {
	return memcmp(((const struct renamed *)a)->from.b, ((const struct renamed *)b)->from.b, BLOB_NAME);
}

static err keep_small(struct import *x, const struct unpack_entry *e, struct blob_name *to) {
	TRY(slurp(x, e, SMALL));
	blob_name_of(x->secret, buf_str(&x->entry), to);
	return blob_put(x->c.site->blobs, to, buf_str(&x->entry));
}

static err spool(struct import *x, int fd, int64_t size, struct blob_name *to) {
	int64_t length;
	buf_clear(&x->entry);
	buf_reserve(&x->entry, PIECE);
	for (size_t got = 1; got;) {
		TRY(unpack_read(x->u, x->entry.p, PIECE, &got));
		for (size_t done = 0; done < got;) {
			ssize_t w = write(fd, x->entry.p + done, got - done);
			if (w < 0 && errno != EINTR)
				return err_private(ERR_UNAVAILABLE, "a medium cannot be put aside: %m");
			done += w > 0 ? (size_t)w : 0;
		}
	}
	TRY(blob_name_of_file(x->secret, fd, to, &length));
	return blob_put_file(x->c.site->blobs, to, fd, size);
}

static err keep_large(struct import *x, const struct unpack_entry *e, struct blob_name *to) {
	int fd = open(arena_str(x->c.arena, x->c.site->data_dir).p, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_private(ERR_UNAVAILABLE, "a medium cannot be put aside: %m");
	err failed = spool(x, fd, e->size, to);
	close(fd);
	return failed;
}

static err medium(struct import *x, const struct unpack_entry *e) {
	struct renamed r;
	if (x->stage != AT_MEDIA || !blob_name_read_hex(str_skip(e->name, 6), &r.from))
		return wrong(e->name, 0, "it does not belong here");
	x->n->media++;
	x->n->media_bytes += e->size;
	tell(x, x->bulk ? "media" : "looking");
	if (!x->bulk)
		return NULL;
	TRY(e->size <= SMALL ? keep_small(x, e, &r.to) : keep_large(x, e, &r.to));
	vec_push(NULL, &x->names, r);
	return NULL;
}

/* What the archive does not have keeps its name: a look at the media will miss it. */
static void rename_blobs(struct import *x, const struct image_table *t, struct row_value *v) {
	for (size_t i = 0; i < t->n; i++) {
		struct renamed r;
		if (v[i].kind != ROW_TEXT || !archive_is_blob(t->name, t->columns[i].name) || !blob_name_read_hex(v[i].text, &r.from))
			continue;
		const struct renamed *found = x->names.n ? bsearch(&r, x->names.v, x->names.n, sizeof r, by_from) : NULL;
		if (!found)
			continue;
		BUF_AUTO hex = {0};
		buf_hex(&hex, blob_name_str(&found->to));
		v[i].text = arena_str(x->c.arena, buf_str(&hex));
	}
}

/* ── rows ── */

/* What names are made with has to be known before the media come; it is in the rows behind them. */
static err note_secret(struct import *x, const struct image_table *t, const struct row_value *v) {
	if (!str_eq(t->name, S("site")) || t->n != 2 || !str_eq(v[0].text, S("secret")))
		return NULL;
	x->has_secret = true;
	return read_hex(v[1].text, (unsigned char *)x->secret, sizeof x->secret) ? NULL
	                                                                         : err_public(ERR_INVALID, "the site's secret is none");
}

static err line_in(struct import *x, size_t table, struct str line) {
	const struct image_table *t = &x->tables[table];
	struct row_value *v = arena_many(x->c.arena, struct row_value, t->n);
	TRY(archive_line_read(x->c.arena, t, line, v));
	x->rows[table]++;
	x->n->rows++;
	if (!x->bulk)
		return note_secret(x, t, v);
	rename_blobs(x, t, v);
	BUF_AUTO row = {0};
	row_write(&row, v, t->n);
	return bulk_image(x->bulk, t, buf_str(&row));
}

static err lines_in(struct import *x, struct str entry, size_t table, struct str text) {
	for (int64_t n = 1; text.n; n++) {
		struct str line = str_cut(&text, '\n');
		err e = line_in(x, table, line);
		if (e && e->code == ERR_INVALID) {
			struct err why = *e;
			return wrong(entry, n, why.text);
		}
		TRY(e);
		arena_reset(x->c.arena);
	}
	return NULL;
}

/* "tables/NAME/000001.ndjson" */
static bool part_name(struct import *x, struct str name, size_t *table, bool *shut) {
	struct str rest = str_skip(name, 7), of = str_cut(&rest, '/');
	struct str number = str_cut(&rest, '.');
	int64_t unused;
	*shut = str_eq(rest, S("sealed"));
	if ((!*shut && !str_eq(rest, S("ndjson"))) || !str_i64(number, &unused))
		return false;
	for (*table = 0; *table < x->table_n; ++*table)
		if (str_eq(of, x->tables[*table].name))
			return true;
	return false;
}

static err part(struct import *x, const struct unpack_entry *e) {
	size_t table;
	bool shut;
	if (x->stage == AT_MEDIA && x->names.n)
		qsort(x->names.v, x->names.n, sizeof *x->names.v, by_from);
	x->stage = AT_TABLES;
	if (!part_name(x, e->name, &table, &shut) || (shut && !x->sealed))
		return wrong(e->name, 0, "it does not belong here");
	struct str name = arena_str(x->c.arena, e->name);
	TRY(slurp(x, e, PART_MAX));
	buf_clear(&x->plain);
	if (shut && !archive_unseal(&x->plain, &x->key, name, buf_str(&x->entry)))
		return wrong(name, 0, "it cannot be opened: the passphrase is another one, or it is damaged");
	BUF_AUTO kept = {0};
	buf_put(&kept, name);
	err failed = lines_in(x, buf_str(&kept), table, buf_str(shut ? &x->plain : &x->entry));
	tell(x, x->bulk ? "rows" : "looking");
	return failed;
}

/* ── the end ── */

static err check_end(struct import *x, json_t *end, const unsigned char digest[32]) {
	unsigned char said[32];
	json_t *rows = json_object_get(end, "rows");
	if (!read_hex(text_of(end, "sha256"), said, sizeof said) || memcmp(said, digest, sizeof said) != 0)
		return err_public(ERR_INVALID, "end.json: the archive was changed or damaged: its checksum is another one");
	for (size_t i = 0; i < x->table_n; i++) {
		struct str name = x->tables[i].name;
		if (json_integer_value(json_object_getn(rows, name.p, name.n)) != x->rows[i])
			return err_public(ERR_INVALID, "end.json: it has another number of rows of %.*s", S_ARG(name));
	}
	if (json_integer_value(json_object_get(end, "media")) != x->n->media)
		return err_public(ERR_INVALID, "end.json: it has another number of media");
	x->n->media_missing = json_integer_value(json_object_get(end, "media_missing"));
	return NULL;
}

static err end(struct import *x, const struct unpack_entry *e) {
	unsigned char digest[32];
	json_error_t why;
	x->stage = AT_END;
	unpack_digest(x->u, digest);
	TRY(slurp(x, e, MANIFEST_MAX));
	json_t *o = json_loadb(x->entry.p, x->entry.n, JSON_REJECT_DUPLICATES, &why);
	err failed = o ? check_end(x, o, digest) : wrong(e->name, 0, why.text);
	json_decref(o);
	return failed;
}

/* ── both readings ── */

static err entry(struct import *x, const struct unpack_entry *e) {
	if (x->stage == AT_MANIFEST)
		return manifest(x, e);
	if (x->stage != AT_END && str_starts(e->name, S("media/")))
		return medium(x, e);
	if (x->stage != AT_END && str_starts(e->name, S("tables/")))
		return part(x, e);
	if (x->stage != AT_END && str_eq(e->name, S("end.json")))
		return end(x, e);
	return wrong(e->name, 0, "it does not belong here");
}

static err read_through(struct import *x, int fd) {
	struct unpack_entry e;
	bool more;
	x->stage = AT_MANIFEST;
	*x->n = (struct archive_counts){0};
	for (size_t i = 0; i < x->table_n; i++)
		x->rows[i] = 0;
	TRY(unpack_open(&x->u, fd, INT64_MAX));
	err failed = NULL;
	do {
		failed = unpack_next(x->u, &e, &more);
		if (!failed && more)
			failed = entry(x, &e);
		arena_reset(x->c.arena);
	} while (!failed && more);
	if (!failed && x->stage != AT_END)
		failed = err_public(ERR_INVALID, "The archive ends too early: end.json is missing");
	struct err kept = failed ? *failed : (struct err){0};
	unpack_close(&x->u);
	return failed ? err_copy(&kept) : NULL;
}

/* ── into the empty network ── */

struct secret_change {
	struct str hex; /* empty: forgotten */
};
static err change_secret(struct tx *tx, void *arg) {
	struct secret_change *s = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	return store_site_set(tx_db(tx), S("secret"), s->hex);
}

static err load_rows(struct import *x, int fd) {
	TRY(bulk_begin(&x->bulk, x->c.site->store));
	err e = read_through(x, fd);
	if (!e)
		return bulk_end(&x->bulk, NULL);
	struct err kept = *e;
	bulk_drop(&x->bulk);
	return err_copy(&kept);
}

/* The secret that was made when this network was opened gives way to the archive's, if that has one. */
static err load(struct import *x, int fd) {
	BUF_AUTO hex = {0};
	buf_hex(&hex, str_mem(x->c.site->secret, sizeof x->c.site->secret));
	memcpy(x->c.site->secret, x->secret, sizeof x->secret);
	TRY(media_store_start(x->c.site));
	if (x->has_secret)
		TRY(tx_run(x->c.db, change_secret, &(struct secret_change){STR_NONE}));
	err e = load_rows(x, fd);
	if (!e)
		return NULL;
	struct err kept = *e;
	if (x->has_secret)
		TRY(tx_run(x->c.db, change_secret, &(struct secret_change){buf_str(&hex)}));
	return err_copy(&kept);
}

static err need_empty(struct import *x) {
	int64_t newest;
	TRY(store_newest_id(x->c.db, &newest));
	return newest ? err_public(ERR_CONFLICT, "there is a network in this data folder already: import into an empty one") : NULL;
}

static err run(struct import *x, int fd) {
	TRY(need_empty(x));
	TRY(image_tables(x->c.db, x->a, &x->here, &x->here_n));
	TRY(read_through(x, fd));
	db_rest(x->c.db);
	return load(x, fd);
}

err archive_import(struct ctx *c, const struct archive_order *o, struct archive_counts *counts) {
	struct import x = {.c = *c, .o = o, .n = counts, .a = c->arena};
	*counts = (struct archive_counts){0};
	int fd = open(arena_str(c->arena, o->file).p, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_public(ERR_NOT_FOUND, "%.*s cannot be read: %s", S_ARG(o->file), strerror(errno));
	x.c.arena = arena_new();
	memcpy(x.secret, c->site->secret, sizeof x.secret);
	err e = run(&x, fd);
	struct err kept = e ? *e : (struct err){0};
	close(fd);
	media_store_stop(c->site);
	sodium_memzero(&x.key, sizeof x.key);
	buf_free(&x.entry);
	buf_free(&x.plain);
	vec_free(&x.names);
	arena_free(&x.c.arena);
	return e ? err_copy(&kept) : NULL;
}
