#include "move/restore.h"

#include "base/clock.h"
#include "base/must.h"
#include "base/vec.h"
#include "move/backup.h"
#include "move/restore_inside.h"
#include "store/bulk.h"
#include "store/image.h"
#include "store/local_state.h"
#include "store/site.h"
#include "wire/row.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROWS_AT_ONCE = 2000, STRETCH_BYTES = 32 * 1024 * 1024 };
const struct str restore_log_key = {"restore.log", 11};
static const struct str from_key = {"restore.from", 12}, place_key = {"restore.place", 13};

static void told(struct restore *r) {
	r->told = clock_mono_ms();
	if (r->tell)
		r->tell(r->ctx, &r->counts);
}

err restore_step(struct restore *r) {
	if (clock_mono_ms() - r->told >= BACKUP_TELL_MS)
		told(r);
	return r->stop && *r->stop ? err_public(ERR_UNAVAILABLE, "it was stopped before it was done") : NULL;
}

/* ── which ── */

err restore_choose(struct arena *a, struct restore *r, int64_t at) {
	TRY(backup_newest(a, r->vault, &r->m, &r->hash));
	r->at = at;
	if (at && r->m.at > at) {
		size_t i = r->m.kept_count;
		while (i && r->m.kept[i - 1].at > at)
			i--;
		if (!i)
			return err_public(ERR_NOT_FOUND, "there is no backup from before that time");
		TRY(vault_manifest(a, r->vault, r->m.kept[i - 1].number, &r->m, &r->hash));
	}
	for (size_t i = 0; i < r->m.table_count; i++)
		r->counts.rows_all += r->m.tables[i].rows;
	r->counts.blobs_all = r->m.blobs;
	r->upto = r->m.at;
	return NULL;
}

/* ── rows ── */

struct loader {
	struct restore *r;
	struct arena *a, *page; /* of the load; for one list and its chunks */
	struct bulk *bulk;
	struct image_table *tables; /* as the backup has them, in its order */
	int64_t table, chunk;       /* the place: chunks of this table that are in */
	size_t waiting;             /* bytes since the last stretch */
};

static err set_local(struct tx *tx, void *arg) {
	const struct str *pair = arg;
	return store_local_set(tx_db(tx), pair[0], pair[1]);
}

static err local(struct db *db, struct str key, struct str value) { return tx_run(db, set_local, (struct str[]){key, value}); }

static struct str hex_of(struct arena *a, const struct blob_name *n) {
	BUF_AUTO b = {0};
	buf_hex(&b, blob_name_str(n));
	return arena_str(a, buf_str(&b));
}

static err need_empty(struct db *db, struct arena *a, const struct image_table *tables, size_t n) {
	for (size_t i = 0; i < n; i++) {
		struct image *rows;
		size_t count;
		TRY(image_rows(db, a, &tables[i], STR_NONE, STR_NONE, 1, &rows, &count));
		if (count)
			return err_public(ERR_CONFLICT, "the database is not empty: its table %.*s has rows. Restore into an empty one",
			                  S_ARG(tables[i].name));
	}
	return NULL;
}

/* An empty database becomes this backup's; one that is so already goes on. */
static err claim(struct loader *l, struct db *db, const struct image_table *tables, size_t n) {
	struct str from, mine = hex_of(l->a, &l->r->hash), place;
	TRY(store_local_get(l->a, db, from_key, &from));
	if (!from.n) {
		TRY(need_empty(db, l->a, tables, n));
		return local(db, from_key, mine);
	}
	if (!str_eq(from, mine))
		return err_public(ERR_CONFLICT, "the database has part of another backup: restore into an empty one");
	TRY(store_local_get(l->a, db, place_key, &place));
	struct str table = str_cut(&place, ' ');
	if (table.n && (!str_i64(table, &l->table) || !str_i64(place, &l->chunk)))
		return err_private(ERR_INTERNAL, "restore: its place is none");
	return NULL;
}

err restore_shape(struct restore *r, struct db *db, struct arena *a, struct image_table **out) {
	const struct backup_manifest *m = &r->m;
	struct image_table *here;
	size_t n;
	TRY(image_tables(db, a, &here, &n));
	*out = arena_many(a, struct image_table, m->table_count + 1);
	for (size_t i = 0; i < m->table_count; i++) {
		const struct backup_table *t = &m->tables[i];
		const struct image_table *same = image_table_named(here, n, t->name);
		if (!same)
			return err_public(ERR_INVALID, "the backup has a table %.*s that is not known here: use a newer freehold",
			                  S_ARG(t->name));
		TRY(image_table_like(db, a, same, t->columns, t->column_count, &(*out)[i]));
	}
	return NULL;
}

static err stretch(struct loader *l) {
	char place[48];
	int n = snprintf(place, sizeof place, "%lld %lld", (long long)l->table, (long long)l->chunk);
	l->waiting = 0;
	return bulk_stretch(l->bulk, place_key, str_mem(place, (size_t)n));
}

static err load_chunk(struct loader *l, const struct image_table *t, const struct blob_name *name) {
	struct str what = arena_printf(l->page, "rows of the table %.*s", S_ARG(t->name)), rows;
	TRY(vault_get(l->page, l->r->vault, name, what.p, &rows));
	l->waiting += rows.n;
	while (rows.n) {
		TRY(bulk_image(l->bulk, t, str_cut(&rows, '\n')));
		l->r->counts.rows++;
	}
	return restore_step(l->r);
}

static err load_list(struct loader *l, const struct image_table *t, struct str list, int64_t *at) {
	struct arena *chunk = arena_new(), *page = l->page;
	err e = NULL;
	l->page = chunk;
	for (struct blob_name name; list.n >= BLOB_NAME && !e; list = str_skip(list, BLOB_NAME), ++*at) {
		memcpy(name.b, list.p, BLOB_NAME);
		if (*at < l->chunk)
			continue;
		e = load_chunk(l, t, &name);
		l->chunk = *at + 1;
		if (!e && l->waiting >= STRETCH_BYTES)
			e = stretch(l);
		arena_reset(chunk);
	}
	arena_free(&chunk);
	l->page = page;
	return e;
}

static err load_table(struct loader *l, size_t i) {
	const struct backup_table *t = &l->r->m.tables[i];
	struct str what = arena_printf(l->a, "a list of the table %.*s", S_ARG(t->name)), list;
	int64_t at = 0;
	for (size_t k = 0; k < t->list_count; k++) {
		TRY(vault_get(l->page, l->r->vault, &t->lists[k], what.p, &list));
		TRY(load_list(l, &l->tables[i], list, &at));
		arena_reset(l->page);
	}
	return NULL;
}

static err load_all(struct loader *l) {
	size_t n = l->r->m.table_count;
	for (; l->table < (int64_t)n; l->table++, l->chunk = 0)
		TRY(load_table(l, (size_t)l->table));
	return stretch(l);
}

static err load(struct loader *l, struct store *store) {
	if (l->table > (int64_t)l->r->m.table_count)
		return NULL; /* they were all in */
	TRY(bulk_begin_stretches(&l->bulk, store));
	err e = load_all(l);
	if (!e)
		return bulk_end(&l->bulk, NULL);
	struct err kept = *e;
	bulk_drop(&l->bulk);
	return err_copy(&kept);
}

static err prepare(struct loader *l, struct db *db) {
	struct image_table *here;
	size_t n;
	TRY(image_tables(db, l->a, &here, &n));
	TRY(restore_shape(l->r, db, l->a, &l->tables));
	return claim(l, db, here, n);
}

static err rows_in(struct loader *l, struct store *store, struct db *db) {
	err e = prepare(l, db);
	db_rest(db);
	TRY(e);
	TRY(load(l, store));
	BUF_AUTO done = {0};
	buf_printf(&done, "%zu 0", l->r->m.table_count + 1);
	return local(db, place_key, buf_str(&done));
}

err restore_rows(struct restore *r, struct store *store) {
	struct loader l = {.r = r, .a = arena_new(), .page = arena_new()};
	struct db *db = NULL;
	err e = db_open(&db, store);
	if (!e)
		e = rows_in(&l, store, db);
	struct err kept = e ? *e : (struct err){0};
	db_close(&db);
	arena_free(&l.a);
	arena_free(&l.page);
	told(r);
	return e ? err_copy(&kept) : NULL;
}

/* ── looking at the rows ── */

static err sum_table(struct restore *r, struct db *db, struct arena *a, const struct image_table *t, int64_t *count,
                     unsigned char sum[BACKUP_SUM]) {
	BUF_AUTO after = {0}, shortest = {0};
	struct image *rows;
	size_t n;
	do {
		TRY(image_rows(db, a, t, buf_str(&after), STR_NONE, ROWS_AT_ONCE, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			struct row_value *v = arena_many(a, struct row_value, t->n);
			size_t values, at;
			must(row_parse(a, rows[i].row, v, t->n, &values, &at));
			buf_clear(&shortest);
			row_write(&shortest, v, values);
			backup_sum_add(vault_keys(r->vault), sum, buf_str(&shortest));
		}
		*count += (int64_t)n;
		buf_clear(&after);
		if (n)
			buf_put(&after, rows[n - 1].key);
		arena_reset(a);
	} while (n == ROWS_AT_ONCE);
	return NULL;
}

static err check_table(struct restore *r, struct db *db, struct arena *a, const struct image_table *t, const struct backup_table *is) {
	unsigned char sum[BACKUP_SUM] = {0};
	int64_t count = 0;
	TRY(sum_table(r, db, a, t, &count, sum));
	if (count != is->rows)
		return err_public(ERR_STORE, "the table %.*s has %lld rows and should have %lld", S_ARG(is->name), (long long)count,
		                  (long long)is->rows);
	return memcmp(sum, is->sum, sizeof sum) == 0
	           ? NULL
	           : err_public(ERR_STORE, "the table %.*s has other rows than the backup was made of", S_ARG(is->name));
}

static err check_all(struct restore *r, struct db *db, struct arena *a, struct arena *page) {
	struct image_table *tables;
	struct str log;
	TRY(store_local_get(a, db, restore_log_key, &log));
	if (log.n)
		return NULL; /* rows of the log are in: it was looked at before them */
	TRY(restore_shape(r, db, a, &tables));
	for (size_t i = 0; i < r->m.table_count; i++)
		TRY(check_table(r, db, page, &tables[i], &r->m.tables[i]));
	return NULL;
}

err restore_check_rows(struct restore *r, struct db *db) {
	struct arena *a = arena_new(), *page = arena_new();
	err e = check_all(r, db, a, page);
	db_rest(db);
	arena_free(&a);
	arena_free(&page);
	return e;
}

err restore_secret(struct db *db, char secret[32]) {
	struct arena *a = arena_new();
	struct str text;
	size_t n = 0;
	err e = store_site_get(a, db, S("secret"), &text);
	if (!e && (sodium_hex2bin((unsigned char *)secret, 32, text.p, text.n, NULL, &n, NULL) != 0 || n != 32))
		e = err_public(ERR_STORE, "the backup has no network: its database lacks the network's secret");
	db_rest(db);
	arena_free(&a);
	return e;
}

/* ── blobs ── */

static err wrong_blob(const struct backup_blob *blob) {
	BUF_AUTO hex = {0};
	buf_hex(&hex, blob_name_str(&blob->name));
	return err_public(ERR_STORE, "the backup is damaged: the blob %.*s has other bytes than its name says", S_ARG(buf_str(&hex)));
}

static struct blob_name chunk_name(const struct backup_blob *blob, uint32_t i) {
	struct blob_name n;
	memcpy(n.b, blob->chunks + (size_t)i * BLOB_NAME, BLOB_NAME);
	return n;
}

static err small(struct blob_reader *b, const struct backup_blob *blob) {
	struct str bytes = STR_NONE;
	struct blob_name name = {0}, is;
	if (blob->n) {
		name = chunk_name(blob, 0);
		TRY(vault_get(b->a, b->r->vault, &name, "a blob", &bytes));
	}
	blob_name_of(b->secret, bytes, &is);
	if ((int64_t)bytes.n != blob->size || memcmp(is.b, blob->name.b, BLOB_NAME) != 0)
		return wrong_blob(blob);
	struct blob_content c = {.bytes = bytes.p ? bytes : S(""), .fd = -1, .size = blob->size, .loose = true};
	return b->to ? blob_put_content(b->to, &blob->name, &c) : NULL;
}

static err write_all(int fd, struct str s) {
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_public(ERR_UNAVAILABLE, "a blob cannot be written: %s", strerror(errno));
		s = str_skip(s, (size_t)n);
	}
	return NULL;
}

static err gather(struct blob_reader *b, const struct backup_blob *blob, int fd) {
	struct blob_name is;
	int64_t size;
	for (uint32_t i = 0; i < blob->n; i++) {
		struct blob_name name = chunk_name(blob, i);
		struct str bytes;
		TRY(vault_get(b->a, b->r->vault, &name, "part of a blob", &bytes));
		TRY(write_all(fd, bytes));
		arena_reset(b->a);
		TRY(restore_step(b->r));
	}
	TRY(blob_name_of_file(b->secret, fd, &is, &size));
	if (size != blob->size || memcmp(is.b, blob->name.b, BLOB_NAME) != 0)
		return wrong_blob(blob);
	struct blob_content c = {.fd = fd, .size = size, .loose = true};
	return b->to ? blob_put_content(b->to, &blob->name, &c) : NULL;
}

static err large(struct blob_reader *b, const struct backup_blob *blob) {
	int fd = open(arena_str(b->a, b->dir).p, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_public(ERR_UNAVAILABLE, "no file can be made in %.*s: %s", S_ARG(b->dir), strerror(errno));
	err e = gather(b, blob, fd);
	close(fd);
	return e;
}

err restore_blob(struct blob_reader *b, const struct backup_blob *blob) {
	bool there = false;
	int64_t size = 0;
	if (b->to)
		TRY(blob_look(b->to, &blob->name, &there, &size));
	if (!there || size != blob->size)
		TRY(blob->n <= 1 ? small(b, blob) : large(b, blob));
	arena_reset(b->a);
	b->r->counts.blobs++;
	b->r->counts.bytes += blob->size;
	return restore_step(b->r);
}

static err take_list(struct blob_reader *b, struct str list) {
	struct backup_blob blob;
	bool bad;
	while (backup_blob_next(&list, &blob, &bad))
		TRY(restore_blob(b, &blob));
	return bad ? err_public(ERR_STORE, "the backup is damaged: a list of blobs is none") : NULL;
}

err restore_blobs(struct restore *r, const char secret[32], struct blobs *to, struct str dir) {
	struct arena *a = arena_new();
	struct blob_reader b = {r, arena_new(), secret, to, dir};
	err e = NULL;
	for (size_t i = 0; i < r->m.blob_list_count && !e; i++) {
		struct str list;
		e = vault_get(a, r->vault, &r->m.blob_lists[i], "a list of blobs", &list);
		if (!e)
			e = take_list(&b, list);
		arena_reset(a);
	}
	if (!e && r->counts.blobs != r->m.blobs)
		e = err_public(ERR_STORE, "the backup has %lld blobs and should have %lld", (long long)r->counts.blobs,
		               (long long)r->m.blobs);
	if (!e)
		e = restore_log_blobs(&b);
	if (!e && to)
		e = blob_settle(to);
	arena_free(&b.a);
	arena_free(&a);
	told(r);
	return e;
}

/* ── the end ── */

static err forget(struct tx *tx, void *arg) {
	struct db *db = tx_db(tx);
	const struct str *moved = arg;
	TRY(store_local_set(db, from_key, STR_NONE));
	TRY(store_local_set(db, place_key, STR_NONE));
	TRY(store_local_set(db, restore_log_key, STR_NONE));
	if (!moved->n)
		return NULL;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	return store_site_set(db, S("media.moved"), STR_NONE);
}

/* The blobs now are where the settings say, wherever they were moved to before. */
err restore_end(struct db *db) {
	struct arena *a = arena_new();
	struct str moved;
	err e = store_site_get(a, db, S("media.moved"), &moved);
	if (!e)
		e = tx_run(db, forget, &moved);
	arena_free(&a);
	return e;
}

/* ── trying it out ── */

static err try_in(struct restore *r, struct str dir) {
	struct store *store;
	struct db *db = NULL;
	char secret[32];
	TRY(store_open(&store, S("sqlite:verify.db"), dir));
	err e = restore_rows(r, store);
	if (!e)
		e = db_open(&db, store);
	if (!e)
		e = restore_check_rows(r, db);
	if (!e)
		e = restore_log(r, store);
	if (!e)
		e = restore_secret(db, secret);
	if (!e)
		e = restore_blobs(r, secret, NULL, dir);
	struct err kept = e ? *e : (struct err){0};
	db_close(&db);
	store_close(&store);
	return e ? err_copy(&kept) : NULL;
}

static void remove_folder(struct arena *a, const char *dir) {
	DIR *d = opendir(dir);
	for (const struct dirent *entry; d && (entry = readdir(d));)
		unlink(arena_printf(a, "%s/%s", dir, entry->d_name).p);
	if (d)
		closedir(d);
	rmdir(dir);
}

err restore_try(struct arena *a, struct restore *r, struct str under) {
	char *dir = strdup(arena_printf(a, "%.*s/freehold-verify-XXXXXX", S_ARG(under)).p);
	must(dir);
	if (!mkdtemp(dir)) {
		free(dir);
		return err_public(ERR_UNAVAILABLE, "no folder can be made in %.*s: %s", S_ARG(under), strerror(errno));
	}
	err e = try_in(r, str_of(dir));
	remove_folder(a, dir);
	free(dir);
	return e;
}
