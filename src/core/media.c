#include "core/media.h"

#include "base/buf.h"
#include "base/id.h"
#include "config/config.h"
#include "core/media_store.h"
#include "core/site.h"
#include "store/lease.h"
#include "store/media_file.h"
#include "wire/text.h"

#include <stdlib.h>
#include <time.h>

enum {
	SWEEP_AT_ONCE = 100,
	CONFLICT_TRIES = 50,
	CONFLICT_PAUSE_MS = 100,
};

static const struct str preview_stem = {"preview.", 8};

/* ── keeping ── */

err media_check_room(struct ctx *c, int64_t account, int64_t size) {
	int64_t used, quota = config_number(c->site->config, SET_accounts_quota);
	TRY(store_media_usage(c->db, account, &used));
	if (used + size > quota)
		return err_public(ERR_INVALID, "Your space for media is full: %lld of %lld MB are used", (long long)(used >> 20),
		                  (long long)(quota >> 20));
	return media_store_room(c, size);
}

/* A picture's files on their way: the main one, then its sizes. */
struct load {
	struct str name, type, bytes;
	struct blob_name blob;
};

struct loads {
	struct load v[PICTURE_SIZES + 1];
	size_t n;
	struct media *m;
};

static void add_load(struct ctx *c, struct loads *all, struct str name, struct str bytes) {
	struct load *l = &all->v[all->n++];
	*l = (struct load){.name = name, .type = str_of(picture_mime(picture_type_of(bytes))), .bytes = bytes};
	blob_name_of(c->site->secret, bytes, &l->blob);
}

/* So that a sweep finds the bytes if we die before a row names them. */
static err expect(struct tx *tx, void *arg) {
	const struct loads *all = arg;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, 0, 0, 0));
	for (size_t i = 0; i < all->n; i++)
		TRY(store_blob_expect(tx, &all->v[i].blob, (int64_t)all->v[i].bytes.n));
	return NULL;
}

static err insert(struct tx *tx, void *arg) {
	const struct loads *all = arg;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, all->m->id, all->m->account_id, 0));
	TRY(store_media_insert(tx, all->m));
	for (size_t i = 1; i < all->n; i++) {
		const struct load *l = &all->v[i];
		TRY(store_media_file_put(tx, &(struct media_file){all->m->id, l->name, l->blob, l->type, (int64_t)l->bytes.n}));
	}
	return NULL;
}

/* The rows, whose blobs may just be swept away: then the sweep ends first. */
static err insert_patiently(struct ctx *c, struct loads *all) {
	for (int i = 0; i < CONFLICT_TRIES; i++) {
		err e = tx_run(c->db, insert, all);
		if (!e || e->code != ERR_CONFLICT)
			return e;
		nanosleep(&(struct timespec){.tv_nsec = CONFLICT_PAUSE_MS * 1000000L}, NULL);
		all->m->id = id_new();
	}
	return err_private(ERR_UNAVAILABLE, "media: a blob's removal does not end");
}

static err put_all(struct ctx *c, const struct loads *all) {
	for (size_t i = 0; i < all->n; i++)
		TRY(blob_put(c->site->blobs, &all->v[i].blob, all->v[i].bytes));
	return NULL;
}

/* From the rows on nothing sweeps the bytes; before them, something may have. */
static err put_again(struct ctx *c, const struct loads *all) {
	for (size_t i = 0; i < all->n; i++) {
		bool there;
		TRY(blob_has(c->site->blobs, &all->v[i].blob, &there));
		if (!there)
			TRY(blob_put(c->site->blobs, &all->v[i].blob, all->v[i].bytes));
	}
	return NULL;
}

static void describe_sizes(struct ctx *c, struct media *m, const struct picture *p) {
	m->sizes = arena_many(c->arena, struct media_size, p->size_count);
	m->size_count = p->size_count;
	m->small_width = p->width;
	m->small_height = p->height;
	for (size_t i = 0; i < p->size_count; i++) {
		m->sizes[i] = (struct media_size){p->sizes[i].name, p->sizes[i].width, p->sizes[i].height};
		if (str_starts(p->sizes[i].name, preview_stem)) {
			m->small_width = p->sizes[i].width;
			m->small_height = p->sizes[i].height;
		}
	}
}

err media_create(struct ctx *c, int64_t account, enum media_kind kind, const struct picture *p, const struct media_text *text,
                 struct media *out) {
	struct loads all = {.m = out};
	int64_t total = 0;
	*out = (struct media){
	    .id = id_new(),
	    .account_id = account,
	    .kind = kind,
	    .key = store_media_key(c->arena, str_of(p->ending)),
	    .type = str_of(p->type),
	    .has_blob = true,
	    .size = (int64_t)p->bytes.n,
	    .width = p->width,
	    .height = p->height,
	    .focus_x = text->focus_x,
	    .focus_y = text->focus_y,
	    .description = text->description,
	};
	if (p->blurhash.n && p->blurhash.n < sizeof out->blurhash)
		memcpy(out->blurhash, p->blurhash.p, p->blurhash.n);
	describe_sizes(c, out, p);
	add_load(c, &all, STR_NONE, p->bytes);
	for (size_t i = 0; i < p->size_count; i++)
		add_load(c, &all, p->sizes[i].name, p->sizes[i].bytes);
	for (size_t i = 0; i < all.n; i++)
		total += (int64_t)all.v[i].bytes.n;
	out->blob = all.v[0].blob;
	TRY(media_check_room(c, account, total));
	TRY(tx_run(c->db, expect, &all));
	TRY(put_all(c, &all));
	TRY(insert_patiently(c, &all));
	return put_again(c, &all);
}

/* ── the owner's verbs ── */

static bool part_of_one(struct str s, double *out) {
	char digits[32], *end;
	if (s.n == 0 || s.n >= sizeof digits)
		return false;
	memcpy(digits, s.p, s.n);
	digits[s.n] = 0;
	*out = strtod(digits, &end);
	return *end == 0 && *out >= -1 && *out <= 1;
}

err media_description(struct str s, struct str *out) {
	*out = str_trim(s);
	if (!str_utf8(*out))
		return err_public(ERR_INVALID, "Validation failed: Description is not UTF-8");
	if (text_length(*out) > MEDIA_DESCRIPTION_MAX)
		return err_public(ERR_INVALID, "Validation failed: Description is too long (maximum is %d characters)",
		                  MEDIA_DESCRIPTION_MAX);
	return NULL;
}

err media_focus(struct str s, double *x, double *y) {
	struct str first = str_cut(&s, ',');
	if (!part_of_one(str_trim(first), x) || !part_of_one(str_trim(s), y))
		return err_public(ERR_INVALID, "focus must be two numbers from -1 to 1, as \"0.5,-0.25\"");
	return NULL;
}

err media_own(struct ctx *c, int64_t id, struct media *out) {
	bool found;
	TRY(store_media_by_id(c->arena, c->db, id, out, &found));
	return found && out->account_id == c->viewer && out->kind < MEDIA_AVATAR ? NULL : err_plain(ERR_NOT_FOUND);
}

struct describe {
	struct ctx *c;
	int64_t id;
	const struct media_text *text;
	struct media *out;
};

static err describe(struct tx *tx, void *arg) {
	const struct describe *d = arg;
	bool found;
	TRY(store_media_by_id(d->c->arena, tx_db(tx), d->id, d->out, &found));
	if (!found || d->out->account_id != d->c->viewer)
		return err_plain(ERR_NOT_FOUND);
	d->out->description = d->text->description;
	d->out->focus_x = d->text->focus_x;
	d->out->focus_y = d->text->focus_y;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, d->id, d->c->viewer, d->out->status_id));
	return store_media_update(tx, d->out);
}

err media_describe(struct ctx *c, int64_t id, const struct media_text *text, struct media *out) {
	return tx_run(c->db, describe, &(struct describe){c, id, text, out});
}

struct removal {
	struct arena *arena;
	int64_t viewer, id;
};

static err removal(struct tx *tx, void *arg) {
	const struct removal *d = arg;
	struct media m;
	bool found;
	TRY(store_media_by_id(d->arena, tx_db(tx), d->id, &m, &found));
	if (!found || m.account_id != d->viewer || m.kind >= MEDIA_AVATAR)
		return err_plain(ERR_NOT_FOUND);
	if (m.status_id)
		return err_public(ERR_INVALID, "Media attachment is currently used by a status");
	TRY(tx_journal(tx, J_MEDIA_CHANGED, d->id, d->viewer, 0));
	return store_media_drop(tx, d->id);
}

err media_delete(struct ctx *c, int64_t id) { return tx_run(c->db, removal, &(struct removal){c->arena, c->viewer, id}); }

/* ── serving ── */

struct str media_stem(struct str key) {
	ptrdiff_t dot = str_chr(key, '.');
	return dot < 0 ? key : str_first(key, (size_t)dot);
}

void media_file_address(struct buf *out, struct str key, struct str name) {
	buf_put(out, media_stem(key));
	buf_byte(out, '/');
	buf_put(out, name);
}

void media_picture_preview(struct buf *out, const struct media *m) {
	for (size_t i = 0; i < m->size_count; i++)
		if (str_starts(m->sizes[i].name, preview_stem)) {
			media_file_address(out, m->key, m->sizes[i].name);
			return;
		}
	buf_put(out, m->has_preview ? media_stem(m->key) : m->key);
	if (m->has_preview)
		buf_put(out, S(MEDIA_PREVIEW_ENDING));
}

/* ── sweeping ── */

/* Unless a post took it meanwhile. */
static err drop_loose(struct tx *tx, void *arg) {
	const struct removal *d = arg;
	struct media m;
	bool found;
	TRY(store_media_by_id(d->arena, tx_db(tx), d->id, &m, &found));
	if (!found || m.status_id)
		return NULL;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, d->id, m.account_id, 0));
	return store_media_drop(tx, d->id);
}

static err sweep_loose(struct ctx *c, bool *more) {
	int64_t *ids;
	size_t n;
	TRY(store_media_loose(c->arena, c->db, SWEEP_AT_ONCE, &ids, &n));
	for (size_t i = 0; i < n; i++)
		TRY(tx_run(c->db, drop_loose, &(struct removal){c->arena, 0, ids[i]}));
	*more = n == SWEEP_AT_ONCE;
	return NULL;
}

struct claim {
	const struct blob_name *name;
	bool claimed;
};

static err claim(struct tx *tx, void *arg) {
	struct claim *c = arg;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, 0, 0, 0));
	return store_blob_claim(tx, c->name, &c->claimed);
}

static err forget(struct tx *tx, void *arg) {
	const struct claim *c = arg;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, 0, 0, 0));
	return store_blob_forget(tx, c->name);
}

static err adopt(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_MEDIA_CHANGED, 0, 0, 0));
	TRY(store_blob_adopt(tx, arg, 0));
	return store_media_sweep(tx);
}

err media_sweep_orphan(struct ctx *c, const struct blob_name *name) { return tx_run(c->db, adopt, (void *)(uintptr_t)name); }

/* Claimed one by one, dropped together: a store is asked once for many. */
static err sweep_blobs(struct ctx *c, bool *more) {
	struct blob_name *names;
	size_t n, claimed = 0;
	TRY(store_blob_unused(c->arena, c->db, SWEEP_AT_ONCE, &names, &n));
	for (size_t i = 0; i < n; i++) {
		struct claim taken = {&names[i], false};
		TRY(tx_run(c->db, claim, &taken));
		if (taken.claimed)
			names[claimed++] = names[i];
	}
	TRY(blob_drop_many(c->site->blobs, names, claimed));
	for (size_t i = 0; i < claimed; i++)
		TRY(tx_run(c->db, forget, &(struct claim){&names[i], true}));
	*more = n == SWEEP_AT_ONCE;
	return NULL;
}

static err later(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_MEDIA_CHANGED, 0, 0, 0));
	return store_media_sweep_later(tx);
}

/* Whoever copies what a snapshot names still needs the bytes of rows that went since. */
err media_sweep(struct ctx *c, const struct job *job) {
	bool more = true, held;
	while (more)
		TRY(sweep_loose(c, &more));
	for (more = true; more;) {
		db_rest(c->db);
		TRY(store_lease_held(c->db, S(MEDIA_HELD), &held));
		if (held)
			return tx_run(c->db, later, NULL);
		TRY(sweep_blobs(c, &more));
	}
	return NULL;
}
