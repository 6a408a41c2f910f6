#include "base/str.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

bool str_eq(struct str a, struct str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }

bool str_eq_ci(struct str a, struct str b) {
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

int str_cmp(struct str a, struct str b) {
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix) { return s.n >= prefix.n && str_eq(str_first(s, prefix.n), prefix); }

bool str_starts_ci(struct str s, struct str prefix) { return s.n >= prefix.n && str_eq_ci(str_first(s, prefix.n), prefix); }

bool str_ends(struct str s, struct str suffix) { return s.n >= suffix.n && str_eq(str_skip(s, s.n - suffix.n), suffix); }

ptrdiff_t str_find(struct str s, struct str needle) {
	if (needle.n == 0)
		return 0;
	if (needle.n > s.n)
		return -1;
	const char *at = memmem(s.p, s.n, needle.p, needle.n);
	return at ? at - s.p : -1;
}

ptrdiff_t str_chr(struct str s, char c) {
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
	return at ? at - s.p : -1;
}

struct str str_skip(struct str s, size_t n) {
	return n >= s.n ? (struct str){s.p ? s.p + s.n : NULL, 0} : (struct str){s.p + n, s.n - n};
}

struct str str_first(struct str s, size_t n) {
	return (struct str){s.p, n < s.n ? n : s.n};
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct str str_trim(struct str s) {
	while (s.n && is_space(s.p[0]))
		s = str_skip(s, 1);
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_cut(struct str *rest, char sep) {
	ptrdiff_t at = str_chr(*rest, sep);
	if (at < 0) {
		struct str all = *rest;
		*rest = str_skip(*rest, rest->n);
		return all;
	}
	struct str head = str_first(*rest, (size_t)at);
	*rest = str_skip(*rest, (size_t)at + 1);
	return head;
}

bool str_u64(struct str s, uint64_t *out) {
	if (s.n == 0 || s.n > 20)
		return false;
	uint64_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10U, &v) || __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

bool str_i64(struct str s, int64_t *out) {
	bool minus = s.n && s.p[0] == '-';
	uint64_t v;
	if (!str_u64(minus ? str_skip(s, 1) : s, &v))
		return false;
	if (v > (uint64_t)INT64_MAX + (minus ? 1U : 0U))
		return false;
	*out = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

bool str_eq_secret(struct str a, struct str b) {
	if (a.n != b.n)
		return false;
	volatile unsigned char diff = 0;
	for (size_t i = 0; i < a.n; i++)
		diff |= (unsigned char)(a.p[i] ^ b.p[i]);
	return diff == 0;
}

/* The length of the well-formed sequence at p, or 0. */
static size_t utf8_one(const unsigned char *p, size_t n) {
	if (p[0] < 0x80)
		return 1;
	size_t len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	if (p[0] < 0xC2 || p[0] > 0xF4 || n < len)
		return 0;
	unsigned char low = 0x80, high = 0xBF;
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return len;
}

bool str_utf8(struct str s) {
	const unsigned char *p = (const unsigned char *)s.p;
	for (size_t i = 0; i < s.n;) {
		size_t len = utf8_one(p + i, s.n - i);
		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

uint64_t str_hash(struct str s) {
	uint64_t h = 0xcbf29ce484222325U;
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3U;
	h ^= h >> 32;
	return h * 0x9E3779B97F4A7C15U;
}
