#include "web/drawn.h"

#include "base/must.h"

#include <libdeflate.h>
#include <math.h>
#include <stdlib.h>

struct colour {
	float r, g, b;
};

/* Hue in degrees, the others 0 to 1 (CSS Color 4 §7.1). */
static struct colour hsl(float hue, float saturation, float light) {
	float a = saturation * fminf(light, 1 - light), part[3];
	for (int i = 0; i < 3; i++) {
		float k = fmodf((float)(i == 0 ? 0 : i == 1 ? 8 : 4) + hue / 30, 12);
		part[i] = light - a * fmaxf(-1, fminf(fminf(k - 3, 9 - k), 1));
	}
	return (struct colour){part[0] * 255, part[1] * 255, part[2] * 255};
}

/* The upper colour where cover is 1, with soft edges between. */
static struct colour over(struct colour below, struct colour above, float cover) {
	float t = fmaxf(0, fminf(cover, 1));
	return (struct colour){below.r + (above.r - below.r) * t, below.g + (above.g - below.g) * t, below.b + (above.b - below.b) * t};
}

/* ── the view ── */

struct view {
	float width, height, sun_x, sun_y, sun_r;
	float phase[2], swing[2], foot[2]; /* of the far and the near hills */
	struct colour sky, horizon, sun, far, near;
};

/* The next number from 0 to 1 out of a seed. */
static float draw(uint64_t *seed) {
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (float)(*seed >> 40) / (float)(1 << 24);
}

static struct view view_of(uint64_t seed, int width, int height) {
	float hue = draw(&seed) * 360, w = (float)width, h = (float)height;
	struct view v = {.width = w, .height = h, .sun_r = h * (0.09f + 0.07f * draw(&seed))};
	v.sun_x = w * (0.2f + 0.6f * draw(&seed));
	v.sun_y = h * (0.2f + 0.22f * draw(&seed));
	for (int i = 0; i < 2; i++) {
		v.phase[i] = draw(&seed) * 6.28f;
		v.swing[i] = h * (0.05f + 0.07f * draw(&seed));
		v.foot[i] = h * (0.56f + 0.2f * (float)i + 0.06f * draw(&seed));
	}
	v.sky = hsl(hue, 0.42f, 0.74f);
	v.horizon = hsl(hue + 30, 0.5f, 0.9f);
	v.sun = hsl(hue + 45, 0.8f, 0.96f);
	v.far = hsl(hue + 15, 0.3f, 0.58f);
	v.near = hsl(hue + 25, 0.36f, 0.38f);
	return v;
}

static float hill(const struct view *v, int i, float x) {
	float t = x / v->height;
	return v->foot[i] + v->swing[i] * (sinf(t * 3.1f + v->phase[i]) + 0.5f * sinf(t * 7.3f + v->phase[i] * 2));
}

static struct colour pixel(const struct view *v, float x, float y, const float line[2]) {
	struct colour c = over(v->sky, v->horizon, y / (v->height * 0.7f));
	c = over(c, v->sun, v->sun_r - hypotf(x - v->sun_x, y - v->sun_y) + 0.5f);
	c = over(c, v->far, y - line[0] + 0.5f);
	return over(c, v->near, y - line[1] + 0.5f);
}

/* ── the file ── */

static void put_big32(struct buf *out, uint32_t v) {
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_byte(out, (char)(v >> shift));
}

static void put_chunk(struct buf *out, const char *name, struct str data) {
	put_big32(out, (uint32_t)data.n);
	size_t start = out->n;
	buf_put(out, str_of(name));
	buf_put(out, data);
	put_big32(out, libdeflate_crc32(0, out->p + start, out->n - start));
}

static void put_header(struct buf *out, int width, int height) {
	BUF_AUTO data = {0};
	put_big32(&data, (uint32_t)width);
	put_big32(&data, (uint32_t)height);
	buf_lit(&data, "\x08\x02\0\0\0"); /* 8 bits, RGB */
	buf_lit(out, "\x89PNG\r\n\x1a\n");
	put_chunk(out, "IHDR", buf_str(&data));
}

static void put_pixels(struct buf *out, struct str rows) {
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	must(c);
	size_t room = libdeflate_zlib_compress_bound(c, rows.n);
	char *packed = xmalloc(room);
	size_t n = libdeflate_zlib_compress(c, rows.p, rows.n, packed, room);
	must(n > 0);
	put_chunk(out, "IDAT", str_mem(packed, n));
	free(packed);
	libdeflate_free_compressor(c);
}

void drawn_hills(struct buf *out, uint64_t seed, int width, int height) {
	struct view v = view_of(seed, width, height);
	BUF_AUTO rows = {0};
	float(*lines)[2] = xmalloc((size_t)width * sizeof *lines);
	for (int x = 0; x < width; x++)
		for (int i = 0; i < 2; i++)
			lines[x][i] = hill(&v, i, (float)x);
	buf_reserve(&rows, (size_t)height * ((size_t)width * 3 + 1));
	for (int y = 0; y < height; y++) {
		rows.p[rows.n++] = 0; /* no filter */
		for (int x = 0; x < width; x++) {
			struct colour c = pixel(&v, (float)x, (float)y, lines[x]);
			rows.p[rows.n++] = (char)(int)c.r;
			rows.p[rows.n++] = (char)(int)c.g;
			rows.p[rows.n++] = (char)(int)c.b;
		}
	}
	free(lines);
	put_header(out, width, height);
	put_pixels(out, buf_str(&rows));
	put_chunk(out, "IEND", STR_NONE);
}
