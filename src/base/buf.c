#include "base/buf.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void buf_free(struct buf *b) {
	free(b->p);
	*b = (struct buf){0};
}

void buf_reserve(struct buf *b, size_t n) {
	if (b->cap - b->n >= n)
		return;
	must(n < SIZE_MAX / 4);
	size_t cap = b->cap ? b->cap : 256;
	while (cap - b->n < n)
		cap *= 2;
	b->p = xrealloc(b->p, cap);
	b->cap = cap;
}

void buf_byte(struct buf *b, char c) { buf_put(b, (struct str){&c, 1}); }

void buf_i64(struct buf *b, int64_t v) {
	char digits[20];
	size_t at = sizeof digits;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	do {
		digits[--at] = (char)('0' + u % 10);
		u /= 10;
	} while (u);
	if (v < 0)
		digits[--at] = '-';
	buf_put(b, (struct str){digits + at, sizeof digits - at});
}

void buf_printf(struct buf *b, const char *fmt, ...) {
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	must(n >= 0);
	buf_reserve(b, (size_t)n + 1);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

/* Appends s with each byte for which escape() returns text replaced by it; runs of plain bytes are copied whole. */
static void put_escaped(struct buf *b, struct str s, const char *(*escape)(unsigned char, char[8])) {
	size_t from = 0;
	char scratch[8];
	for (size_t i = 0; i < s.n; i++) {
		const char *text = escape((unsigned char)s.p[i], scratch);
		if (!text)
			continue;
		buf_put(b, (struct str){s.p + from, i - from});
		buf_put(b, str_of(text));
		from = i + 1;
	}
	buf_put(b, str_skip(s, from));
}

static const char *json_escape(unsigned char c, char scratch[8]) {
	if (c >= 0x20 && c != '"' && c != '\\')
		return NULL;
	switch (c) {
	case '"': return "\\\"";
	case '\\': return "\\\\";
	case '\n': return "\\n";
	case '\r': return "\\r";
	case '\t': return "\\t";
	default: snprintf(scratch, 8, "\\u%04x", c); return scratch;
	}
}

void buf_json_string(struct buf *b, struct str s) {
	buf_byte(b, '"');
	put_escaped(b, s, json_escape);
	buf_byte(b, '"');
}

static const char *html_escape(unsigned char c, char scratch[8]) {
	(void)scratch;
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void buf_html_text(struct buf *b, struct str s) { put_escaped(b, s, html_escape); }

static const char *url_escape(unsigned char c, char scratch[8]) {
	bool plain =
	    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
	if (plain)
		return NULL;
	snprintf(scratch, 8, "%%%02X", c);
	return scratch;
}

void buf_url_segment(struct buf *b, struct str s) { put_escaped(b, s, url_escape); }

void buf_hex(struct buf *b, struct str s) {
	static const char digit[] = "0123456789abcdef";
	buf_reserve(b, s.n * 2);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		b->p[b->n++] = digit[c >> 4];
		b->p[b->n++] = digit[c & 15];
	}
}

void buf_base64url(struct buf *b, struct str s) {
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	buf_reserve(b, s.n / 3 * 4 + 4);
	for (size_t i = 0; i < s.n; i += 3) {
		size_t left = s.n - i;
		uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;
		if (left > 1)
			v |= (uint32_t)(unsigned char)s.p[i + 1] << 8;
		if (left > 2)
			v |= (unsigned char)s.p[i + 2];
		size_t out = left > 2 ? 4 : left + 1;
		for (size_t k = 0; k < out; k++)
			b->p[b->n++] = digit[(v >> (18 - 6 * k)) & 63];
	}
}

/* The last `width` digits, and what follows them. */
static void put_digits(struct buf *b, int value, int width, char after) {
	char text[8];
	for (int i = width; i--; value /= 10)
		text[i] = (char)('0' + value % 10);
	text[width] = after;
	buf_put(b, str_mem(text, (size_t)width + 1));
}

void buf_iso8601(struct buf *b, int64_t ms) {
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	put_digits(b, tm.tm_year + 1900, 4, '-');
	put_digits(b, tm.tm_mon + 1, 2, '-');
	put_digits(b, tm.tm_mday, 2, 'T');
	put_digits(b, tm.tm_hour, 2, ':');
	put_digits(b, tm.tm_min, 2, ':');
	put_digits(b, tm.tm_sec, 2, '.');
	put_digits(b, (int)(ms % 1000), 3, 'Z');
}
