#include "ops/film_job.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "core/film.h"
#include "core/playlist.h"
#include "core/site.h"
#include "media/decoder.h"
#include "media/film.h"
#include "ops/film_folder.h"
#include "wire/container.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum {
	TELL_MS = 2000,     /* progress is told this often */
	KEY_MOST_MS = 4000, /* key frames further apart make bad renditions */
	KEYS_MOST = 8000,
	ALIGNED_MS = 100,
};

struct work {
	struct ctx *c;
	struct media m;
	struct film film;
	struct film_folder folder;
	struct film_rung rungs[FILM_RUNGS];
	size_t n;
	double *keys; /* of the source's own pictures, when they are kept */
	size_t key_count;
	/* What is being told. */
	struct str stage;
	double from, to; /* percent */
	int64_t told_at;
	int told;
};

static err io(const char *what) { return err_private(ERR_UNAVAILABLE, "media: %s: %s", what, strerror(errno)); }

/* ── telling ── */

static err tell(struct work *w, double share) {
	int percent = (int)(w->from + (w->to - w->from) * fmin(1, fmax(0, share)));
	w->told = percent;
	w->told_at = clock_mono_ms();
	err e = film_progress(w->c, w->m.id, w->stage, percent);
	db_rest(w->c->db);
	return e;
}

static err begin(struct work *w, const char *stage, double from, double to) {
	w->stage = str_of(stage);
	w->from = from;
	w->to = to;
	return tell(w, 0);
}

static bool go_on(void *ctx, double seconds) {
	struct work *w = ctx;
	double share = seconds / w->film.seconds;
	if (clock_mono_ms() - w->told_at < TELL_MS)
		return true;
	if ((int)(w->from + (w->to - w->from) * fmin(1, share)) == w->told)
		return true;
	err e = tell(w, share);
	return !e || e->code != ERR_NOT_FOUND;
}

/* ── what is kept ── */

/* Renditions, and the parts beside them, as they come. */
struct addition {
	struct work *w;
	struct media_rendition r[2];
	size_t n;
	int has, small_width, small_height;
	const char *blurhash;
};

static void add_rendition(struct arena *a, struct media *m, const struct media_rendition *r) {
	struct media_rendition *all = arena_many(a, struct media_rendition, m->rendition_count + 1);
	size_t n = 0, i = 0;
	while (i < m->rendition_count && m->renditions[i].name < r->name)
		all[n++] = m->renditions[i++];
	all[n++] = *r;
	for (; i < m->rendition_count; i++)
		if (m->renditions[i].name != r->name)
			all[n++] = m->renditions[i];
	m->renditions = all;
	m->rendition_count = n;
}

static void add(struct media *m, void *arg) {
	const struct addition *add = arg;
	for (size_t i = 0; i < add->n; i++)
		add_rendition(add->w->c->arena, m, &add->r[i]);
	m->has |= add->has;
	if (add->small_width) {
		m->small_width = add->small_width;
		m->small_height = add->small_height;
		snprintf(m->blurhash, sizeof m->blurhash, "%s", add->blurhash);
	}
}

static void become(struct media *m, void *arg) {
	const struct work *w = arg;
	m->kind = w->film.film < 0 ? MEDIA_AUDIO : w->m.kind == MEDIA_GIFV ? MEDIA_GIFV : MEDIA_VIDEO;
	m->width = w->film.width;
	m->height = w->film.height;
	m->seconds = w->film.seconds;
	if (w->film.film >= 0)
		snprintf(m->rate, sizeof m->rate, "%lld/%lld", (long long)w->film.rate, (long long)w->film.per);
}

/* ── renditions ── */

static err damaged(void) { return err_public(ERR_INVALID, "The file is damaged or cut off"); }

static bool has_rendition(const struct work *w, int name) {
	for (size_t i = 0; i < w->m.rendition_count; i++)
		if (w->m.renditions[i].name == name)
			return true;
	return false;
}

/* Files that say how long they are, and are not, were cut off. */
static bool is_whole(const struct work *w, const struct mp4_film *made) {
	static const char *const exact[] = {"mov", "matroska", "avi"};
	for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
		if (strcmp(w->film.demuxer, exact[i]) == 0)
			return made->end >= w->film.seconds * 0.97 - 0.5;
	return true;
}

/* Reads a rendition that was just made. */
static err look(struct work *w, const char *name, struct film_made *f, struct mp4_film *out) {
	if (!film_made_open(&w->folder, name, f))
		return damaged();
	if (!mp4_read(w->c->arena, f->map, out))
		return err_private(ERR_INTERNAL, "media: %s is not what was ordered", name);
	return NULL;
}

static struct media_rendition rendition_of(int name, const struct mp4_film *film) {
	struct media_rendition r = {
	    .name = name, .width = film->width, .height = film->height, .peak = film->peak, .average = film->average};
	snprintf(r.codecs, sizeof r.codecs, "%s", film->codecs);
	return r;
}

/* Up to two renditions with their playlists. */
static err keep_renditions(struct work *w, const int *names, size_t n) {
	struct film_made f[2] = {FILM_MADE_NONE, FILM_MADE_NONE};
	struct film_file files[4];
	struct buf lists[2] = {{0}};
	struct addition addition = {.w = w, .n = n};
	err e = NULL;
	must(n <= 2);
	for (size_t i = 0; i < n && !e; i++) {
		char text[12];
		struct mp4_film film;
		struct str name = arena_str(w->c->arena, rendition_name(&(struct media_rendition){.name = names[i]}, text));
		struct str file = arena_printf(w->c->arena, "%s.mp4", name.p);
		e = look(w, file.p, &f[i], &film);
		if (!e && !is_whole(w, &film))
			e = damaged();
		if (e)
			break;
		playlist_rendition(&lists[i], name, &film);
		addition.r[i] = rendition_of(names[i], &film);
		files[2 * i] = (struct film_file){file, w->film.film < 0 ? S("audio/mp4") : S("video/mp4"), STR_NONE, f[i].fd};
		files[2 * i + 1] = (struct film_file){arena_printf(w->c->arena, "%s.m3u8", name.p), S("application/vnd.apple.mpegurl"),
		                                      buf_str(&lists[i]), -1};
	}
	if (!e)
		e = film_keep(w->c, w->m.id, files, 2 * n, add, &addition);
	for (size_t i = 0; i < 2; i++) {
		film_made_close(&f[i]);
		buf_free(&lists[i]);
	}
	return e;
}

/* ── poster and storyboard ── */

static err clean_picture(struct work *w, const char *name, struct picture *out, bool *found) {
	struct film_made f;
	*found = film_made_open(&w->folder, name, &f);
	err e =
	    *found ? decoder_picture(w->c->arena, w->c->site->decoder, &(struct picture_source){.mem = f.map}, PICTURE_STILL, out) : NULL;
	struct err kept = e ? *e : (struct err){0};
	film_made_close(&f);
	return e ? err_copy(&kept) : NULL;
}

static void put_tiles(struct buf *out, const struct work *w, const struct picture *p) {
	struct film_tiles t = film_tiles(&w->film);
	/* As wide as the picture is, whatever was ordered. */
	playlist_storyboard(out, &(struct storyboard){.n = t.n,
	                                              .columns = t.columns,
	                                              .width = p->width / t.columns,
	                                              .height = p->height / t.rows,
	                                              .every = t.every,
	                                              .seconds = w->film.seconds});
}

static err keep_pictures(struct work *w) {
	struct picture poster, story;
	struct addition addition = {.w = w};
	struct film_file files[3];
	size_t n = 0;
	bool has_poster, has_story;
	BUF_AUTO map = {0};
	char hash[MEDIA_HASH_MAX];
	TRY(clean_picture(w, "poster.webp", &poster, &has_poster));
	TRY(clean_picture(w, "storyboard.webp", &story, &has_story));
	if (has_poster) {
		files[n++] = (struct film_file){S("poster.webp"), str_of(poster.type), poster.bytes, -1};
		snprintf(hash, sizeof hash, "%.*s", S_ARG(poster.blurhash));
		addition.has |= MEDIA_HAS_POSTER;
		addition.small_width = poster.width;
		addition.small_height = poster.height;
		addition.blurhash = hash;
	}
	if (has_story) {
		put_tiles(&map, w, &story);
		files[n++] = (struct film_file){S("storyboard.webp"), str_of(story.type), story.bytes, -1};
		files[n++] = (struct film_file){S("storyboard.vtt"), S("text/vtt"), buf_str(&map), -1};
		addition.has |= MEDIA_HAS_STORYBOARD;
	}
	return n ? film_keep(w->c, w->m.id, files, n, add, &addition) : NULL;
}

/* ── the steps ── */

/* What ffmpeg cannot read is read by the decoder of pictures first. */
static err unfold(struct work *w) {
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.*s/frames", PATH_MAX - 64, w->folder.path);
	int in = open(w->folder.source, O_RDONLY | O_CLOEXEC), out = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct picture_source from = {.fd = in, .size = w->m.source_size};
	err e = in < 0 || out < 0 ? io("unfolding an animation") : decoder_frames(w->c->arena, w->c->site->decoder, &from, out);
	if (!e && rename(path, w->folder.source) != 0)
		e = io("unfolding an animation");
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return e;
}

/* Which demuxer may read it: by its own first bytes. */
static err choose_demuxer(struct work *w, const char **out) {
	char head[CONTAINER_HEAD];
	int fd = open(w->folder.source, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof head) : -1;
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return io("reading the source");
	struct str s = str_mem(head, (size_t)n);
	if (container_cut(s, w->m.source_size))
		return damaged();
	if (picture_type_of(s) == PICTURE_WEBP) {
		*out = "yuv4mpegpipe";
		return unfold(w);
	}
	*out = str_starts(s, S("GIF8")) ? "gif" : container_demuxer(s);
	return *out ? NULL : err_public(ERR_INVALID, "This is not a video or a sound that can be used here");
}

static err probe(struct work *w) {
	const char *demuxer;
	TRY(begin(w, "probing", 0, 1));
	TRY(film_folder_fetch(w->c->site, &w->m.source, w->folder.source));
	TRY(choose_demuxer(w, &demuxer));
	TRY(film_probe(w->c->arena, w->c->site->films, &w->folder.at, demuxer, &w->film));
	return film_keep(w->c, w->m.id, NULL, 0, become, w);
}

/* Whether the source's own pictures make a good rendition; if so, where their key frames are. */
static err try_own(struct work *w, bool *good) {
	struct film_rung rungs[FILM_RUNGS];
	size_t n = film_rungs(&w->film, true, rungs);
	struct film_made f = FILM_MADE_NONE;
	struct mp4_film own;
	*good = false;
	err e = film_keep_own(w->c->arena, w->c->site->films, &w->folder.at, &w->film, &rungs[n - 1]);
	if (e)
		return e->code == ERR_INVALID ? NULL : e;
	struct str name = arena_printf(w->c->arena, "%d.mp4", rungs[n - 1].name);
	if (!look(w, name.p, &f, &own) && is_whole(w, &own) && own.n <= KEYS_MOST) {
		*good = true;
		w->keys = arena_many(w->c->arena, double, own.n);
		w->key_count = own.n;
		for (size_t i = 0; i < own.n; i++) {
			w->keys[i] = own.fragments[i].at;
			*good &= own.fragments[i].seconds * 1000 <= KEY_MOST_MS + 1;
		}
	}
	film_made_close(&f);
	return NULL;
}

/* Whether the fragments of a rendition begin where the source's own do. */
static bool is_aligned(struct work *w, const char *name) {
	struct film_made f = FILM_MADE_NONE;
	struct mp4_film film;
	bool aligned = !look(w, name, &f, &film) && film.n == w->key_count;
	for (size_t i = 0; aligned && i < film.n; i++)
		aligned = fabs(film.fragments[i].at - w->keys[i]) * 1000 < ALIGNED_MS;
	film_made_close(&f);
	return aligned;
}

static err make(struct work *w, const struct film_rung *rungs, size_t n, bool pictures) {
	struct film_order o = {.rungs = rungs,
	                       .n = n,
	                       .poster = pictures,
	                       .storyboard = pictures,
	                       .keys = w->keys,
	                       .key_count = w->key_count,
	                       .progress = go_on,
	                       .ctx = w};
	return film_make(w->c->arena, w->c->site->films, &w->folder.at, &w->film, &o);
}

static double area(const struct film_rung *r) { return (double)r->width * r->height; }

/* What reading the film once costs, measured in pixels that are written. */
static double reading(const struct work *w) { return 0.35 * w->film.width * w->film.height; }

static struct str stage_of(struct work *w, const struct film_rung *r) { return arena_printf(w->c->arena, "%dp", r->name); }

/* The share of the smallest rendition in all the work. */
static double first_share(const struct work *w) {
	double rest = 0, first = reading(w) + (w->rungs[0].kept ? 0 : area(&w->rungs[0]));
	for (size_t i = 1; i < w->n; i++)
		rest += w->rungs[i].kept ? 0 : area(&w->rungs[i]);
	return rest > 0 ? first / (first + rest + reading(w)) : 1;
}

/* The smallest rendition first, with all that is seen of a film before it plays. The source's own pictures are kept with it, when they
 * are and its key frames fell where theirs do. */
static err make_first(struct work *w, double until) {
	bool own = w->n && w->rungs[w->n - 1].kept, alone = own && w->n == 1;
	struct str stage = stage_of(w, &w->rungs[0]);
	TRY(begin(w, stage.p, 2, until));
	TRY(make(w, w->rungs, alone ? 0 : 1, true));
	struct str file = arena_printf(w->c->arena, "%d.mp4", w->rungs[0].name);
	if (own && !alone && !is_aligned(w, file.p)) {
		w->keys = NULL;
		w->key_count = 0;
		w->n = film_rungs(&w->film, false, w->rungs);
		return make_first(w, until);
	}
	TRY(begin(w, "poster", until, until + 1));
	TRY(keep_pictures(w));
	int names[] = {w->rungs[0].name, w->rungs[w->n - 1].name};
	return keep_renditions(w, names, own && !alone ? 2 : 1);
}

static err make_others(struct work *w, double from) {
	struct film_rung rest[FILM_RUNGS];
	size_t n = 0;
	for (size_t i = 1; i < w->n; i++)
		if (!w->rungs[i].kept && !has_rendition(w, w->rungs[i].name))
			rest[n++] = w->rungs[i];
	if (!n)
		return NULL;
	TRY(begin(w, stage_of(w, &rest[n - 1]).p, from, 96));
	TRY(make(w, rest, n, false));
	TRY(begin(w, "storing", 96, 97));
	for (size_t i = 0; i < n; i++)
		TRY(keep_renditions(w, &rest[i].name, 1));
	return NULL;
}

/* FROM.mp4 may be of an earlier run: then it is in the store. */
static err make_fallback(struct work *w, const char *from, const char *to, struct str type) {
	struct film_made f = FILM_MADE_NONE;
	struct media_file kept;
	bool found;
	char path[PATH_MAX];
	TRY(begin(w, "fallback", 97, 99));
	film_folder_path(&w->folder, from, path);
	if (access(path, R_OK) != 0) {
		TRY(store_media_file_get(w->c->arena, w->c->db, w->m.id, str_of(from), &kept, &found));
		db_rest(w->c->db);
		if (!found)
			return err_private(ERR_INTERNAL, "media: %s is not there", from);
		TRY(film_folder_fetch(w->c->site, &kept.blob, path));
	}
	TRY(film_lay(w->c->arena, w->c->site->films, &w->folder.at, from, to));
	struct addition addition = {.w = w, .has = MEDIA_HAS_FALLBACK};
	err e = !film_made_open(&w->folder, to, &f) || !mp4_clean(f.map)
	            ? err_private(ERR_INTERNAL, "media: %s is not what was ordered", to)
	            : NULL;
	struct film_file file = {str_of(to), type, STR_NONE, f.fd};
	if (!e)
		e = film_keep(w->c, w->m.id, &file, 1, add, &addition);
	film_made_close(&f);
	return e;
}

static err make_sound(struct work *w) {
	if (!w->m.rendition_count) {
		TRY(begin(w, "audio", 2, 95));
		TRY(make(w, NULL, 0, false));
		TRY(keep_renditions(w, (int[]){0}, 1));
	}
	return w->m.has & MEDIA_HAS_FALLBACK ? NULL : make_fallback(w, "audio.mp4", "fallback.m4a", S("audio/mp4"));
}

/* The largest rendition that old clients can be asked to load whole. */
static int fallback_rung(const struct work *w) {
	int best = w->rungs[0].name;
	for (size_t i = 0; i < w->n; i++)
		if (w->rungs[i].name <= 720)
			best = w->rungs[i].name;
	return best;
}

static err make_film(struct work *w) {
	bool own = false;
	char from[32];
	if (w->film.fits)
		TRY(try_own(w, &own));
	if (!own) {
		w->keys = NULL;
		w->key_count = 0;
	}
	w->n = film_rungs(&w->film, own, w->rungs);
	double until = 2 + 93 * first_share(w);
	if (!has_rendition(w, w->rungs[0].name) || !(w->m.has & MEDIA_HAS_POSTER))
		TRY(make_first(w, until));
	TRY(make_others(w, until + 1));
	snprintf(from, sizeof from, "%d.mp4", fallback_rung(w));
	return w->m.has & MEDIA_HAS_FALLBACK ? NULL : make_fallback(w, from, "fallback.mp4", S("video/mp4"));
}

static err steps(struct work *w) {
	TRY(film_folder_make(w->c->site, w->m.id, &w->folder));
	TRY(probe(w));
	TRY(w->film.film < 0 ? make_sound(w) : make_film(w));
	return film_finish(w->c, w->m.id);
}

static err add_again(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_JOBS_CHANGED, 0, 0, 0));
	return store_job_add(tx, S(MEDIA_FILM), 0, *(int64_t *)arg, 0, STR_NONE, NULL);
}

/* What failed for good is said to whoever uploaded it; what may yet work is tried again. Being stopped is no try. */
static err conclude(struct work *w, const struct job *job, const struct err *e) {
	if (!e || e->code == ERR_NOT_FOUND)
		return NULL;
	if (films_stopped(w->c->site->films))
		return tx_run(w->c->db, add_again, &w->m.id);
	if (e->code == ERR_INVALID)
		return film_fail(w->c, w->m.id, str_of(e->text));
	if (job->tries + 1 < FILM_JOB_TRIES)
		return err_copy(e);
	log_error("media: film %lld: %s %s", (long long)w->m.id, e->text, e->cause);
	return film_fail(w->c, w->m.id, S("The file could not be converted; please try again later"));
}

err film_job(struct ctx *c, const struct job *job) {
	struct work *w = arena_one(c->arena, struct work);
	bool found;
	w->c = c;
	TRY(store_media_by_id(c->arena, c->db, job->a, &w->m, &found));
	db_rest(c->db);
	if (!found || !media_is_film(w->m.kind) || !w->m.has_source || w->m.state == MEDIA_FAILED)
		return NULL;
	err e = films_refusal(c->site->films) ? err_private(ERR_UNAVAILABLE, "media: films cannot be made here") : steps(w);
	struct err kept = e ? *e : (struct err){0};
	film_folder_remove(&w->folder);
	e = conclude(w, job, e ? &kept : NULL);
	return e && e->code == ERR_NOT_FOUND ? NULL : e;
}
