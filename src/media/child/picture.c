#include "picture.h"

#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

enum {
	JPEG_QUALITY = 86,
	WEBP_QUALITY = 84,
	PREVIEW_QUALITY = 76,
	PNG_MOST_PIXELS = 4 * 1000 * 1000, /* above this an opaque PNG takes seconds to pack and megabytes to keep */
	HASH_SIDE = 48,
};

enum format { FORMAT_NONE, FORMAT_JPEG, FORMAT_PNG, FORMAT_WEBP, FORMAT_GIF, FORMAT_HEIF };

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
			return table[i].format;
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
	return (double)width * height > (double)job->max_pixels ? PICTURE_PIXELS : PICTURE_OK;
}

/* The pixels and nothing else: an image without any of the fields that the strange bytes brought along. */
static VipsImage *only_pixels(VipsImage *im) {
	size_t n;
	int bands = vips_image_get_bands(im);
	void *pixels = vips_image_write_to_memory(im, &n);
	VipsImage *bare = pixels ? vips_image_new_from_memory_copy(pixels, n, vips_image_get_width(im), vips_image_get_height(im), bands,
	                                                           VIPS_FORMAT_UCHAR)
	                         : NULL;
	VipsImage *named = NULL;
	g_free(pixels);
	if (bare)
		vips_copy(bare, &named, "interpretation", bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL);
	g_clear_object(&bare);
	return named;
}

/* Upright, scaled, sRGB, 8 bits, in memory: the last step at which the strange bytes are read. NULL when they are damaged. */
static VipsImage *decode(VipsSource *source, const struct picture_job *job, enum format format, bool foreign_colours) {
	VipsImage *scaled = NULL, *colour = NULL, *bytes = NULL, *pixels = NULL;
	VipsSize size = job->cover ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN;
	VipsInteresting crop = job->cover ? VIPS_INTERESTING_CENTRE : VIPS_INTERESTING_NONE;
	/* libjpeg only warns of a file that ends early. */
	const char *strict = format == FORMAT_JPEG ? "[fail_on=warning]" : "[fail_on=error]";
	/* Colours without a profile are sRGB already; the way there through XYZ would cost more than all the rest. */
	const char *profile_option = foreign_colours ? "export_profile" : NULL;
	if (vips_thumbnail_source(source, &scaled, job->width, "height", job->height, "size", size, "crop", crop, "option_string", strict,
	                          profile_option, "srgb", NULL) == 0 &&
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

static const char *type_for(enum format from, VipsImage *im) {
	bool alpha = vips_image_hasalpha(im);
	bool large = (double)vips_image_get_width(im) * vips_image_get_height(im) > PNG_MOST_PIXELS;
	if (from == FORMAT_WEBP || (alpha && large))
		return "webp";
	if (alpha)
		return "png";
	return from == FORMAT_JPEG || from == FORMAT_HEIF || large ? "jpeg" : "png";
}

static bool save(VipsImage *im, const char *type, int webp_quality, int fd) {
	VipsTarget *target = vips_target_new_to_descriptor(fd);
	int failed = 1;
	if (target && strcmp(type, "jpeg") == 0)
		failed = vips_jpegsave_target(im, target, "Q", JPEG_QUALITY, "optimize_coding", TRUE, "strip", TRUE, NULL);
	else if (target && strcmp(type, "webp") == 0)
		failed = vips_webpsave_target(im, target, "Q", webp_quality, "effort", 2, "strip", TRUE, NULL);
	else if (target)
		failed = vips_pngsave_target(im, target, "compression", 5, "strip", TRUE, NULL);
	g_clear_object(&target);
	return !failed;
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

static bool make_preview(VipsImage *im, const struct picture_job *job, struct picture_result *out) {
	VipsImage *small = NULL;
	if (vips_thumbnail_image(im, &small, job->preview_width, "height", job->preview_height, "size", VIPS_SIZE_DOWN, NULL) != 0)
		return false;
	VipsImage *whole = vips_image_copy_memory(small);
	g_object_unref(small);
	bool done = whole && save(whole, "webp", PREVIEW_QUALITY, job->preview_out) && hash_of(whole, out->hash);
	if (done) {
		out->preview_width = vips_image_get_width(whole);
		out->preview_height = vips_image_get_height(whole);
	}
	g_clear_object(&whole);
	return done;
}

enum picture_fault picture_make(const struct picture_job *job, struct picture_result *out) {
	VipsSource *source = vips_source_new_from_descriptor(job->in);
	enum format format = source ? format_of(source) : FORMAT_NONE;
	bool foreign_colours = false;
	enum picture_fault fault = format == FORMAT_NONE ? PICTURE_TYPE : look(source, job, &foreign_colours);
	VipsImage *im = fault ? NULL : decode(source, job, format, foreign_colours);
	g_clear_object(&source);
	if (!im)
		return fault ? fault : PICTURE_BROKEN;
	im = without_idle_alpha(im);
	out->type = type_for(format, im);
	out->width = vips_image_get_width(im);
	out->height = vips_image_get_height(im);
	bool done = save(im, out->type, WEBP_QUALITY, job->out) && (!job->preview_width || make_preview(im, job, out));
	g_object_unref(im);
	return done ? PICTURE_OK : PICTURE_FAILED;
}
