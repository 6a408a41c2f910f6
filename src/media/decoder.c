#include "media/decoder.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/must.h"
#include "config/config.h"
#include "media/walls.h"
#include "wire/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TIMEOUT_MS = 30 * 1000,
	FRAMES_TIMEOUT_MS = 120 * 1000,
	LINES_MAX_BYTES = 1024,
	SIDE_MOST = 4096,
	OUTPUT_MOST = 64 << 20,
};

enum walls { WALLS_NONE, WALLS_LIMITS, WALLS_SANDBOX };

struct decoder {
	enum walls walls;
	char program[4096];
	int64_t size_limit, pixel_limit;
	pthread_mutex_t lock;
	pthread_cond_t turn;
	int running, running_most;
	int inside, inside_most; /* running or waiting: each holds a worker */
};

static const struct {
	const char *word;
	bool hash;
} shapes[] = {
#define SHAPE(NAME, word, width, height, fit, hash) {word, hash},
#include "media/shapes.def"
};

/* ── one run: four memory files, closed together ── */

struct run_files {
	int in, line, complaint, out;
};

static void close_files(struct run_files *f) {
	int *const all[] = {&f->in, &f->line, &f->complaint, &f->out};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (*all[i] >= 0)
			close(*all[i]);
}

static err memory_file(int *fd) {
	*fd = memfd_create("freehold-media", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return *fd >= 0 ? NULL : err_private(ERR_UNAVAILABLE, "media: no memory file: %s", strerror(errno));
}

static err fill_input(int fd, const struct picture_source *from) {
	char block[65536];
	int64_t total = from->mem.p ? (int64_t)from->mem.n : from->size;
	for (int64_t done = 0; done < total;) {
		size_t want = total - done < (int64_t)sizeof block ? (size_t)(total - done) : sizeof block;
		ssize_t n = from->mem.p ? (ssize_t)want : pread(from->fd, block, want, from->offset + done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_private(ERR_INTERNAL, "media: reading the upload: %s", n ? strerror(errno) : "it ends early");
		if (write(fd, from->mem.p ? from->mem.p + done : block, (size_t)n) != n)
			return err_private(ERR_UNAVAILABLE, "media: copying the upload: %s", strerror(errno));
		done += n;
	}
	if (lseek(fd, 0, SEEK_SET) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
		return err_private(ERR_INTERNAL, "media: sealing the upload: %s", strerror(errno));
	return NULL;
}

static err open_files(struct run_files *f, const struct picture_source *from) {
	*f = (struct run_files){-1, -1, -1, -1};
	TRY(memory_file(&f->in));
	TRY(memory_file(&f->line));
	TRY(memory_file(&f->complaint));
	TRY(memory_file(&f->out));
	return fill_input(f->in, from);
}

/* The whole of a memory file, at most `most` bytes. */
static struct str slurp(struct arena *a, int fd, size_t most) {
	struct stat st;
	if (fstat(fd, &st) != 0 || st.st_size <= 0)
		return STR_NONE;
	size_t n = (size_t)st.st_size < most ? (size_t)st.st_size : most, done = 0;
	char *p = arena_alloc(a, n + 1);
	while (done < n) {
		ssize_t got = pread(fd, p + done, n - done, (off_t)done);
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	p[done] = 0;
	return str_mem(p, done);
}

/* ── what the child said, believed only where it can be checked ── */

static err fault(struct str word) {
	if (str_eq(word, S("type")))
		return err_public(ERR_INVALID, "This is not a picture that can be used here: JPEG, PNG, GIF, WebP, AVIF or HEIC");
	if (str_eq(word, S("pixels")))
		return err_public(ERR_INVALID, "The picture has too many pixels");
	if (str_eq(word, S("sides")))
		return err_public(ERR_INVALID, "The picture is too long or too high for its other side");
	if (str_eq(word, S("broken")))
		return err_public(ERR_INVALID, "The picture is damaged or cut off");
	return err_private(ERR_INTERNAL, "media: the child failed");
}

static bool read_number(struct str *rest, int64_t most, int64_t *out) {
	return str_i64(str_cut(rest, ' '), out) && *out > 0 && *out <= most;
}

static bool read_hash(struct str s) {
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
	for (size_t i = 0; i < s.n; i++)
		if (!memchr(alphabet, s.p[i], sizeof alphabet - 1))
			return false;
	return s.n >= 6 && s.n < 48;
}

/* What stands before the ending: "main", or a size of that shape. NULL: neither. */
static const char *known_stem(struct str stem, enum picture_shape shape) {
	static const struct {
		enum picture_shape shape;
		const char *stem;
	} sizes[] = {
#define SIZE(SHAPE, file, width, height, type, quality, effort) {PICTURE_##SHAPE, file},
#include "media/shapes.def"
	};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (sizes[i].shape == shape && str_eq(stem, str_of(sizes[i].stem)))
			return sizes[i].stem;
	return str_eq(stem, S("main")) ? "main" : NULL;
}

/* One of the files, as the child described it in a line; its bytes are the first of *raw, and are taken off. Only pixels leave,
 * whatever was written. */
static bool read_file(struct arena *a, struct str line, enum picture_shape shape, struct str *raw, struct picture_size *out) {
	int64_t width, height, length;
	BUF_AUTO bare = {0};
	struct str name = str_cut(&line, ' ');
	const char *stem = known_stem(str_cut(&name, '.'), shape);
	if (!stem || !read_number(&line, SIDE_MOST, &width) || !read_number(&line, SIDE_MOST, &height) ||
	    !read_number(&line, (int64_t)raw->n, &length))
		return false;
	struct str bytes = str_first(*raw, (size_t)length);
	*raw = str_skip(*raw, (size_t)length);
	buf_reserve(&bare, bytes.n + 64);
	if (!picture_bare(bytes, &bare))
		return false;
	*out = (struct picture_size){
	    .name = arena_printf(a, "%s.%s", stem, picture_ending(picture_type_of(bytes))),
	    .bytes = arena_str(a, buf_str(&bare)),
	    .width = (int)width,
	    .height = (int)height,
	};
	return true;
}

static bool has_size(const struct picture *p, struct str name) {
	for (size_t i = 0; i < p->size_count; i++)
		if (str_eq(p->sizes[i].name, name))
			return true;
	return false;
}

static bool read_sizes(struct arena *a, struct str lines, enum picture_shape shape, struct str raw, struct picture *out) {
	bool shown_by_all = !str_eq(str_of(out->type), S("image/webp"));
	while (lines.n) {
		struct picture_size size;
		if (out->size_count == PICTURE_SIZES || !read_file(a, str_cut(&lines, '\n'), shape, &raw, &size) ||
		    has_size(out, size.name))
			return false;
		/* Except where it is there for clients that cannot show the picture itself. */
		if (size.bytes.n < out->bytes.n || (!shown_by_all && str_starts(size.name, S("preview."))))
			out->sizes[out->size_count++] = size;
	}
	return true;
}

static bool read_result(struct arena *a, struct str lines, enum picture_shape shape, struct str raw, struct picture *out) {
	struct picture_size main;
	struct str hash = str_cut(&lines, '\n');
	if (!read_file(a, str_cut(&lines, '\n'), shape, &raw, &main) || !str_starts(main.name, S("main.")))
		return false;
	enum picture_type type = picture_type_of(main.bytes);
	out->bytes = main.bytes;
	out->type = picture_mime(type);
	out->ending = picture_ending(type);
	out->width = main.width;
	out->height = main.height;
	if (shapes[shape].hash && !read_hash(hash))
		return false;
	out->blurhash = shapes[shape].hash ? arena_str(a, hash) : STR_NONE;
	return read_sizes(a, lines, shape, raw, out);
}

/* What the child wrote, where it lies: it is over, and nobody can change it any more. STR_NONE when that is not certain. */
static struct str map_output(int fd) {
	struct stat st;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK) != 0 || fstat(fd, &st) != 0 || st.st_size <= 0 ||
	    st.st_size > OUTPUT_MOST)
		return STR_NONE;
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	return p == MAP_FAILED ? STR_NONE : str_mem(p, (size_t)st.st_size);
}

static bool read_output(struct arena *a, struct str lines, enum picture_shape shape, int fd, struct picture *out) {
	struct str raw = map_output(fd);
	bool well = raw.p && read_result(a, lines, shape, raw, out);
	if (raw.p)
		munmap((void *)(uintptr_t)raw.p, raw.n);
	return well;
}

static err read_answer(struct arena *a, const struct run_files *f, enum picture_shape shape, int status, struct picture *out) {
	struct str lines = str_trim(slurp(a, f->line, LINES_MAX_BYTES));
	struct str word = str_cut(&lines, ' ');
	if (status == 0 && str_eq(word, S("ok")) && read_output(a, lines, shape, f->out, out))
		return NULL;
	if (status == 0 && str_eq(word, S("no")))
		return fault(lines);
	struct str complaint = str_trim(slurp(a, f->complaint, 200));
	log_warn("media: the child ended with %d: %.*s", status, S_ARG(complaint));
	/* Out of its memory or time: the picture's doing. */
	if (status > 128)
		return err_public(ERR_INVALID, "The picture takes too much memory or time to read");
	return err_private(ERR_INTERNAL, "media: the child ended with %d", status);
}

static err decode(struct arena *a, struct decoder *d, enum walls walls, const struct picture_source *from, enum picture_shape shape,
                  struct picture *out) {
	char pixels[24];
	snprintf(pixels, sizeof pixels, "%lld", (long long)d->pixel_limit);
	const char *const args[] = {shapes[shape].word, pixels, walls == WALLS_SANDBOX ? "walled" : "alone", NULL};
	struct run_files f;
	int status = 0;
	err e = open_files(&f, from);
	if (!e)
		e = child_run(&(struct child_run){.program = d->program,
		                                  .args = args,
		                                  .bubblewrap = walls == WALLS_SANDBOX,
		                                  .in = f.in,
		                                  .line = f.line,
		                                  .complaint = f.complaint,
		                                  .out = f.out,
		                                  .timeout_ms = TIMEOUT_MS},
		              &status);
	if (!e)
		e = read_answer(a, &f, shape, status, out);
	close_files(&f);
	return e;
}

/* ── taking turns ── */

static err enter(struct decoder *d) {
	pthread_mutex_lock(&d->lock);
	bool full = d->inside >= d->inside_most;
	if (!full) {
		d->inside++;
		while (d->running >= d->running_most)
			pthread_cond_wait(&d->turn, &d->lock);
		d->running++;
	}
	pthread_mutex_unlock(&d->lock);
	return full ? err_public(ERR_UNAVAILABLE, "Many pictures are being read at the moment; please try again in a few seconds") : NULL;
}

static void leave(struct decoder *d) {
	pthread_mutex_lock(&d->lock);
	d->inside--;
	d->running--;
	pthread_cond_signal(&d->turn);
	pthread_mutex_unlock(&d->lock);
}

err decoder_picture(struct arena *a, struct decoder *d, const struct picture_source *from, enum picture_shape shape, struct picture *out) {
	*out = (struct picture){.blurhash = STR_NONE};
	if (d->walls == WALLS_NONE)
		return err_public(ERR_UNAVAILABLE, "Pictures cannot be taken: this server has no sandbox to read them in");
	int64_t size = from->mem.p ? (int64_t)from->mem.n : from->size;
	if (size == 0)
		return err_public(ERR_INVALID, "The file is empty");
	if (size > d->size_limit)
		return err_public(ERR_INVALID, "The picture is larger than %lld MB", (long long)(d->size_limit >> 20));
	TRY(enter(d));
	err e = decode(a, d, d->walls, from, shape, out);
	leave(d);
	return e;
}

enum { FRAMES_PIXELS = 300 * 1000 * 1000, FRAMES_MIB = 1024 };

static err decode_frames(struct arena *a, struct decoder *d, const struct picture_source *from, int out) {
	char pixels[24], size[24];
	snprintf(pixels, sizeof pixels, "%d", FRAMES_PIXELS);
	snprintf(size, sizeof size, "%d", FRAMES_MIB);
	const char *const args[] = {"frames", pixels, size, NULL};
	struct run_files f;
	int status = 0;
	err e = open_files(&f, from);
	if (!e)
		e = child_run(&(struct child_run){.program = d->program,
		                                  .args = args,
		                                  .bubblewrap = d->walls == WALLS_SANDBOX,
		                                  .in = f.in,
		                                  .line = f.line,
		                                  .complaint = f.complaint,
		                                  .out = out,
		                                  .timeout_ms = FRAMES_TIMEOUT_MS},
		              &status);
	struct str line = e ? STR_NONE : str_trim(slurp(a, f.line, LINES_MAX_BYTES)), word = str_cut(&line, ' ');
	if (!e && (status != 0 || !str_eq(word, S("ok"))))
		e = status == 0 && str_eq(word, S("no")) ? fault(line)
		                                         : err_public(ERR_INVALID, "The animation takes too much memory or time to read");
	close_files(&f);
	return e;
}

err decoder_frames(struct arena *a, struct decoder *d, const struct picture_source *from, int out) {
	if (d->walls == WALLS_NONE)
		return err_public(ERR_UNAVAILABLE, "Pictures cannot be taken: this server has no sandbox to read them in");
	TRY(enter(d));
	err e = decode_frames(a, d, from, out);
	leave(d);
	return e;
}

/* ── the start ── */

/* PNG, one white pixel. */
static const char one_pixel[] = "\211PNG\015\012\032\012\000\000\000\015IHDR\000\000\000\001\000\000\000\001\010\000\000\000\000\072\176"
                                "\233U\000\000\000\012IDAT\170\332\143\370"
                                "\017\000\001\001\001\000\034\260\214\231\000\000\000\000IEND\256B\140\202";

static bool works(struct decoder *d, enum walls walls) {
	struct arena *a = arena_new();
	struct picture p;
	err e = decode(a, d, walls, &(struct picture_source){.mem = str_mem(one_pixel, sizeof one_pixel - 1)}, PICTURE_WHOLE, &p);
	if (e)
		log_warn("media: %s: %s", walls == WALLS_SANDBOX ? "the sandbox does not work here" : "pictures cannot be read here",
		         e->cause[0] ? e->cause : e->text);
	arena_free(&a);
	return !e;
}

static void choose_walls(struct decoder *d, const struct config *config) {
	bool limits_do = str_eq(config_text(config, SET_media_without_sandbox), S("limits"));
	if (works(d, WALLS_SANDBOX))
		d->walls = WALLS_SANDBOX;
	else if (limits_do && works(d, WALLS_LIMITS))
		d->walls = WALLS_LIMITS;
	if (d->walls == WALLS_LIMITS)
		log_warn("media: pictures are read without bubblewrap, behind limits and a system call filter only");
	if (d->walls == WALLS_NONE)
		log_warn("media: pictures are refused: bubblewrap does not start, mostly for want of user namespaces "
		         "(media.without_sandbox=limits goes on without)");
}

struct decoder *decoder_new(const struct config *config, struct str program) {
	struct decoder *d = xcalloc(1, sizeof *d);
	must(program.n < sizeof d->program);
	memcpy(d->program, program.p, program.n);
	d->size_limit = config_number(config, SET_media_picture_limit);
	d->pixel_limit = config_number(config, SET_media_pixel_limit);
	d->running_most = (int)config_number(config, SET_media_at_once);
	/* Waiting for a turn holds a worker: some must stay for everybody else. */
	int64_t cores = sysconf(_SC_NPROCESSORS_ONLN), workers = config_number(config, SET_server_workers);
	if (!workers)
		workers = cores * 4 < 8 ? 8 : cores * 4;
	d->inside_most = (int)(workers * 3 / 4 > 0 ? workers * 3 / 4 : 1);
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->turn, NULL);
	choose_walls(d, config);
	return d;
}

void decoder_free(struct decoder **d) {
	if (!*d)
		return;
	pthread_mutex_destroy(&(*d)->lock);
	pthread_cond_destroy(&(*d)->turn);
	free(*d);
	*d = NULL;
}

const char *decoder_walls(const struct decoder *d) {
	static const char *const names[] = {"none", "limits", "sandbox"};
	return names[d->walls];
}

const char *decoder_program(const struct decoder *d) { return d->program; }
