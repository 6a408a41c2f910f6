#include "picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>

enum { TICK_LEAST_MS = 20, DELAY_MOST_MS = 60 * 1000, REPEATS_MOST = 20000 };

/* An animation: its pictures below each other, and how long each is seen. */
struct animation {
	VipsImage *all;
	int width, height, pages;
	const int *delays;
	int tick_ms;
};

static int greatest_common(int a, int b) {
	while (b) {
		int rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static int delay_of(const struct animation *an, int page) {
	int ms = an->delays ? an->delays[page] : 100;
	/* What says nothing, or next to nothing, is shown as browsers do. */
	return ms <= 10 ? 100 : ms > DELAY_MOST_MS ? DELAY_MOST_MS : ms;
}

/* Of which every delay is a multiple, or near one. */
static int tick_of(const struct animation *an) {
	int tick = 0;
	for (int i = 0; i < an->pages; i++)
		tick = greatest_common(tick, delay_of(an, i));
	return tick < TICK_LEAST_MS ? TICK_LEAST_MS : tick;
}

static int repeats_of(const struct animation *an, int page) {
	int n = (delay_of(an, page) + an->tick_ms / 2) / an->tick_ms;
	return n < 1 ? 1 : n;
}

static int put(int fd, const void *p, size_t n) {
	for (const char *at = p; n;) {
		ssize_t w = write(fd, at, n);
		if (w <= 0)
			return 0;
		at += w;
		n -= (size_t)w;
	}
	return 1;
}

/* BT.601, limited range. */
static void to_planes(const VipsPel *rgb, size_t count, unsigned char *y, unsigned char *u, unsigned char *v) {
	for (size_t i = 0; i < count; i++, rgb += 3) {
		int r = rgb[0], g = rgb[1], b = rgb[2];
		y[i] = (unsigned char)((66 * r + 129 * g + 25 * b + 128) / 256 + 16);
		u[i] = (unsigned char)((-38 * r - 74 * g + 112 * b + 128) / 256 + 128);
		v[i] = (unsigned char)((112 * r - 94 * g - 18 * b + 128) / 256 + 128);
	}
}

static int put_page(const struct animation *an, VipsRegion *region, int page, int out, unsigned char *planes) {
	size_t count = (size_t)an->width * (size_t)an->height;
	VipsRect whole = {0, page * an->height, an->width, an->height};
	if (vips_region_prepare(region, &whole) != 0)
		return 0;
	for (int row = 0; row < an->height; row++) {
		size_t at = (size_t)row * (size_t)an->width;
		to_planes(VIPS_REGION_ADDR(region, 0, whole.top + row), (size_t)an->width, planes + at, planes + count + at,
		          planes + 2 * count + at);
	}
	for (int i = 0; i < repeats_of(an, page); i++)
		if (!put(out, "FRAME\n", 6) || !put(out, planes, 3 * count))
			return 0;
	return 1;
}

static enum picture_fault put_all(const struct animation *an, int out, int *frames) {
	char head[100];
	int n = snprintf(head, sizeof head, "YUV4MPEG2 W%d H%d F1000:%d Ip A1:1 C444\n", an->width, an->height, an->tick_ms);
	unsigned char *planes = malloc((size_t)an->width * (size_t)an->height * 3);
	VipsRegion *region = vips_region_new(an->all);
	int done = planes && region && put(out, head, (size_t)n), page = 0;
	for (; done && page < an->pages; page++)
		done = put_page(an, region, page, out, planes);
	*frames = page;
	g_clear_object(&region);
	free(planes);
	return done ? PICTURE_OK : PICTURE_BROKEN;
}

/* What its header says: sizes and times, against the limit. */
static enum picture_fault measure(struct animation *an, VipsImage *im, long max_pixels) {
	int *delays = NULL, count = 0;
	long shown = 0;
	an->width = vips_image_get_width(im);
	an->height = vips_image_get_page_height(im);
	an->pages = vips_image_get_n_pages(im);
	if (vips_image_get_typeof(im, "delay") && vips_image_get_array_int(im, "delay", &delays, &count) == 0 && count == an->pages)
		an->delays = delays;
	if (an->pages < 1 || (double)an->width * an->height * an->pages > (double)max_pixels)
		return PICTURE_PIXELS;
	an->tick_ms = tick_of(an);
	for (int i = 0; i < an->pages; i++)
		shown += repeats_of(an, i);
	return shown > REPEATS_MOST || (double)an->width * an->height * (double)shown > (double)max_pixels ? PICTURE_PIXELS : PICTURE_OK;
}

enum picture_fault picture_frames(int in, int out, long max_pixels, int *frames) {
	VipsSource *source = vips_source_new_from_descriptor(in);
	VipsImage *im = source ? vips_image_new_from_source(source, "n=-1", "access", VIPS_ACCESS_SEQUENTIAL, NULL) : NULL;
	VipsImage *colour = NULL, *flat = NULL;
	struct animation an = {0};
	enum picture_fault fault = im ? measure(&an, im, max_pixels) : PICTURE_TYPE;
	*frames = 0;
	if (!fault && (vips_colourspace(im, &colour, VIPS_INTERPRETATION_sRGB, NULL) != 0 ||
	               (vips_image_hasalpha(colour) ? vips_flatten(colour, &flat, "background", vips_array_double_newv(1, 255.0), NULL)
	                                            : vips_copy(colour, &flat, NULL)) != 0 ||
	               vips_image_get_bands(flat) != 3))
		fault = PICTURE_BROKEN;
	an.all = flat;
	if (!fault)
		fault = put_all(&an, out, frames);
	g_clear_object(&flat);
	g_clear_object(&colour);
	g_clear_object(&im);
	g_clear_object(&source);
	return fault;
}
