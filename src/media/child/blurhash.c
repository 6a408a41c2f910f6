#include "blurhash.h"

#include <math.h>

static char *base83(char *p, int value, int digits) {
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
	int divisor = 1;
	for (int i = 1; i < digits; i++)
		divisor *= 83;
	for (; digits; digits--, divisor /= 83)
		*p++ = alphabet[value / divisor % 83];
	return p;
}

static float linear_of(int srgb) {
	float v = (float)srgb / 255.0f;
	return v <= 0.04045f ? v / 12.92f : powf((v + 0.055f) / 1.055f, 2.4f);
}

static int srgb_of(float linear) {
	float v = fminf(fmaxf(linear, 0), 1);
	return v <= 0.0031308f ? (int)(v * 12.92f * 255 + 0.5f) : (int)((1.055f * powf(v, 1 / 2.4f) - 0.055f) * 255 + 0.5f);
}

/* The average of the picture times the cosine wave (i, j), per channel. */
static void component(const unsigned char *rgb, int width, int height, int i, int j, const float *linear, float out[3]) {
	const float pi = 3.14159265f;
	double sum[3] = {0, 0, 0};
	for (int y = 0; y < height; y++) {
		float wave_y = cosf(pi * (float)j * (float)y / (float)height);
		for (int x = 0; x < width; x++, rgb += 3) {
			float wave = wave_y * cosf(pi * (float)i * (float)x / (float)width);
			for (int c = 0; c < 3; c++)
				sum[c] += (double)(wave * linear[rgb[c]]);
		}
	}
	double scale = (i || j ? 2.0 : 1.0) / ((double)width * height);
	for (int c = 0; c < 3; c++)
		out[c] = (float)(sum[c] * scale);
}

static int quantised(float v) { return (int)fmaxf(0, fminf(18, floorf(copysignf(sqrtf(fabsf(v)), v) * 9 + 9.5f))); }

void blurhash(const unsigned char *rgb, int width, int height, int x, int y, char out[BLURHASH_MAX]) {
	float linear[256], parts[81][3];
	for (int i = 0; i < 256; i++)
		linear[i] = linear_of(i);
	for (int j = 0; j < y; j++)
		for (int i = 0; i < x; i++)
			component(rgb, width, height, i, j, linear, parts[j * x + i]);

	char *p = base83(out, x - 1 + (y - 1) * 9, 1);
	float most = 0;
	for (int k = 1; k < x * y; k++)
		for (int c = 0; c < 3; c++)
			most = fmaxf(most, fabsf(parts[k][c]));
	int scale = x * y > 1 ? (int)fmaxf(0, fminf(82, floorf(most * 166 - 0.5f))) : 0;
	float maximum = x * y > 1 ? (float)(scale + 1) / 166 : 1;
	p = base83(p, scale, 1);
	p = base83(p, (srgb_of(parts[0][0]) << 16) + (srgb_of(parts[0][1]) << 8) + srgb_of(parts[0][2]), 4);
	for (int k = 1; k < x * y; k++)
		p = base83(
		    p, (quantised(parts[k][0] / maximum) * 19 + quantised(parts[k][1] / maximum)) * 19 + quantised(parts[k][2] / maximum),
		    2);
	*p = 0;
}
