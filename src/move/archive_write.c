#include "move/archive_write.h"

#include "base/clock.h"
#include "base/log.h"
#include "blob/blob.h"
#include "core/site.h"

#include <sodium.h>
#include <stdio.h>

enum { PART = 4 << 20 }; /* bytes after which a part ends */

err archive_writer_open(struct archive_writer *w, struct arena *a) {
	TRY(image_tables(w->c.db, a, &w->tables, &w->table_n));
	w->rows = arena_many(a, int64_t, w->table_n);
	w->leaves = arena_many(a, bool, w->table_n);
	return NULL;
}

void archive_writer_close(struct archive_writer *w) {
	tarball_drop(&w->t);
	sodium_memzero(&w->key, sizeof w->key);
	buf_free(&w->part);
}

static err put_entry(struct archive_writer *w, struct str name, struct str bytes) {
	TRY(tarball_entry(w->t, name, (int64_t)bytes.n));
	return tarball_write(w->t, bytes);
}

/* ── the manifest ── */

static void put_hex(struct buf *b, const void *p, size_t n) {
	buf_byte(b, '"');
	buf_hex(b, str_mem(p, n));
	buf_byte(b, '"');
}

static void put_sealing(struct archive_writer *w, struct buf *b) {
	if (!w->sealed) {
		buf_lit(b, "null");
		return;
	}
	buf_lit(b, "{\"kdf\":\"argon2id13\",\"salt\":");
	put_hex(b, w->key.salt, sizeof w->key.salt);
	buf_printf(b, ",\"operations\":%lld,\"memory\":%lld,\"cipher\":\"xchacha20poly1305-ietf\"}", (long long)w->key.operations,
	           (long long)w->key.memory);
}

err archive_put_manifest(struct archive_writer *w, int64_t account) {
	BUF_AUTO b = {0};
	bool first = true;
	buf_printf(&b, "{\"format\":\"freehold\",\"version\":%d,\"program\":\"" FREEHOLD_VERSION "\",\"domain\":", ARCHIVE_VERSION);
	buf_json_string(&b, w->c.site->domain);
	if (account)
		buf_printf(&b, ",\"account\":\"%lld\"", (long long)account);
	buf_lit(&b, ",\"made_at\":\"");
	buf_iso8601(&b, clock_ms());
	buf_lit(&b, "\",\"secrets\":");
	put_sealing(w, &b);
	buf_lit(&b, ",\"tables\":{");
	for (size_t i = 0; i < w->table_n; i++) {
		const struct image_table *t = &w->tables[i];
		if (!w->leaves[i])
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
	return put_entry(w, S("freehold.json"), buf_str(&b));
}

/* ── media ── */

struct sending {
	struct archive_writer *w;
	struct str name;
	int64_t left;
	bool begun;
};

static err send(void *ctx, struct str bytes) {
	struct sending *s = ctx;
	if (!s->begun)
		TRY(tarball_entry(s->w->t, s->name, s->left));
	s->begun = true;
	if ((int64_t)bytes.n > s->left)
		return err_private(ERR_STORE, "%.*s is longer than its store said", S_ARG(s->name));
	s->left -= (int64_t)bytes.n;
	s->w->n->media_bytes += (int64_t)bytes.n;
	return tarball_write(s->w->t, bytes);
}

err archive_put_medium(struct archive_writer *w, const struct blob_name *name, int64_t size) {
	BUF_AUTO path = {0};
	buf_lit(&path, "media/");
	buf_hex(&path, blob_name_str(name));
	struct sending s = {w, buf_str(&path), size, false};
	err e = blob_read(w->c.site->blobs, name, 0, -1, send, &s);
	if (e && s.begun)
		return e;
	if (!e && s.left && s.begun)
		return err_private(ERR_STORE, "%.*s is shorter than its row says", S_ARG(s.name));
	if (e && e->code != ERR_NOT_FOUND && e->code != ERR_STORE)
		return e;
	if (e || !s.begun) {
		w->n->media_missing++;
		log_warn("export: %.*s is not there or damaged, and left out", S_ARG(s.name));
	} else {
		w->n->media++;
	}
	return NULL;
}

/* ── rows ── */

static bool seals(const struct archive_writer *w, const struct image_table *t) {
	return w->sealed && archive_class_of(t->name) != ARCHIVE_OPEN;
}

static err put_part(struct archive_writer *w, const struct image_table *t) {
	char name[100];
	bool seal = seals(w, t);
	if (!w->part.n)
		return NULL;
	snprintf(name, sizeof name, "tables/%.*s/%06d.%s", S_ARG(t->name), ++w->part_number, seal ? "sealed" : "ndjson");
	BUF_AUTO shut = {0};
	if (seal)
		archive_seal(&shut, &w->key, str_of(name), buf_str(&w->part));
	err e = put_entry(w, str_of(name), buf_str(seal ? &shut : &w->part));
	buf_clear(&w->part);
	return e;
}

err archive_row_values(struct archive_writer *w, const struct image_table *t, struct str row, struct row_value **out) {
	size_t n, at;
	*out = arena_many(w->c.arena, struct row_value, t->n);
	if (!row_parse(w->c.arena, row, *out, t->n, &n, &at) || n != t->n)
		return err_private(ERR_INTERNAL, "a row of %.*s is none", S_ARG(t->name));
	return NULL;
}

err archive_put_row(struct archive_writer *w, const struct image_table *t, struct row_value *v) {
	if (archive_class_of(t->name) == ARCHIVE_PARTLY && !archive_redact(t, v, w->sealed))
		return NULL;
	archive_line_put(&w->part, t, v);
	w->rows[t - w->tables]++;
	w->n->rows++;
	return w->part.n >= PART ? put_part(w, t) : NULL;
}

err archive_end_table(struct archive_writer *w, const struct image_table *t) {
	err e = put_part(w, t);
	w->part_number = 0;
	return e;
}

err archive_put_end(struct archive_writer *w) {
	unsigned char digest[32];
	BUF_AUTO b = {0};
	bool first = true;
	TRY(tarball_digest(w->t, digest));
	buf_lit(&b, "{\"rows\":{");
	for (size_t i = 0; i < w->table_n; i++) {
		if (!w->leaves[i])
			continue;
		buf_put(&b, first ? S("") : S(","));
		first = false;
		buf_json_string(&b, w->tables[i].name);
		buf_printf(&b, ":%lld", (long long)w->rows[i]);
	}
	buf_printf(&b, "},\"media\":%lld,\"media_bytes\":%lld,\"media_missing\":%lld,\"sha256\":", (long long)w->n->media,
	           (long long)w->n->media_bytes, (long long)w->n->media_missing);
	put_hex(&b, digest, sizeof digest);
	buf_lit(&b, "}\n");
	TRY(put_entry(w, S("end.json"), buf_str(&b)));
	w->n->file_bytes = tarball_size(w->t);
	return tarball_finish(&w->t);
}
