#include "core/film.h"

#include "base/id.h"
#include "config/config.h"
#include "core/playlist.h"
#include "core/site.h"
#include "wire/webvtt.h"

#include <time.h>
#include <unistd.h>

enum { TRIES = 50, PAUSE_MS = 100, FILES_MOST = 8, CAPTIONS_MOST = 40, LANGUAGE_MOST = 35, LABEL_MOST = 60 };

static void pause_a_little(void) { nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL); }

/* ── bytes on their way ── */

/* Bytes that a row will name: expected first, so that a sweep finds them if we die before it does. */
struct load {
	const struct film_file *f;
	struct blob_name name;
	int64_t size;
};

struct loads {
	struct load v[FILES_MOST + 1];
	size_t n;
};

static err expect(struct tx *tx, void *arg) {
	const struct loads *all = arg;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, 0, 0, 0));
	for (size_t i = 0; i < all->n; i++)
		TRY(store_blob_expect(tx, &all->v[i].name, all->v[i].size));
	return NULL;
}

static err put_one(struct ctx *c, const struct load *l) {
	return l->f->bytes.p ? blob_put(c->site->blobs, &l->name, l->f->bytes) : blob_put_file(c->site->blobs, &l->name, l->f->fd, l->size);
}

static err name_one(struct ctx *c, const struct film_file *f, struct load *out) {
	*out = (struct load){.f = f, .size = (int64_t)f->bytes.n};
	if (!f->bytes.p)
		return blob_name_of_file(c->site->secret, f->fd, &out->name, &out->size);
	blob_name_of(c->site->secret, f->bytes, &out->name);
	return NULL;
}

static err put_all(struct ctx *c, struct loads *all) {
	int64_t total = 0;
	for (size_t i = 0; i < all->n; i++)
		total += all->v[i].size;
	if (blob_room(c->site->blobs) - total < config_number(c->site->config, SET_media_free_floor))
		return err_private(ERR_UNAVAILABLE, "media: the disk is nearly full (media.free_floor)");
	TRY(tx_run(c->db, expect, all));
	for (size_t i = 0; i < all->n; i++)
		TRY(put_one(c, &all->v[i]));
	return NULL;
}

/* From the row on nothing sweeps the bytes; before it, something may have. */
static err put_again(struct ctx *c, const struct loads *all) {
	for (size_t i = 0; i < all->n; i++) {
		bool there;
		TRY(blob_has(c->site->blobs, &all->v[i].name, &there));
		if (!there)
			TRY(put_one(c, &all->v[i]));
	}
	return NULL;
}

/* ── taking one ── */

static err insert(struct tx *tx, void *arg) {
	const struct media *m = arg;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, m->id, m->account_id, 0));
	TRY(store_media_insert(tx, m));
	return store_job_add(tx, S(MEDIA_FILM), 0, m->id, 0, STR_NONE, NULL);
}

err film_create(struct ctx *c, int64_t account, enum media_kind kind, struct str type, struct str bytes, const struct media_text *text,
                struct media *out) {
	*out = (struct media){
	    .id = id_new(),
	    .account_id = account,
	    .kind = kind,
	    .state = MEDIA_WAITING,
	    .stage = S("waiting"),
	    .key = store_media_key(c->arena, S("mp4")),
	    .type = type,
	    .size = (int64_t)bytes.n,
	    .source_size = (int64_t)bytes.n,
	    .has_source = true,
	    .focus_x = text->focus_x,
	    .focus_y = text->focus_y,
	    .description = text->description,
	};
	TRY(media_check_room(c, account, out->size));
	struct film_file source = {.bytes = bytes};
	struct loads all = {.n = 1};
	TRY(name_one(c, &source, &all.v[0]));
	out->source = all.v[0].name;
	TRY(put_all(c, &all));
	for (int i = 0; i < TRIES; i++) {
		err e = tx_run(c->db, insert, out);
		if (!e)
			return put_again(c, &all);
		if (e->code != ERR_CONFLICT)
			return e;
		pause_a_little();
		out->id = id_new();
	}
	return err_private(ERR_UNAVAILABLE, "media: a blob's removal does not end");
}

bool media_plays(const struct media *m) { return !media_is_film(m->kind) || (m->state != MEDIA_FAILED && m->rendition_count > 0); }

static void put_file(struct buf *out, const struct media *m, struct str name, const char *ending) {
	buf_put(out, media_stem(m->key));
	buf_byte(out, '/');
	buf_put(out, name);
	buf_put(out, str_of(ending));
}

void media_address(struct buf *out, const struct media *m) {
	char name[12];
	if (!media_is_film(m->kind))
		buf_put(out, m->key);
	else if (m->has & MEDIA_HAS_FALLBACK)
		put_file(out, m, S("fallback"), m->kind == MEDIA_AUDIO ? ".m4a" : ".mp4");
	else if (m->rendition_count)
		put_file(out, m, rendition_name(&m->renditions[0], name), ".mp4");
}

void media_preview_address(struct buf *out, const struct media *m) {
	if (media_is_film(m->kind) && m->has & MEDIA_HAS_POSTER)
		put_file(out, m, S("poster"), ".webp");
	else if (!media_is_film(m->kind))
		media_picture_preview(out, m);
}

/* ── keeping what was made ── */

struct keeping {
	struct ctx *c;
	int64_t id;
	film_change change;
	void *arg;
	struct loads loads;
	struct blob_name master; /* as it was put */
	struct str *dropped;     /* names of files that go */
	size_t dropped_count;
};

static void write_master(struct ctx *c, struct buf *text, const struct media *m, struct blob_name *name) {
	buf_clear(text);
	playlist_master(text, m);
	blob_name_of(c->site->secret, buf_str(text), name);
}

static err read_changed(struct ctx *c, struct db *db, const struct keeping *k, struct media *m) {
	bool found;
	TRY(store_media_by_id(c->arena, db, k->id, m, &found));
	if (!found || !media_is_film(m->kind) || m->state == MEDIA_FAILED)
		return err_plain(ERR_NOT_FOUND);
	k->change(m, k->arg);
	return NULL;
}

static err keep(struct tx *tx, void *arg) {
	const struct keeping *k = arg;
	struct media m;
	struct blob_name master;
	BUF_AUTO text = {0};
	TRY(read_changed(k->c, tx_db(tx), k, &m));
	write_master(k->c, &text, &m, &master);
	/* Somebody else changed what it lists. */
	if (!str_eq(blob_name_str(&master), blob_name_str(&k->master)))
		return err_private(ERR_CONFLICT, "media: the playlist changed");
	TRY(tx_journal(tx, J_MEDIA_CHANGED, m.id, m.account_id, m.status_id));
	TRY(store_media_become(tx, &m));
	for (size_t i = 0; i < k->loads.n; i++) {
		const struct load *l = &k->loads.v[i];
		TRY(store_media_file_put(tx, &(struct media_file){m.id, l->f->name, l->name, l->f->type, l->size}));
	}
	for (size_t i = 0; i < k->dropped_count; i++)
		TRY(store_media_file_drop(tx, m.id, k->dropped[i]));
	return NULL;
}

static err keep_once(struct keeping *k, const struct film_file *files, size_t n) {
	struct ctx *c = k->c;
	struct loads *all = &k->loads;
	struct media m;
	BUF_AUTO text = {0};
	all->n = 0;
	db_rest(c->db);
	TRY(read_changed(c, c->db, k, &m));
	write_master(c, &text, &m, &k->master);
	struct film_file master = {S("hls.m3u8"), S("application/vnd.apple.mpegurl"), buf_str(&text), -1};
	for (size_t i = 0; i < n; i++)
		TRY(name_one(c, &files[i], &all->v[all->n++]));
	if (m.rendition_count)
		TRY(name_one(c, &master, &all->v[all->n++]));
	TRY(put_all(c, all));
	TRY(tx_run(c->db, keep, k));
	return put_again(c, all);
}

static err keep_patiently(struct keeping *k, const struct film_file *files, size_t n) {
	for (int i = 0; i < TRIES; i++) {
		err e = keep_once(k, files, n);
		if (!e || e->code != ERR_CONFLICT)
			return e;
		pause_a_little();
	}
	return err_private(ERR_UNAVAILABLE, "media: a film's files cannot be kept");
}

err film_keep(struct ctx *c, int64_t id, const struct film_file *files, size_t n, film_change change, void *arg) {
	if (n > FILES_MOST)
		return err_private(ERR_INTERNAL, "media: too many files at once");
	return keep_patiently(&(struct keeping){.c = c, .id = id, .change = change, .arg = arg}, files, n);
}

/* ── how far it is ── */

struct step {
	struct ctx *c;
	int64_t id;
	enum media_state state;
	struct str stage, why;
	int percent;
};

static err set_step(struct tx *tx, const struct step *s, struct media *m) {
	bool found;
	TRY(store_media_by_id(s->c->arena, tx_db(tx), s->id, m, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	TRY(tx_journal(tx, J_MEDIA_CHANGED, m->id, m->account_id, m->status_id));
	m->state = s->state;
	m->stage = s->stage;
	m->error = s->why;
	m->percent = s->percent;
	return store_media_progress(tx, m);
}

static err progress(struct tx *tx, void *arg) {
	struct media m;
	return set_step(tx, arg, &m);
}

static err finish(struct tx *tx, void *arg) {
	struct media m;
	TRY(set_step(tx, arg, &m));
	return store_media_source_drop(tx, &m);
}

static err fail(struct tx *tx, void *arg) {
	struct media m;
	TRY(set_step(tx, arg, &m));
	m.rendition_count = m.caption_count = 0;
	m.has = 0;
	m.blurhash[0] = 0;
	TRY(store_media_become(tx, &m));
	TRY(store_media_files_drop(tx, m.id));
	return store_media_source_drop(tx, &m);
}

err film_progress(struct ctx *c, int64_t id, struct str stage, int percent) {
	return tx_run(c->db, progress, &(struct step){.c = c, .id = id, .state = MEDIA_WORKING, .stage = stage, .percent = percent});
}

err film_finish(struct ctx *c, int64_t id) {
	return tx_run(c->db, finish, &(struct step){.c = c, .id = id, .state = MEDIA_READY, .percent = 100});
}

err film_fail(struct ctx *c, int64_t id, struct str why) {
	return tx_run(c->db, fail, &(struct step){.c = c, .id = id, .state = MEDIA_FAILED, .why = why});
}

/* ── captions ── */

struct caption_change {
	struct arena *a;
	struct media_caption with; /* label empty: without */
};

/* In their place by language, instead of one of the same. */
static void change_captions(struct media *m, void *arg) {
	const struct caption_change *change = arg;
	struct media_caption *all = arena_many(change->a, struct media_caption, m->caption_count + 1);
	size_t n = 0, i = 0;
	while (i < m->caption_count && str_cmp(m->captions[i].language, change->with.language) < 0)
		all[n++] = m->captions[i++];
	if (change->with.label.n)
		all[n++] = change->with;
	for (; i < m->caption_count; i++)
		if (!str_eq(m->captions[i].language, change->with.language))
			all[n++] = m->captions[i];
	m->captions = all;
	m->caption_count = n;
}

static bool is_language(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (i && s.p[i] >= '0' && s.p[i] <= '9') ||
		      (i && s.p[i] == '-')))
			return false;
	return s.n >= 2 && s.n <= LANGUAGE_MOST && s.p[s.n - 1] != '-';
}

static err caption_film(struct ctx *c, int64_t id, struct str language, struct media *out) {
	TRY(media_own(c, id, out));
	if (out->kind != MEDIA_VIDEO && out->kind != MEDIA_AUDIO)
		return err_public(ERR_INVALID, "Only videos and sounds can have captions");
	if (out->state == MEDIA_FAILED)
		return err_plain(ERR_NOT_FOUND);
	return is_language(language) ? NULL : err_public(ERR_INVALID, "The language must be a tag like en or pt-BR");
}

static struct str caption_name(struct ctx *c, struct str language, const char *ending) {
	return arena_printf(c->arena, "captions-%.*s.%s", S_ARG(language), ending);
}

err caption_put(struct ctx *c, int64_t id, struct str language, struct str label, struct str text, struct media *out) {
	BUF_AUTO clean = {0};
	BUF_AUTO list = {0};
	TRY(caption_film(c, id, language, out));
	if (label.n > LABEL_MOST)
		return err_public(ERR_INVALID, "The captions' name is too long (at most %d bytes)", LABEL_MOST);
	if (out->caption_count >= CAPTIONS_MOST)
		return err_public(ERR_INVALID, "A video can have captions in at most %d languages", CAPTIONS_MOST);
	TRY(webvtt_clean(text, &clean));
	TRY(media_check_room(c, out->account_id, (int64_t)clean.n));
	playlist_captions(&list, language, out->seconds);
	struct caption_change change = {c->arena, {language, label.n ? label : language}};
	const struct film_file files[] = {
	    {caption_name(c, language, "vtt"), S("text/vtt"), buf_str(&clean), -1},
	    {caption_name(c, language, "m3u8"), S("application/vnd.apple.mpegurl"), buf_str(&list), -1},
	};
	TRY(film_keep(c, id, files, 2, change_captions, &change));
	return media_own(c, id, out);
}

err caption_drop(struct ctx *c, int64_t id, struct str language, struct media *out) {
	TRY(caption_film(c, id, language, out));
	struct caption_change change = {c->arena, {language, STR_NONE}};
	struct str gone[] = {caption_name(c, language, "vtt"), caption_name(c, language, "m3u8")};
	TRY(keep_patiently(
	    &(struct keeping){.c = c, .id = id, .change = change_captions, .arg = &change, .dropped = gone, .dropped_count = 2}, NULL, 0));
	return media_own(c, id, out);
}
