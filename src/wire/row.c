#include "wire/row.h"

struct source {
	struct arena *a;
	const char *start, *p, *end;
};

static void skip_space(struct source *s) {
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool take(struct source *s, char c) {
	skip_space(s);
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool number(struct source *s, struct row_value *v) {
	const char *from = s->p;
	if (*s->p == '-')
		s->p++;
	const char *digits = s->p;
	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	v->kind = ROW_NUMBER;
	bool plain = s->p > digits && (*digits != '0' || s->p - digits == 1);
	if (plain && str_i64(str_mem(from, (size_t)(s->p - from)), &v->number))
		return true;
	s->p = from;
	return false;
}

static int hex(char c) {
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool four(const char **p, const char *end, uint32_t *out) {
	if (end - *p < 4)
		return false;
	*out = 0;
	for (int i = 0; i < 4; i++) {
		int d = hex((*p)[i]);
		if (d < 0)
			return false;
		*out = *out << 4 | (uint32_t)d;
	}
	*p += 4;
	return true;
}

static char *put_utf8(char *to, uint32_t c) {
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

/* After "\u": a character, of two halves where it lies beyond the first 65,536. */
static bool by_number(const char **p, const char *end, char **to) {
	uint32_t c, low;
	if (!four(p, end, &c) || !c || (c >= 0xdc00 && c <= 0xdfff))
		return false;
	if (c >= 0xd800 && c <= 0xdbff) {
		if (end - *p < 2 || (*p)[0] != '\\' || (*p)[1] != 'u')
			return false;
		*p += 2;
		if (!four(p, end, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	*to = put_utf8(*to, c);
	return true;
}

/* What stands between the quotes, with its escapes undone; it only becomes shorter. */
static bool unescape(struct arena *a, struct str raw, struct str *out) {
	static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	char *buffer = arena_alloc(a, raw.n + 1), *to = buffer;
	const char *p = raw.p, *end = raw.p + raw.n;
	while (p < end) {
		if (*p != '\\') {
			*to++ = *p++;
			continue;
		}
		if (++p == end)
			return false;
		const char *name = *p ? strchr(names, *p) : NULL;
		if (name) {
			*to++ = means[name - names];
			p++;
		} else if (*p++ != 'u' || !by_number(&p, end, &to)) {
			return false;
		}
	}
	*out = str_mem(buffer, (size_t)(to - buffer));
	return true;
}

static bool text(struct source *s, struct row_value *v) {
	const char *from = ++s->p;
	bool escaped = false, beyond_ascii = false;
	for (; s->p < s->end && *s->p != '"'; s->p++) {
		if ((unsigned char)*s->p < 0x20)
			return false;
		beyond_ascii |= *s->p & 0x80;
		if (*s->p == '\\') {
			escaped = true;
			if (++s->p == s->end)
				return false;
		}
	}
	if (s->p == s->end)
		return false;
	v->kind = ROW_TEXT;
	v->text = str_mem(from, (size_t)(s->p - from));
	if ((escaped && !unescape(s->a, v->text, &v->text)) || (beyond_ascii && !str_utf8(v->text))) {
		s->p = from;
		return false;
	}
	s->p++;
	return true;
}

static bool value(struct source *s, struct row_value *v) {
	*v = (struct row_value){0};
	skip_space(s);
	if (s->p == s->end)
		return false;
	if (*s->p == '"')
		return text(s, v);
	if (s->end - s->p >= 4 && !memcmp(s->p, "null", 4)) {
		s->p += 4;
		return true;
	}
	return number(s, v);
}

static bool array(struct source *s, struct row_value *out, size_t most, size_t *n) {
	*n = 0;
	if (!take(s, '['))
		return false;
	if (take(s, ']'))
		return true;
	do {
		if (*n == most || !value(s, &out[*n]))
			return false;
		++*n;
	} while (take(s, ','));
	return take(s, ']');
}

bool row_parse(struct arena *a, struct str source, struct row_value *out, size_t most, size_t *n, size_t *at) {
	struct source s = {a, source.p, source.p, source.p + source.n};
	bool good = source.n && array(&s, out, most, n);
	if (good)
		skip_space(&s);
	*at = source.n ? (size_t)(s.p - s.start) : 0;
	return good && s.p == s.end;
}

void row_write(struct buf *b, const struct row_value *values, size_t n) {
	buf_byte(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(b, ',');
		switch (values[i].kind) {
		case ROW_NULL: buf_lit(b, "null"); break;
		case ROW_NUMBER: buf_i64(b, values[i].number); break;
		case ROW_TEXT: buf_json_string(b, values[i].text); break;
		}
	}
	buf_byte(b, ']');
}

bool row_bytes(struct arena *a, struct str source, struct str *out) {
	char *bytes = arena_alloc(a, source.n / 2 + 1);
	for (size_t i = 0; i + 1 < source.n; i += 2) {
		int high = hex(source.p[i]), low = hex(source.p[i + 1]);
		if (high < 0 || low < 0)
			return false;
		bytes[i / 2] = (char)(high << 4 | low);
	}
	*out = str_mem(bytes, source.n / 2);
	return source.n % 2 == 0;
}
