#include "wire/url.h"

static int hex_digit(char c) {
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte an escape at in[i] stands for, or -1. */
static int escape_at(struct str in, size_t i) {
	if (i + 2 >= in.n)
		return -1;
	int high = hex_digit(in.p[i + 1]), low = hex_digit(in.p[i + 2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static err decode(struct arena *a, struct str in, bool plus, struct str *out) {
	size_t first = 0;
	while (first < in.n && in.p[first] != '%' && !(plus && in.p[first] == '+'))
		first++;
	*out = in;
	if (first < in.n) {
		char *to = arena_alloc(a, in.n + 1);
		size_t n = 0;
		for (size_t i = 0; i < in.n; i++) {
			char c = in.p[i];
			if (c == '%') {
				int byte = escape_at(in, i);
				if (byte < 0)
					return err_public(ERR_BAD_REQUEST, "A percent-escape in the address or form is malformed");
				c = (char)byte;
				i += 2;
			} else if (plus && c == '+') {
				c = ' ';
			}
			to[n++] = c;
		}
		to[n] = 0;
		*out = (struct str){to, n};
	}
	if (str_chr(*out, 0) >= 0)
		return err_public(ERR_BAD_REQUEST, "The address or form holds a NUL");
	if (!str_utf8(*out))
		return err_public(ERR_BAD_REQUEST, "The address or form is not UTF-8");
	return NULL;
}

err url_decode_path(struct arena *a, struct str in, struct str *out) { return decode(a, in, false, out); }
err url_decode_form(struct arena *a, struct str in, struct str *out) { return decode(a, in, true, out); }

bool url_next_pair(struct str *rest, struct str *name, struct str *value) {
	while (rest->n) {
		struct str pair = str_cut(rest, '&');
		if (pair.n == 0)
			continue;
		*value = pair;
		*name = str_cut(value, '=');
		return true;
	}
	return false;
}

bool url_form_equals(struct str encoded, struct str plain) {
	size_t k = 0;
	for (size_t i = 0; i < encoded.n; i++, k++) {
		int c = (unsigned char)encoded.p[i];
		if (c == '%') {
			c = escape_at(encoded, i);
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		if (k >= plain.n || c != (unsigned char)plain.p[k])
			return false;
	}
	return k == plain.n;
}

static bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_scheme(struct str s) {
	if (s.n == 0 || !is_alpha(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_alpha(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '+' && s.p[i] != '-' && s.p[i] != '.')
			return false;
	return true;
}

/* RFC 3986 §2: only these bytes may stand anywhere in an address. */
static bool is_uri_text(struct str s) {
	static const char marks[] = "-._~:/?#[]@!$&'()*+,;=%";
	for (size_t i = 0; i < s.n; i++)
		if (!is_alpha(s.p[i]) && !is_digit(s.p[i]) && !memchr(marks, s.p[i], sizeof marks - 1))
			return false;
	return true;
}

/* host[:port], with userinfo already cut off. */
static bool split_authority(struct str authority, struct url *out) {
	struct str port = STR_NONE;
	if (authority.n && authority.p[0] == '[') {
		ptrdiff_t end = str_chr(authority, ']');
		if (end < 0)
			return false;
		out->host = str_first(str_skip(authority, 1), (size_t)end - 1);
		port = str_skip(authority, (size_t)end + 1);
		if (port.n && port.p[0] != ':')
			return false;
		port = str_skip(port, 1);
	} else {
		out->host = str_cut(&authority, ':');
		port = authority;
		if (str_chr(out->host, '[') >= 0 || str_chr(out->host, ']') >= 0)
			return false;
	}
	uint64_t number = 0;
	if (port.n && (!is_digit(port.p[0]) || !str_u64(port, &number) || number == 0 || number > 65535))
		return false;
	out->port = (int)number;
	return true;
}

bool url_split(struct str in, struct url *out) {
	*out = (struct url){0};
	ptrdiff_t colon = str_chr(in, ':');
	if (colon < 0 || !is_uri_text(in) || !is_scheme(str_first(in, (size_t)colon)))
		return false;
	out->scheme = str_first(in, (size_t)colon);
	struct str rest = str_skip(in, (size_t)colon + 1);
	ptrdiff_t hash = str_chr(rest, '#');
	if (hash >= 0) {
		out->fragment = str_skip(rest, (size_t)hash + 1);
		rest = str_first(rest, (size_t)hash);
	}
	ptrdiff_t mark = str_chr(rest, '?');
	if (mark >= 0) {
		out->query = str_skip(rest, (size_t)mark + 1);
		rest = str_first(rest, (size_t)mark);
	}
	if (!str_starts(rest, S("//"))) {
		out->path = rest;
		return true;
	}
	rest = str_skip(rest, 2);
	ptrdiff_t slash = str_chr(rest, '/');
	struct str authority = slash < 0 ? rest : str_first(rest, (size_t)slash);
	out->path = slash < 0 ? STR_NONE : str_skip(rest, (size_t)slash);
	out->has_authority = true;
	ptrdiff_t at = str_chr(authority, '@');
	if (at >= 0) {
		out->has_userinfo = true;
		authority = str_skip(authority, (size_t)at + 1);
	}
	return split_authority(authority, out);
}

void url_add_pair(struct buf *b, struct str name, struct str value) {
	buf_byte(b, str_chr(buf_str(b), '?') < 0 ? '?' : '&');
	buf_url_segment(b, name);
	buf_byte(b, '=');
	buf_url_segment(b, value);
}
