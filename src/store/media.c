#include "store/media.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "base/vec.h"
#include "store/account.h"
#include "store/job.h"
#include "store/media_file.h"

#include <jansson.h>
#include <stdio.h>

/* ── the meta column: what is known of an attachment besides its bytes ── */

static int member_int(const json_t *object, const char *name) { return (int)json_integer_value(json_object_get(object, name)); }

static struct str member_text(struct arena *a, const json_t *object, const char *name) {
	const json_t *v = json_object_get(object, name);
	return arena_str(a, str_mem(json_string_value(v), json_string_length(v)));
}

static void read_renditions(const json_t *all, struct arena *a, struct media *m) {
	m->rendition_count = json_array_size(all);
	m->renditions = arena_many(a, struct media_rendition, m->rendition_count);
	for (size_t i = 0; i < m->rendition_count; i++) {
		const json_t *from = json_array_get(all, i);
		struct media_rendition *r = &m->renditions[i];
		*r = (struct media_rendition){
		    .name = member_int(from, "name"), .width = member_int(from, "width"), .height = member_int(from, "height")};
		r->peak = json_integer_value(json_object_get(from, "peak"));
		r->average = json_integer_value(json_object_get(from, "average"));
		const char *codecs = json_string_value(json_object_get(from, "codecs"));
		snprintf(r->codecs, sizeof r->codecs, "%s", codecs ? codecs : "");
	}
}

static void read_captions(const json_t *all, struct arena *a, struct media *m) {
	m->caption_count = json_array_size(all);
	m->captions = arena_many(a, struct media_caption, m->caption_count);
	for (size_t i = 0; i < m->caption_count; i++) {
		const json_t *from = json_array_get(all, i);
		m->captions[i] = (struct media_caption){member_text(a, from, "language"), member_text(a, from, "label")};
	}
}

static void read_sizes(const json_t *all, struct arena *a, struct media *m) {
	m->size_count = json_array_size(all);
	m->sizes = arena_many(a, struct media_size, m->size_count);
	for (size_t i = 0; i < m->size_count; i++) {
		const json_t *from = json_array_get(all, i);
		m->sizes[i] = (struct media_size){member_text(a, from, "name"), member_int(from, "width"), member_int(from, "height")};
	}
}

static void read_film(const json_t *film, struct arena *a, struct media *m) {
	const char *rate = json_string_value(json_object_get(film, "rate"));
	m->seconds = json_number_value(json_object_get(film, "seconds"));
	snprintf(m->rate, sizeof m->rate, "%s", rate ? rate : "");
	m->has = member_int(film, "has");
	read_renditions(json_object_get(film, "renditions"), a, m);
	read_captions(json_object_get(film, "captions"), a, m);
}

static void read_meta(struct str text, struct arena *a, struct media *m) {
	json_t *meta = json_loadb(text.p ? text.p : "", text.n, 0, NULL);
	json_t *original = json_object_get(meta, "original"), *small = json_object_get(meta, "small"),
	       *focus = json_object_get(meta, "focus"), *film = json_object_get(meta, "film");
	m->width = member_int(original, "width");
	m->height = member_int(original, "height");
	m->small_width = member_int(small, "width");
	m->small_height = member_int(small, "height");
	m->focus_x = json_number_value(json_object_get(focus, "x"));
	m->focus_y = json_number_value(json_object_get(focus, "y"));
	const char *hash = json_string_value(json_object_get(meta, "blurhash"));
	snprintf(m->blurhash, sizeof m->blurhash, "%s", hash ? hash : "");
	read_sizes(json_object_get(meta, "sizes"), a, m);
	if (film)
		read_film(film, a, m);
	json_decref(meta);
}

static void write_film(struct buf *out, const struct media *m) {
	buf_printf(out, ",\"film\":{\"seconds\":%.3f,\"rate\":\"%s\",\"has\":%d,\"renditions\":[", m->seconds, m->rate, m->has);
	for (size_t i = 0; i < m->rendition_count; i++) {
		const struct media_rendition *r = &m->renditions[i];
		buf_printf(out, "%s{\"name\":%d,\"width\":%d,\"height\":%d,\"peak\":%lld,\"average\":%lld,\"codecs\":\"%s\"}", i ? "," : "",
		           r->name, r->width, r->height, (long long)r->peak, (long long)r->average, r->codecs);
	}
	buf_lit(out, "],\"captions\":[");
	for (size_t i = 0; i < m->caption_count; i++) {
		buf_put(out, i ? S(",{\"language\":") : S("{\"language\":"));
		buf_json_string(out, m->captions[i].language);
		buf_lit(out, ",\"label\":");
		buf_json_string(out, m->captions[i].label);
		buf_byte(out, '}');
	}
	buf_lit(out, "]}");
}

static void write_sizes(struct buf *out, const struct media *m) {
	buf_lit(out, ",\"sizes\":[");
	for (size_t i = 0; i < m->size_count; i++) {
		buf_put(out, i ? S(",{\"name\":") : S("{\"name\":"));
		buf_json_string(out, m->sizes[i].name);
		buf_printf(out, ",\"width\":%d,\"height\":%d}", m->sizes[i].width, m->sizes[i].height);
	}
	buf_byte(out, ']');
}

static struct str write_meta(struct buf *out, const struct media *m) {
	buf_printf(out, "{\"original\":{\"width\":%d,\"height\":%d},\"small\":{\"width\":%d,\"height\":%d}", m->width, m->height,
	           m->small_width, m->small_height);
	buf_printf(out, ",\"focus\":{\"x\":%.4f,\"y\":%.4f},\"blurhash\":", m->focus_x, m->focus_y);
	buf_json_string(out, str_of(m->blurhash));
	if (m->size_count)
		write_sizes(out, m);
	if (media_is_film(m->kind))
		write_film(out, m);
	buf_byte(out, '}');
	return buf_str(out);
}

struct str media_size_type(const struct media_size *s) {
	return str_ends(s->name, S(".webp")) ? S("image/webp") : str_ends(s->name, S(".png")) ? S("image/png") : S("image/jpeg");
}

/* ── reading ── */

static void read_media(struct arena *a, const struct rows *r, struct media *m) {
	*m = (struct media){
	    .id = rows_i64(r, 0),
	    .account_id = rows_i64(r, 1),
	    .status_id = rows_i64(r, 2),
	    .position = (int)rows_i64(r, 3),
	    .kind = (enum media_kind)rows_i64(r, 4),
	    .key = rows_copy(r, 5, a),
	    .type = rows_copy(r, 8, a),
	    .size = rows_i64(r, 9),
	    .description = rows_copy(r, 11, a),
	};
	m->state = (enum media_state)rows_i64(r, 12);
	m->stage = rows_copy(r, 13, a);
	m->percent = (int)rows_i64(r, 14);
	m->error = rows_copy(r, 15, a);
	m->has_source = blob_name_read(rows_text(r, 16), &m->source);
	m->source_size = rows_i64(r, 17);
	m->has_blob = blob_name_read(rows_text(r, 6), &m->blob);
	m->has_preview = blob_name_read(rows_text(r, 7), &m->preview);
	read_meta(rows_text(r, 10), a, m);
}

static err read_one(struct arena *a, struct rows *r, struct media *out, bool *found) {
	*found = rows_next(r);
	if (*found)
		read_media(a, r, out);
	return rows_err(r);
}

err store_media_by_id(struct arena *a, struct db *db, int64_t id, struct media *out, bool *found) {
	*found = false;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEDIA_BY_ID, I(id)));
	return read_one(a, r, out, found);
}

err store_media_by_key(struct arena *a, struct db *db, struct str key, struct media *out, bool *found) {
	*found = false;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEDIA_BY_KEY, T(key)));
	return read_one(a, r, out, found);
}

err store_media_served(struct arena *a, struct db *db, struct str key, struct media *out, bool *found) {
	*found = false;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEDIA_SERVED, T(key), I(ACCOUNT_GONE)));
	return read_one(a, r, out, found);
}

err store_media_of_status(struct arena *a, struct db *db, int64_t status, struct media **out, size_t *n) {
	VEC(struct media) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, MEDIA_OF_STATUS, I(status)));
	while (rows_next(r)) {
		struct media m;
		read_media(a, r, &m);
		vec_push(a, &found, m);
	}
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_media_usage(struct db *db, int64_t account, int64_t *bytes) { return db_i64(db, bytes, NULL, MEDIA_USAGE, I(account)); }

err store_media_total(struct db *db, int64_t *bytes) { return db_i64(db, bytes, NULL, MEDIA_TOTAL); }

/* The ids a query of one number gives. */
static err read_ids(struct arena *a, struct db *db, enum query q, const struct bind *binds, size_t bind_count, int64_t **ids, size_t *n) {
	VEC(int64_t) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query_(db, &r, q, binds, bind_count));
	while (rows_next(r))
		vec_push(a, &found, rows_i64(r, 0));
	*ids = found.v;
	*n = found.n;
	return rows_err(r);
}

/* ── writing ── */

enum { LOOSE_MS = 24 * 3600 * 1000, LATER_MS = 60 * 1000, EXPECTED_MS = 3600 * 1000, HELD_MS = 60 * 1000 };

/* What was just left without a use, or will have been loose for a day then, is looked for. */
static err sweep_at(struct tx *tx, int64_t when) { return store_job_add(tx, S(MEDIA_SWEEP), when, 0, 0, STR_NONE, NULL); }

err store_media_sweep_soon(struct tx *tx) { return sweep_at(tx, 0); }

err store_blob_use(struct tx *tx, const struct blob_name *name, int64_t size) {
	int64_t counted;
	TRY(db_exec_changed(tx_db(tx), &counted, BLOB_USE, B(blob_name_str(name)), I(size)));
	return counted ? NULL : err_private(ERR_CONFLICT, "the blob is just being removed");
}

err store_blob_expect(struct tx *tx, const struct blob_name *name, int64_t size) {
	TRY(sweep_at(tx, clock_ms() + EXPECTED_MS));
	return db_exec(tx_db(tx), BLOB_EXPECT, B(blob_name_str(name)), I(size));
}

err store_blob_unuse(struct tx *tx, const struct blob_name *name) { return db_exec(tx_db(tx), BLOB_UNUSE, B(blob_name_str(name))); }

err store_media_insert(struct tx *tx, const struct media *m) {
	BUF_AUTO meta = {0};
	if (m->has_blob)
		TRY(store_blob_use(tx, &m->blob, m->size));
	if (m->has_preview)
		TRY(store_blob_use(tx, &m->preview, 0));
	if (m->has_source)
		TRY(store_blob_use(tx, &m->source, m->source_size));
	bool loose = m->kind < MEDIA_AVATAR;
	if (loose)
		TRY(sweep_at(tx, clock_ms() + LOOSE_MS + LATER_MS));
	return db_exec(tx_db(tx), MEDIA_INSERT, I(m->id), I(m->account_id), I(m->kind), T(m->key),
	               m->has_blob ? B(blob_name_str(&m->blob)) : NUL, m->has_preview ? B(blob_name_str(&m->preview)) : NUL, T(m->type),
	               I(m->size), T(write_meta(&meta, m)), T_OR_NUL(m->description), loose ? I(clock_ms()) : NUL, I(m->state),
	               T_OR_NUL(m->stage), m->has_source ? B(blob_name_str(&m->source)) : NUL, I(m->source_size));
}

err store_media_update(struct tx *tx, const struct media *m) {
	BUF_AUTO meta = {0};
	return db_exec(tx_db(tx), MEDIA_UPDATE, I(m->id), T(write_meta(&meta, m)), T_OR_NUL(m->description));
}

err store_media_progress(struct tx *tx, const struct media *m) {
	return db_exec(tx_db(tx), MEDIA_PROGRESS, I(m->id), I(m->state), T_OR_NUL(m->stage), I(m->percent), T_OR_NUL(m->error));
}

err store_media_become(struct tx *tx, const struct media *m) {
	BUF_AUTO meta = {0};
	return db_exec(tx_db(tx), MEDIA_BECOME, I(m->id), I(m->kind), T(write_meta(&meta, m)));
}

err store_media_source_drop(struct tx *tx, const struct media *m) {
	if (!m->has_source)
		return NULL;
	TRY(db_exec(tx_db(tx), MEDIA_SOURCE_DONE, I(m->id)));
	TRY(store_blob_unuse(tx, &m->source));
	return sweep_at(tx, 0);
}

err store_media_attach(struct tx *tx, int64_t id, int64_t account, int64_t status, int position, bool *done) {
	int64_t changed;
	TRY(db_exec_changed(tx_db(tx), &changed, MEDIA_ATTACH, I(id), I(account), I(status), I(position)));
	*done = changed == 1;
	return NULL;
}

static err drop(struct arena *a, struct tx *tx, int64_t id) {
	struct media m;
	bool found;
	TRY(store_media_by_id(a, tx_db(tx), id, &m, &found));
	if (!found)
		return NULL;
	TRY(store_media_files_drop(tx, id));
	TRY(db_exec(tx_db(tx), MEDIA_DELETE, I(id)));
	if (m.has_blob)
		TRY(store_blob_unuse(tx, &m.blob));
	if (m.has_source)
		TRY(store_blob_unuse(tx, &m.source));
	return m.has_preview ? store_blob_unuse(tx, &m.preview) : NULL;
}

static err drop_all(struct arena *a, struct tx *tx, enum query which, int64_t of) {
	int64_t *ids;
	size_t n;
	TRY(read_ids(a, tx_db(tx), which, (struct bind[]){I(of)}, 1, &ids, &n));
	for (size_t i = 0; i < n; i++)
		TRY(drop(a, tx, ids[i]));
	return NULL;
}

err store_media_drop(struct tx *tx, int64_t id) {
	struct arena *a = arena_new();
	err e = drop(a, tx, id);
	arena_free(&a);
	return e ? e : sweep_at(tx, 0);
}

err store_media_drop_key(struct tx *tx, struct str key) {
	int64_t id;
	bool found;
	TRY(db_i64(tx_db(tx), &id, &found, MEDIA_ID_BY_KEY, T(key)));
	return found ? store_media_drop(tx, id) : NULL;
}

err store_media_drop_of_account(struct tx *tx, int64_t account) {
	struct arena *a = arena_new();
	err e = drop_all(a, tx, MEDIA_OF_ACCOUNT, account);
	arena_free(&a);
	return e ? e : sweep_at(tx, 0);
}

static bool among(int64_t id, const int64_t *ids, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

struct str store_media_key(struct arena *a, struct str ending) {
	char random[16];
	BUF_AUTO key = {0};
	random_bytes(random, sizeof random);
	buf_hex(&key, str_mem(random, sizeof random));
	buf_byte(&key, '.');
	buf_put(&key, ending);
	return arena_str(a, buf_str(&key));
}

static err release(struct arena *a, struct tx *tx, int64_t status, const int64_t *stay, size_t n) {
	struct media *all;
	size_t count;
	TRY(store_media_of_status(a, tx_db(tx), status, &all, &count));
	for (size_t i = 0; i < count; i++)
		if (!among(all[i].id, stay, n)) {
			struct str ending = str_skip(all[i].key, (size_t)(str_chr(all[i].key, '.') + 1));
			TRY(db_exec(tx_db(tx), MEDIA_RELEASE, I(all[i].id), T(store_media_key(a, ending)), I(clock_ms())));
		}
	return count ? sweep_at(tx, clock_ms() + LOOSE_MS + LATER_MS) : NULL;
}

err store_media_release(struct tx *tx, int64_t status, const int64_t *stay, size_t n) {
	struct arena *a = arena_new();
	err e = release(a, tx, status, stay, n);
	arena_free(&a);
	return e;
}

err store_media_loose(struct arena *a, struct db *db, int limit, int64_t **ids, size_t *n) {
	return read_ids(a, db, MEDIA_LOOSE, (struct bind[]){I(clock_ms() - LOOSE_MS), I(limit)}, 2, ids, n);
}

/* ── blobs nobody names ── */

static err read_names(struct arena *a, struct rows *r, struct blob_name **out, size_t *n) {
	VEC(struct blob_name) found = {0};
	while (rows_next(r)) {
		struct blob_name name;
		must(blob_name_read(rows_text(r, 0), &name));
		vec_push(a, &found, name);
	}
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_blob_unused(struct arena *a, struct db *db, int limit, struct blob_name **out, size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, BLOB_UNUSED, I(limit)));
	return read_names(a, r, out, n);
}

err store_blob_between(struct arena *a, struct db *db, const struct blob_name *first, const struct blob_name *last, struct blob_name **out,
                       size_t *n) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, BLOB_BETWEEN, B(blob_name_str(first)), B(blob_name_str(last))));
	return read_names(a, r, out, n);
}

err store_blob_adopt(struct tx *tx, const struct blob_name *name, int64_t size) {
	return db_exec(tx_db(tx), BLOB_ADOPT, B(blob_name_str(name)), I(size));
}

err store_media_sweep(struct tx *tx) { return sweep_at(tx, 0); }

err store_media_sweep_later(struct tx *tx) { return sweep_at(tx, clock_ms() + HELD_MS); }

err store_blob_claim(struct tx *tx, const struct blob_name *name, bool *claimed) {
	int64_t changed;
	TRY(db_exec_changed(tx_db(tx), &changed, BLOB_CLAIM, B(blob_name_str(name))));
	*claimed = changed == 1;
	return NULL;
}

err store_blob_forget(struct tx *tx, const struct blob_name *name) { return db_exec(tx_db(tx), BLOB_FORGET, B(blob_name_str(name))); }

/* ── for looking whether all is there ── */

err store_blob_page(struct arena *a, struct db *db, const struct blob_name *after, int limit, struct blob_name **out, size_t *n) {
	VEC(struct blob_name) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, BLOB_PAGE, B(after ? blob_name_str(after) : S("")), I(limit)));
	while (rows_next(r)) {
		struct blob_name name;
		must(blob_name_read(rows_text(r, 0), &name));
		vec_push(a, &found, name);
	}
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_blobs_newest(struct arena *a, struct db *db, enum blobs_order order, int limit, int64_t *place, struct blob_name **out,
                       size_t *n) {
	static const enum query queries[BLOBS_ORDERS] = {BLOBS_OF_EMOJI, BLOBS_OF_FACES, BLOBS_OF_MEDIA};
	VEC(struct blob_name) found = {0};
	struct blob_name name;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, queries[order], I(*place), I(limit)));
	*place = 0;
	for (int64_t media = 0; rows_next(r); media = rows_i64(r, 1)) {
		*place = rows_i64(r, 0);
		for (int i = media == rows_i64(r, 1) ? 4 : 2; i <= 4; i++) /* again: with another of its files */
			if (blob_name_read(rows_text(r, i), &name))
				vec_push(a, &found, name);
	}
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}

err store_blob_state(struct db *db, const struct blob_name *name, bool *known, bool *used) {
	int64_t uses;
	TRY(db_i64(db, &uses, known, BLOB_USES, B(blob_name_str(name))));
	*used = *known && uses > 0;
	return NULL;
}

err store_blob_media(struct arena *a, struct db *db, const struct blob_name *name, struct str **out, size_t *n) {
	VEC(struct str) found = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, BLOB_MEDIA, B(blob_name_str(name))));
	while (rows_next(r)) {
		struct str text = arena_printf(a, "%.*s of @%.*s", S_ARG(rows_text(r, 0)), S_ARG(rows_text(r, 1)));
		vec_push(a, &found, text);
	}
	*out = found.v;
	*n = found.n;
	return rows_err(r);
}
