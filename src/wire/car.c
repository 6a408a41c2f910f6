#include "wire/car.h"

bool car_varint(struct str *s, uint64_t *out) {
	uint64_t v = 0;
	for (size_t i = 0; i < 9 && i < s->n; i++) {
		unsigned char c = (unsigned char)s->p[i];
		v |= (uint64_t)(c & 0x7f) << 7 * i;
		if (c & 0x80)
			continue;
		*s = str_skip(*s, i + 1);
		*out = v;
		return true;
	}
	return false;
}

/* Version 1, any codec below 128, SHA-256 of 32 bytes: 36 bytes in all. */
static bool is_cid(struct str s) {
	return s.n >= CAR_CID && s.p[0] == 1 && (unsigned char)s.p[1] < 0x80 && s.p[2] == 0x12 && s.p[3] == 0x20;
}

bool car_section(struct str section, struct str *cid, struct str *block) {
	if (!is_cid(section))
		return false;
	*cid = str_first(section, CAR_CID);
	*block = str_skip(section, CAR_CID);
	return true;
}

void car_cid_text(struct buf *out, struct str cid) {
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned bits = 0, n = 0;
	buf_byte(out, 'b');
	for (size_t i = 0; i < cid.n; i++) {
		bits = (bits << 8 | (unsigned char)cid.p[i]) & 0xfff;
		for (n += 8; n >= 5; n -= 5)
			buf_byte(out, letters[bits >> (n - 5) & 31]);
	}
	if (n)
		buf_byte(out, letters[bits << (5 - n) & 31]);
}

/* ── DAG-CBOR ── */

/* The head: three bits of major type, and a number in 0, 1, 2, 4 or 8 bytes; lengths without an end are not DAG-CBOR. */
static bool head(struct str *s, unsigned *major, unsigned *low, uint64_t *number) {
	if (!s->n)
		return false;
	unsigned char c = (unsigned char)s->p[0];
	*major = c >> 5;
	*low = c & 31;
	*s = str_skip(*s, 1);
	if (*low < 24)
		return *number = *low, true;
	if (*low > 27 || s->n < (size_t)1 << (*low - 24))
		return false;
	*number = 0;
	for (size_t i = 0; i < (size_t)1 << (*low - 24); i++)
		*number = *number << 8 | (unsigned char)s->p[i];
	*s = str_skip(*s, (size_t)1 << (*low - 24));
	return true;
}

static bool simple(unsigned low, struct cbor *out) {
	if (low == 27)
		return out->kind = CBOR_FLOAT, true;
	if (low < 20 || low > 22)
		return false;
	out->kind = low == 20 ? CBOR_FALSE : low == 21 ? CBOR_TRUE : CBOR_NULL;
	return true;
}

static bool take(struct str *s, uint64_t n, struct str *out) {
	if (n > s->n)
		return false;
	*out = str_first(*s, (size_t)n);
	*s = str_skip(*s, (size_t)n);
	return true;
}

/* Tag 42: a link, bytes that begin with the multibase prefix 0. */
static bool link(struct str *s, uint64_t tag, struct cbor *out) {
	unsigned major, low;
	uint64_t n;
	out->kind = CBOR_LINK;
	if (tag != 42 || !head(s, &major, &low, &n) || major != 2 || !take(s, n, &out->text) || !out->text.n || out->text.p[0])
		return false;
	out->text = str_skip(out->text, 1);
	return true;
}

bool cbor_next(struct str *s, struct cbor *out) {
	unsigned major, low;
	uint64_t n;
	*out = (struct cbor){0};
	if (!head(s, &major, &low, &n))
		return false;
	switch (major) {
	case 0:
	case 1:
		if (n > INT64_MAX)
			return false;
		out->number = major ? -1 - (int64_t)n : (int64_t)n;
		return true;
	case 2: out->kind = CBOR_BYTES; return take(s, n, &out->text);
	case 3: out->kind = CBOR_TEXT; return take(s, n, &out->text) && str_utf8(out->text);
	case 4:
	case 5:
		out->kind = major == 4 ? CBOR_LIST : CBOR_MAP;
		out->number = (int64_t)n;
		return n <= s->n; /* each item has a byte at least */
	case 6: return link(s, n, out);
	default: return simple(low, out);
	}
}

static bool skip(struct str *s, int deep) {
	struct cbor c;
	if (deep > CBOR_DEEP || !cbor_next(s, &c))
		return false;
	int64_t items = c.kind == CBOR_MAP ? 2 * c.number : c.kind == CBOR_LIST ? c.number : 0;
	for (int64_t i = 0; i < items; i++)
		if (!skip(s, deep + 1))
			return false;
	return true;
}

bool cbor_skip(struct str *s) { return skip(s, 0); }

bool cbor_member(struct str map, struct str key, struct str *value) {
	struct cbor c, name;
	if (!cbor_next(&map, &c) || c.kind != CBOR_MAP)
		return false;
	for (int64_t i = 0; i < c.number; i++) {
		if (!cbor_next(&map, &name) || name.kind != CBOR_TEXT)
			return false;
		struct str from = map;
		if (!cbor_skip(&map))
			return false;
		*value = str_first(from, from.n - map.n);
		if (str_eq(name.text, key))
			return true;
	}
	return false;
}

struct str cbor_text(struct str map, struct str key) {
	struct str value;
	struct cbor c;
	if (!cbor_member(map, key, &value) || !cbor_next(&value, &c) || c.kind != CBOR_TEXT)
		return STR_NONE;
	return c.text;
}
