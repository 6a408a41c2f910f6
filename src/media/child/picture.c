#include "picture.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>

enum {
	JPEG_QUALITY = 86,
	WEBP_QUALITY = 84,
	PNG_MOST_PIXELS = 4 * 1000 * 1000, /* above this an opaque PNG takes seconds to pack and megabytes to keep */
	SIDE_MOST = 32767,
	HASH_SIDE = 48,
};

enum fit { FIT, FILL };
enum type { JPEG, PNG, WEBP, ANY };

struct shape {
	const char *word;
	int width, height;
	enum fit fit;
	bool hash;
};

struct size {
	int shape; /* index into shapes */
	const char *name;
	int width, height;
	enum type type;
	int quality, effort;
};

static const struct shape shapes[] = {
#define SHAPE(NAME, word, width, height, fit, hash) {word, width, height, fit, hash},
#include "../shapes.def"
};

enum {
#define SHAPE(NAME, word, width, height, fit, hash) SHAPE_##NAME,
#include "../shapes.def"
};

static const struct size sizes[] = {
#define SIZE(SHAPE, file, width, height, type, quality, effort) {SHAPE_##SHAPE, file, width, height, type, quality, effort},
#include "../shapes.def"
};

enum format { FORMAT_NONE, FORMAT_JPEG, FORMAT_PNG, FORMAT_WEBP, FORMAT_WEBP_LOSSLESS, FORMAT_GIF, FORMAT_HEIF };

void picture_start(const char *program) {
	/* liborc compiles loops at run time, into memory that would have to be executable. */
	setenv("VIPS_NOVECTOR", "1", 1);
	setenv("VIPS_WARNING", "1", 1);
	if (VIPS_INIT(program))
		_Exit(3);
	vips_concurrency_set(2);
	vips_cache_set_max(0);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	vips_operation_block_set("VipsForeignLoadJpeg", FALSE);
	vips_operation_block_set("VipsForeignLoadPng", FALSE);
	vips_operation_block_set("VipsForeignLoadWebp", FALSE);
	vips_operation_block_set("VipsForeignLoadNsgif", FALSE);
	vips_operation_block_set("VipsForeignLoadHeif", FALSE);
}

/* RFC 9649 §2.5, §2.6. */
static bool is_lossless(VipsSource *source) {
	const unsigned char *head = vips_source_sniff(source, 16);
	return head && memcmp(head + 12, "VP8L", 4) == 0;
}

static enum format format_of(VipsSource *source) {
	static const struct {
		const char *loader;
		enum format format;
	} table[] = {
	    {"VipsForeignLoadJpeg", FORMAT_JPEG}, {"VipsForeignLoadPng", FORMAT_PNG},   {"VipsForeignLoadWebp", FORMAT_WEBP},
	    {"VipsForeignLoadNsgif", FORMAT_GIF}, {"VipsForeignLoadHeif", FORMAT_HEIF},
	};
	const char *loader = vips_foreign_find_load_source(source);
	for (size_t i = 0; loader && i < sizeof table / sizeof *table; i++)
		if (strncmp(loader, table[i].loader, strlen(table[i].loader)) == 0)
			return table[i].format == FORMAT_WEBP && is_lossless(source) ? FORMAT_WEBP_LOSSLESS : table[i].format;
	return FORMAT_NONE;
}

/* What the header says, before any pixel is decoded. */
static enum picture_fault look(VipsSource *source, const struct picture_job *job, bool *foreign_colours) {
	VipsImage *header = vips_image_new_from_source(source, "", NULL);
	if (!header)
		return PICTURE_BROKEN;
	/* An animation is loaded as its first frame, whose height is the page's. */
	int width = vips_image_get_width(header), height = vips_image_get_height(header);
	*foreign_colours =
	    vips_image_get_typeof(header, VIPS_META_ICC_NAME) || vips_image_get_interpretation(header) == VIPS_INTERPRETATION_CMYK;
	g_object_unref(header);
	if ((double)width * height > (double)job->max_pixels)
		return PICTURE_PIXELS;
	return width > SIDE_MOST || height > SIDE_MOST ? PICTURE_SIDES : PICTURE_OK;
}

/* The pixels and nothing else: an image without any of the fields that the strange bytes brought along. Its memory stays until the process
 * ends. */
static VipsImage *only_pixels(VipsImage *im) {
	size_t n;
	int bands = vips_image_get_bands(im);
	void *pixels = vips_image_write_to_memory(im, &n);
	VipsImage *bare =
	    pixels ? vips_image_new_from_memory(pixels, n, vips_image_get_width(im), vips_image_get_height(im), bands, VIPS_FORMAT_UCHAR)
	           : NULL;
	VipsImage *named = NULL;
	if (bare)
		vips_copy(bare, &named, "interpretation", bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL);
	g_clear_object(&bare);
	return named;
}

/* Upright, scaled, sRGB, 8 bits, in memory: the last step at which the strange bytes are read. NULL when they are damaged. */
static VipsImage *decode(VipsSource *source, const struct shape *shape, enum format format, bool foreign_colours) {
	VipsImage *scaled = NULL, *colour = NULL, *bytes = NULL, *pixels = NULL;
	VipsSize size = shape->fit == FILL ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN;
	VipsInteresting crop = shape->fit == FILL ? VIPS_INTERESTING_CENTRE : VIPS_INTERESTING_NONE;
	/* libjpeg only warns of a file that ends early. */
	const char *strict = format == FORMAT_JPEG ? "[fail_on=warning]" : "[fail_on=error]";
	/* Colours without a profile are sRGB already; the way there through XYZ would cost more than all the rest. */
	const char *profile_option = foreign_colours ? "export_profile" : NULL;
	if (vips_thumbnail_source(source, &scaled, shape->width, "height", shape->height, "size", size, "crop", crop, "option_string",
	                          strict, profile_option, "srgb", NULL) == 0 &&
	    vips_colourspace(scaled, &colour, VIPS_INTERPRETATION_sRGB, NULL) == 0 && vips_cast_uchar(colour, &bytes, NULL) == 0)
		pixels = only_pixels(bytes);
	g_clear_object(&scaled);
	g_clear_object(&colour);
	g_clear_object(&bytes);
	return pixels;
}

/* An alpha channel that is opaque everywhere is none. */
static VipsImage *without_idle_alpha(VipsImage *im) {
	VipsImage *alpha = NULL, *rgb = NULL;
	double least = 0;
	if (!vips_image_hasalpha(im))
		return im;
	if (vips_extract_band(im, &alpha, vips_image_get_bands(im) - 1, NULL) == 0 && vips_min(alpha, &least, NULL) == 0 && least >= 255 &&
	    vips_extract_band(im, &rgb, 0, "n", vips_image_get_bands(im) - 1, NULL) == 0) {
		g_object_unref(im);
		im = rgb;
	}
	g_clear_object(&alpha);
	return im;
}

static enum type type_for(enum format from, const struct shape *shape, VipsImage *im) {
	bool alpha = vips_image_hasalpha(im);
	bool large = (double)vips_image_get_width(im) * vips_image_get_height(im) > PNG_MOST_PIXELS;
	/* Strangers' pictures, shown small: what is lossless only costs. */
	if (shape == &shapes[SHAPE_CARD])
		return alpha ? WEBP : JPEG;
	if ((from == FORMAT_WEBP && shape == &shapes[SHAPE_STILL]) || (alpha && large))
		return WEBP;
	if (alpha)
		return PNG;
	return from == FORMAT_JPEG || from == FORMAT_HEIF || from == FORMAT_WEBP || large ? JPEG : PNG;
}

/* ── files in the making ── */

struct piece {
	struct picture_file *file;
	VipsImage *im;
	enum type type;
	int quality, effort;
	void *bytes;
	bool done;
	pthread_t thread;
	bool beside; /* on a thread of its own */
};

struct pieces {
	struct piece v[PICTURE_FILES];
	size_t n;
	struct picture_result *result;
};

static void encode(struct piece *p) {
	size_t *n = &p->file->length;
	int failed;
	if (p->type == JPEG)
		failed = vips_jpegsave_buffer(p->im, &p->bytes, n, "Q", p->quality, "optimize_coding", TRUE, "strip", TRUE, NULL);
	else if (p->type == WEBP)
		failed = vips_webpsave_buffer(p->im, &p->bytes, n, "Q", p->quality, "effort", p->effort, "strip", TRUE, NULL);
	else
		failed = vips_pngsave_buffer(p->im, &p->bytes, n, "compression", 5, "strip", TRUE, NULL);
	p->done = !failed;
}

static void *encode_beside(void *arg) {
	encode(arg);
	vips_thread_shutdown();
	return NULL;
}

static struct piece *add_piece(struct pieces *all, const char *name, VipsImage *im, enum type type, int quality, int effort) {
	static const char *const endings[] = {[JPEG] = "jpg", [PNG] = "png", [WEBP] = "webp"};
	struct piece *p = &all->v[all->n];
	p->file = &all->result->files[all->n++];
	*p->file = (struct picture_file){.width = vips_image_get_width(im), .height = vips_image_get_height(im)};
	snprintf(p->file->name, sizeof p->file->name, "%s.%s", name, endings[type]);
	p->im = g_object_ref(im);
	p->type = type;
	p->quality = quality;
	p->effort = effort;
	return p;
}

static void start_beside(struct piece *p) {
	p->beside = pthread_create(&p->thread, NULL, encode_beside, p) == 0;
	if (!p->beside)
		encode(p);
}

/* Hardly smaller is not worth a file. */
static bool much_smaller(const struct size *s, VipsImage *main) {
	return s->width * 5 < vips_image_get_width(main) * 4 || s->height * 5 < vips_image_get_height(main) * 4;
}

static bool is_wanted(const struct size *s, const struct shape *shape, VipsImage *main, enum type main_type) {
	if (&shapes[s->shape] != shape || (s->type == JPEG && vips_image_hasalpha(main)))
		return false;
	if (!s->width)
		return main_type == JPEG;
	return much_smaller(s, main) || (s->type == ANY && main_type == WEBP);
}

/* In place: as large as the box allows. */
static bool shrink(VipsImage **im, int width, int height) {
	VipsImage *small = NULL, *whole;
	if (vips_image_get_width(*im) <= width && vips_image_get_height(*im) <= height)
		return true;
	if (vips_thumbnail_image(*im, &small, width, "height", height, "size", VIPS_SIZE_DOWN, NULL) != 0)
		return false;
	whole = vips_image_copy_memory(small);
	g_object_unref(small);
	if (!whole)
		return false;
	g_object_unref(*im);
	*im = whole;
	return true;
}

/* The hash of a small copy: the algorithm looks at every pixel once per component. */
static bool hash_of(VipsImage *im, char out[BLURHASH_MAX]) {
	VipsImage *small = NULL, *flat = NULL;
	bool done = false;
	if (vips_thumbnail_image(im, &small, HASH_SIDE, "height", HASH_SIDE, NULL) == 0 &&
	    (vips_image_hasalpha(small) ? vips_flatten(small, &flat, NULL) : vips_copy(small, &flat, NULL)) == 0 &&
	    vips_image_get_bands(flat) == 3) {
		size_t n;
		unsigned char *rgb = vips_image_write_to_memory(flat, &n);
		int w = vips_image_get_width(flat), h = vips_image_get_height(flat);
		if (rgb) {
			blurhash(rgb, w, h, w >= h ? 4 : 3, w >= h ? 3 : 4, out);
			done = true;
		}
		g_free(rgb);
	}
	g_clear_object(&small);
	g_clear_object(&flat);
	return done;
}

/* The large files on threads of their own, meanwhile the small ones in steps. */
static bool make_pieces(struct pieces *all, const struct shape *shape, VipsImage *main, enum type main_type) {
	VipsImage *im = g_object_ref(main);
	bool alpha = vips_image_hasalpha(main), well = true;
	start_beside(add_piece(all, "main", main, main_type, main_type == JPEG ? JPEG_QUALITY : WEBP_QUALITY, 2));
	for (size_t i = 0; well && i < sizeof sizes / sizeof *sizes; i++) {
		const struct size *s = &sizes[i];
		enum type type = s->type == ANY ? alpha ? PNG : JPEG : s->type;
		if (!is_wanted(s, shape, main, main_type))
			continue;
		if (!s->width)
			start_beside(add_piece(all, s->name, im, type, s->quality, s->effort));
		else if ((well = shrink(&im, s->width, s->height)))
			encode(add_piece(all, s->name, im, type, s->quality, s->effort));
	}
	if (well && shape->hash)
		well = hash_of(im, all->result->hash);
	for (size_t i = 0; i < all->n; i++) {
		if (all->v[i].beside)
			pthread_join(all->v[i].thread, NULL);
		well = well && all->v[i].done;
	}
	g_object_unref(im);
	return well;
}

static bool write_whole(int fd, const char *p, size_t n) {
	while (n) {
		ssize_t done = write(fd, p, n);
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static const struct shape *shape_named(const char *word) {
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (strcmp(shapes[i].word, word) == 0)
			return &shapes[i];
	return NULL;
}

enum picture_fault picture_make(const struct picture_job *job, struct picture_result *out) {
	const struct shape *shape = shape_named(job->shape);
	VipsSource *source = vips_source_new_from_descriptor(job->in);
	enum format format = source && shape ? format_of(source) : FORMAT_NONE;
	bool foreign_colours = false;
	enum picture_fault fault = format == FORMAT_NONE ? PICTURE_TYPE : look(source, job, &foreign_colours);
	VipsImage *im = fault ? NULL : decode(source, shape, format, foreign_colours);
	g_clear_object(&source);
	if (!im)
		return fault ? fault : PICTURE_BROKEN;
	im = without_idle_alpha(im);
	struct pieces all = {.result = out};
	bool well = make_pieces(&all, shape, im, type_for(format, shape, im));
	out->n = all.n;
	for (size_t i = 0; well && i < all.n; i++)
		well = write_whole(job->out, all.v[i].bytes, all.v[i].file->length);
	return well ? PICTURE_OK : PICTURE_FAILED;
}
