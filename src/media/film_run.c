#include "base/log.h"
#include "base/must.h"
#include "config/config.h"
#include "media/decoder.h"
#include "media/film_parts.h"
#include "media/walls.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAID_MOST = 16 << 20, PROGRESS_TAIL = 4096, COMPLAINT_MOST = 2000 };

/* ── words ── */

void word(struct words *w, const char *text) { vec_push(w->a, &w->v, text); }

void words_printf(struct words *w, const char *fmt, ...) {
	va_list ap;
	va_start(ap, fmt);
	word(w, arena_vprintf(w->a, fmt, ap).p);
	va_end(ap);
}

void words_lit(struct words *w, const char *text) {
	struct str rest = str_of(text);
	while (rest.n)
		word(w, arena_str(w->a, str_cut(&rest, ' ')).p);
}

const char *film_source_seen(const struct films *f, const struct film_place *at) { return f->sandbox ? CHILD_INPUT : at->source; }
const char *film_folder_seen(const struct films *f, const struct film_place *at) { return f->sandbox ? CHILD_OUTPUT : at->folder; }

/* ── one run ── */

struct run {
	struct films *f;
	const struct film_order *o;
	int none, said, complaint;
	double seconds;
};

static struct str tail(struct arena *a, int fd, size_t most) {
	struct stat st;
	if (fstat(fd, &st) != 0 || st.st_size <= 0)
		return STR_NONE;
	size_t n = (size_t)st.st_size < most ? (size_t)st.st_size : most;
	char *p = arena_alloc(a, n + 1);
	ssize_t got = pread(fd, p, n, st.st_size - (off_t)n);
	return str_mem(p, got > 0 ? (size_t)got : 0);
}

/* The last out_time_us=… that -progress wrote. */
static void read_progress(struct run *r) {
	struct arena *a = arena_new();
	struct str text = tail(a, r->said, PROGRESS_TAIL);
	while (text.n) {
		int64_t us;
		struct str line = str_cut(&text, '\n');
		if (str_starts(line, S("out_time_us=")) && str_i64(str_skip(line, 12), &us) && us > 0)
			r->seconds = (double)us / 1e6;
	}
	arena_free(&a);
}

static bool tick(void *ctx) {
	struct run *r = ctx;
	if (r->f->stopping)
		return false;
	if (!r->o || !r->o->progress)
		return true;
	read_progress(r);
	return r->o->progress(r->o->ctx, r->seconds);
}

static err judge(struct words *w, const struct run *r, const char *tool, int status) {
	if (status == 0)
		return NULL;
	struct str complaint = str_trim(tail(w->a, r->complaint, COMPLAINT_MOST));
	if (status == CHILD_TIME_OVER)
		return err_public(ERR_INVALID, "The file takes too much time to convert");
	if (status == CHILD_STOPPED)
		return err_private(ERR_UNAVAILABLE, "media: making a film was stopped");
	log_info("media: %s ended with %d: %.*s", tool, status, S_ARG(complaint));
	if (str_find(complaint, S("No space left")) >= 0)
		return err_private(ERR_UNAVAILABLE, "media: the disk is full");
	if (str_find(complaint, S("annot allocate memory")) >= 0)
		return err_public(ERR_INVALID, "The file takes too much memory to convert");
	/* Somebody killed it, or its own walls did not stand. */
	if (status == 128 + SIGKILL || status == 127 || status == 3)
		return err_private(ERR_UNAVAILABLE, "media: %s ended with %d", tool, status);
	return err_public(ERR_INVALID, "The file is damaged, cut off, or of a kind that cannot be read");
}

static err open_files(struct run *r) {
	r->none = memfd_create("freehold-none", MFD_CLOEXEC);
	r->said = memfd_create("freehold-said", MFD_CLOEXEC);
	r->complaint = memfd_create("freehold-complaint", MFD_CLOEXEC);
	return r->none < 0 || r->said < 0 || r->complaint < 0 ? err_private(ERR_UNAVAILABLE, "media: no memory file: %s", strerror(errno))
	                                                      : NULL;
}

static void close_files(struct run *r) {
	if (r->none >= 0)
		close(r->none);
	if (r->said >= 0)
		close(r->said);
	if (r->complaint >= 0)
		close(r->complaint);
}

/* What stands before the tool's own words: see media/child/main.c. */
static void put_walls(struct words *all, const struct films *f, const struct film_place *at, const char *tool, int64_t output_mib) {
	int64_t cores = sysconf(_SC_NPROCESSORS_ONLN);
	word(all, "film");
	word(all, film_source_seen(f, at));
	word(all, film_folder_seen(f, at));
	/* The wall's clock ends it first. */
	words_printf(all, "%lld", (long long)(f->time_s * cores + 60));
	words_printf(all, "%lld", (long long)(f->memory >> 20));
	words_printf(all, "%lld", (long long)output_mib);
	word(all, f->priority);
	word(all, f->sandbox ? "walled" : "alone");
	words_printf(all, "/usr/bin/%s", tool);
}

err film_run(struct words *w, struct films *f, const struct film_place *at, const char *tool, int64_t output_mib,
             const struct film_order *o, struct str *said) {
	struct words all = {.a = w->a};
	struct run r = {.f = f, .o = o};
	int status = 0;
	put_walls(&all, f, at, tool, output_mib);
	for (size_t i = 0; i < w->v.n; i++)
		word(&all, w->v.v[i]);
	word(&all, NULL);
	err e = open_files(&r);
	if (!e)
		e = child_run(&(struct child_run){.program = f->program,
		                                  .args = all.v.v,
		                                  .bubblewrap = f->sandbox,
		                                  .in = r.none,
		                                  .line = r.said,
		                                  .out = r.none,
		                                  .complaint = r.complaint,
		                                  .input = at->source,
		                                  .output = at->folder,
		                                  .timeout_ms = f->time_s * 1000,
		                                  .tick = tick,
		                                  .ctx = &r},
		              &status);
	if (!e)
		e = judge(w, &r, tool, status);
	if (!e && said)
		*said = tail(w->a, r.said, SAID_MOST);
	close_files(&r);
	return e;
}

/* ── the start ── */

/* ffmpeg says its version behind the walls, in an empty folder. */
static err try_out(struct films *f) {
	char folder[] = "/tmp/freehold-try-XXXXXX";
	struct words w = {.a = arena_new()};
	struct str said = STR_NONE;
	words_lit(&w, "-hide_banner -version");
	err e = mkdtemp(folder) ? film_run(&w, f, &(struct film_place){f->program, folder}, "ffmpeg", 1, NULL, &said)
	                        : err_private(ERR_UNAVAILABLE, "media: no folder in /tmp: %s", strerror(errno));
	if (!e && !str_starts(said, S("ffmpeg version")))
		e = err_private(ERR_UNAVAILABLE, "media: ffmpeg does not say who it is");
	rmdir(folder);
	arena_free(&w.a);
	return e;
}

static void copy_text(char out[16], struct str s) { snprintf(out, 16, "%.*s", S_ARG(s)); }

struct films *films_new(const struct config *config, const struct decoder *d) {
	struct films *f = xcalloc(1, sizeof *f);
	int64_t cores = sysconf(_SC_NPROCESSORS_ONLN), threads = config_number(config, SET_media_film_threads);
	*f = (struct films){
	    .program = decoder_program(d),
	    .sandbox = strcmp(decoder_walls(d), "sandbox") == 0,
	    .pixels = config_number(config, SET_media_film_pixels),
	    .rate = config_number(config, SET_media_film_rate),
	    .duration_s = config_number(config, SET_media_film_duration),
	    .size = config_number(config, SET_media_film_limit),
	    .memory = config_number(config, SET_media_film_memory),
	    .time_s = config_number(config, SET_media_film_time),
	    .threads = (int)(threads ? threads : cores),
	    .av1 = str_eq(config_text(config, SET_media_film_codec), S("av1")),
	};
	copy_text(f->preset, config_text(config, SET_media_film_preset));
	copy_text(f->priority, config_text(config, SET_media_film_priority));
	err e = strcmp(decoder_walls(d), "none") == 0 ? NULL : try_out(f);
	if (strcmp(decoder_walls(d), "none") == 0) {
		f->refusal = "Videos and sounds cannot be taken: this server has no sandbox to read them in";
	} else if (e) {
		log_warn("media: videos and sounds are refused: %s", e->cause[0] ? e->cause : e->text);
		f->refusal = "Videos and sounds cannot be taken: ffmpeg does not run on this server";
	}
	return f;
}

void films_free(struct films **f) {
	free(*f);
	*f = NULL;
}

const char *films_refusal(const struct films *f) { return f->refusal; }
void films_stop(struct films *f) { f->stopping = true; }
bool films_stopped(const struct films *f) { return f->stopping; }
