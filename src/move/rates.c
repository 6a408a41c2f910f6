#include "move/rates.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "base/vec.h"
#include "blob/files.h"
#include "store/bulk.h"
#include "store/image.h"

#include <stdlib.h>
#include <zstd.h>

enum { PAGE = 2000, SMALL = 20000, SMALL_COUNT = 256, LARGE = 8 << 20, LARGE_COUNT = 4 };
static const int64_t READ_NS = 1000000000;
static const int64_t ROWS_MOST = 400000;

struct sample {
	const struct image_table *table;
	struct image *rows;
	size_t n;
};

struct samples {
	struct arena *a;
	VEC(struct sample) pages;
	int64_t rows, bytes, packed, ns;
};

static double rate(double n, int64_t ns) { return n * 1e9 / (double)(ns > 0 ? ns : 1); }

static err pack(struct samples *s, const struct image *rows, size_t n) {
	BUF_AUTO text = {0};
	for (size_t i = 0; i < n; i++)
		buf_put(&text, rows[i].row);
	size_t room = ZSTD_compressBound(text.n);
	char *packed = xmalloc(room);
	size_t size = ZSTD_compress(packed, room, text.p, text.n, 3);
	free(packed);
	if (ZSTD_isError(size))
		return err_private(ERR_STORE, "zstd: %s", ZSTD_getErrorName(size));
	s->bytes += (int64_t)text.n;
	s->packed += (int64_t)size;
	return NULL;
}

/* A page of each table in turn, so that all kinds of rows are among them. False: there are no more. */
static err read_round(struct samples *s, struct db *db, const struct image_table *tables, size_t n, struct str *places, bool *more) {
	*more = false;
	for (size_t i = 0; i < n; i++) {
		struct sample page = {.table = &tables[i]};
		if (!places[i].p)
			continue;
		TRY(image_rows(db, s->a, &tables[i], places[i], STR_NONE, PAGE, &page.rows, &page.n));
		places[i] = page.n == PAGE ? page.rows[page.n - 1].key : STR_NONE;
		*more = *more || page.n == PAGE;
		if (!page.n)
			continue;
		TRY(pack(s, page.rows, page.n));
		s->rows += (int64_t)page.n;
		vec_push(s->a, &s->pages, page);
	}
	return NULL;
}

static err read_rows(struct samples *s, struct db *db, struct arena *a) {
	struct image_table *tables;
	size_t n;
	TRY(image_tables(db, a, &tables, &n));
	struct str *places = arena_many(a, struct str, n);
	for (size_t i = 0; i < n; i++)
		places[i] = S("");
	int64_t began = clock_mono_ns();
	bool more = true;
	while (more && s->rows < ROWS_MOST && clock_mono_ns() - began < READ_NS)
		TRY(read_round(s, db, tables, n, places, &more));
	s->ns = clock_mono_ns() - began;
	return NULL;
}

static err load_rows(const struct samples *s, struct store *scratch, struct arena *a, int64_t *ns) {
	struct bulk *b;
	struct db *db;
	struct image_table *tables;
	size_t n;
	TRY(db_open(&db, scratch));
	err e = image_tables(db, a, &tables, &n);
	db_close(&db);
	TRY(e);
	int64_t began = clock_mono_ns(), rows;
	TRY(bulk_begin(&b, scratch));
	for (size_t i = 0; i < s->pages.n && !e; i++) {
		const struct image_table *t = image_table_named(tables, n, s->pages.v[i].table->name);
		for (size_t k = 0; k < s->pages.v[i].n && !e; k++)
			e = bulk_image(b, t, s->pages.v[i].rows[k].row);
	}
	if (e)
		bulk_drop(&b);
	else
		e = bulk_end(&b, &rows);
	*ns = clock_mono_ns() - began;
	return e;
}

static err drop(void *ctx, struct str bytes) {
	*(int64_t *)ctx += (int64_t)bytes.n;
	return NULL;
}

/* Objects of one size: what it takes to read each, to take its checksum and to write it elsewhere. */
static err move_objects(struct blobs *from, struct blobs *to, const char secret[32], size_t size, int count, int64_t *ns) {
	char *bytes = xmalloc(size);
	struct blob_name *names = xcalloc((size_t)count, sizeof *names), name;
	err e = NULL;
	random_bytes(bytes, size);
	for (int i = 0; i < count && !e; i++) {
		memcpy(bytes, &i, sizeof i);
		blob_name_of(secret, str_mem(bytes, size), &names[i]);
		e = blob_put_content(from, &names[i],
		                     &(struct blob_content){.bytes = str_mem(bytes, size), .fd = -1, .size = (int64_t)size, .loose = true});
	}
	int64_t began = clock_mono_ns(), seen = 0;
	for (int i = 0; i < count && !e; i++) {
		e = blob_read(from, &names[i], 0, -1, drop, &seen);
		blob_name_of(secret, str_mem(bytes, size), &name);
		if (!e)
			e = blob_put_content(
			    to, &names[i],
			    &(struct blob_content){.bytes = str_mem(bytes, size), .fd = -1, .size = (int64_t)size, .loose = true});
	}
	if (!e)
		e = blob_settle(to);
	*ns = clock_mono_ns() - began;
	free(names);
	free(bytes);
	return e;
}

static err measure_objects(struct arena *a, struct str folder, struct rates_measured *out) {
	char secret[32];
	struct blobs *from, *to;
	int64_t small_ns, large_ns;
	random_bytes(secret, sizeof secret);
	TRY(blob_files_open(&from, arena_printf(a, "%.*s/from", S_ARG(folder)), NULL));
	err e = blob_files_open(&to, arena_printf(a, "%.*s/to", S_ARG(folder)), NULL);
	if (!e)
		e = move_objects(from, to, secret, LARGE, LARGE_COUNT, &large_ns);
	if (!e)
		e = move_objects(from, to, secret, SMALL, SMALL_COUNT, &small_ns);
	blob_close(&from);
	blob_close(&to);
	TRY(e);
	out->bytes = rate((double)LARGE * LARGE_COUNT, large_ns);
	/* What is left of a small one's time without its bytes. */
	double each = (double)small_ns / SMALL_COUNT - SMALL / out->bytes * 1e9, least = 20000;
	out->objects = 1e9 / (each > least ? each : least);
	return NULL;
}

err rates_measure(struct arena *a, struct db *db, struct store *scratch, struct str folder, struct rates_measured *out) {
	struct samples s = {.a = arena_new()};
	int64_t load_ns = 0;
	*out = (struct rates_measured){0};
	err e = read_rows(&s, db, s.a);
	if (!e)
		e = load_rows(&s, scratch, s.a, &load_ns);
	if (!e) {
		out->rows = s.rows;
		out->rows_read = rate((double)s.rows, s.ns);
		out->rows_loaded = rate((double)s.rows, load_ns);
		out->row_bytes = (double)s.packed / (double)(s.rows ? s.rows : 1);
	}
	arena_free(&s.a);
	TRY(e);
	return measure_objects(a, folder, out);
}

struct plan_rates rates_of(const struct rates_measured *m) {
	double rows = m->rows_read < m->rows_loaded ? m->rows_read : m->rows_loaded;
	return (struct plan_rates){.rows = rows, .row_bytes = m->row_bytes, .objects = m->objects, .bytes = m->bytes};
}
