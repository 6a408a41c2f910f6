#include "wire/xml.h"

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool is_name(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == ':' ||
	       (unsigned char)c >= 0x80;
}

static void skip_space(struct str *s) {
	while (s->n && is_space(s->p[0]))
		*s = str_skip(*s, 1);
}

static struct str cut_name(struct str *s) {
	size_t n = 0;
	while (n < s->n && is_name(s->p[n]))
		n++;
	struct str name = str_first(*s, n);
	*s = str_skip(*s, n);
	return name;
}

static bool skip_byte(struct str *s, char c) {
	bool there = s->n && s->p[0] == c;
	if (there)
		*s = str_skip(*s, 1);
	return there;
}

static enum xml_event bad(struct xml *x) {
	x->bad = true;
	return XML_BAD;
}

void xml_init(struct xml *x, struct str document) {
	*x = (struct xml){.rest = document, .bad = !str_utf8(document) || str_chr(document, 0) >= 0};
	if (str_starts(x->rest, S("\xef\xbb\xbf")))
		x->rest = str_skip(x->rest, 3);
	if (!str_starts(x->rest, S("<?xml")))
		return;
	ptrdiff_t end = str_find(x->rest, S("?>"));
	x->bad = x->bad || end < 0;
	x->rest = str_skip(x->rest, (size_t)(end + 2));
}

/* One name="value"; what it says does not matter here. */
static bool skip_attribute(struct str *s) {
	if (str_empty(cut_name(s)))
		return false;
	skip_space(s);
	if (!skip_byte(s, '='))
		return false;
	skip_space(s);
	char quote = s->n ? s->p[0] : 0;
	ptrdiff_t end = quote == '"' || quote == '\'' ? str_chr(str_skip(*s, 1), quote) : -1;
	if (end < 0 || str_chr(str_first(*s, (size_t)end + 1), '<') >= 0)
		return false;
	*s = str_skip(*s, (size_t)end + 2);
	return true;
}

static enum xml_event open_tag(struct xml *x, struct str *what) {
	struct str *s = &x->rest;
	*what = cut_name(s);
	if (str_empty(*what) || x->depth == XML_MAX_DEPTH || (x->depth == 0 && x->rooted))
		return bad(x);
	for (;;) {
		bool space = s->n && is_space(s->p[0]);
		skip_space(s);
		if (skip_byte(s, '>'))
			break;
		if (skip_byte(s, '/')) {
			if (!skip_byte(s, '>'))
				return bad(x);
			x->closing = true;
			break;
		}
		if (!space || !skip_attribute(s))
			return bad(x);
	}
	x->rooted = true;
	x->names[x->depth++] = *what;
	return XML_OPEN;
}

static enum xml_event close_tag(struct xml *x, struct str *what) {
	*what = cut_name(&x->rest);
	skip_space(&x->rest);
	if (x->depth == 0 || !str_eq(*what, x->names[x->depth - 1]) || !skip_byte(&x->rest, '>'))
		return bad(x);
	x->depth--;
	return XML_CLOSE;
}

enum xml_event xml_next(struct xml *x, struct str *what) {
	*what = STR_NONE;
	if (x->bad)
		return XML_BAD;
	if (x->closing) {
		x->closing = false;
		*what = x->names[--x->depth];
		return XML_CLOSE;
	}
	if (x->depth == 0)
		skip_space(&x->rest);
	if (x->rest.n == 0)
		return x->rooted && x->depth == 0 ? XML_DONE : bad(x);
	if (skip_byte(&x->rest, '<'))
		return skip_byte(&x->rest, '/') ? close_tag(x, what) : open_tag(x, what);
	if (x->depth == 0)
		return bad(x);
	ptrdiff_t end = str_chr(x->rest, '<');
	*what = end < 0 ? x->rest : str_first(x->rest, (size_t)end);
	x->rest = str_skip(x->rest, what->n);
	return XML_TEXT;
}

/* ── references ── */

static bool is_char(uint32_t c) {
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) ||
	       (c >= 0x10000 && c <= 0x10ffff);
}

static void put_utf8(struct buf *out, uint32_t c) {
	if (c < 0x80) {
		buf_byte(out, (char)c);
		return;
	}
	int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
	buf_byte(out, (char)(lead[more] | c >> (6 * more)));
	while (more--)
		buf_byte(out, (char)(0x80 | (c >> (6 * more) & 0x3f)));
}

static int digit_of(char c, bool hex) {
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "#65" or "#x41". */
static bool read_number(struct str s, uint32_t *out) {
	bool hex = s.n > 1 && s.p[1] == 'x';
	s = str_skip(s, hex ? 2 : 1);
	*out = 0;
	for (size_t i = 0; i < s.n; i++) {
		int digit = digit_of(s.p[i], hex);
		if (digit < 0 || *out > 0x10ffff)
			return false;
		*out = *out * (hex ? 16 : 10) + (uint32_t)digit;
	}
	return s.n && is_char(*out);
}

static bool put_reference(struct buf *out, struct str name) {
	static const struct {
		struct str name;
		char c;
	} entities[] = {{{"lt", 2}, '<'}, {{"gt", 2}, '>'}, {{"amp", 3}, '&'}, {{"quot", 4}, '"'}, {{"apos", 4}, '\''}};
	uint32_t c;
	if (str_starts(name, S("#"))) {
		if (!read_number(name, &c))
			return false;
		put_utf8(out, c);
		return true;
	}
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (str_eq(name, entities[i].name)) {
			buf_byte(out, entities[i].c);
			return true;
		}
	return false;
}

bool xml_text(struct buf *out, struct str text) {
	while (text.n) {
		ptrdiff_t and = str_chr(text, '&');
		if (and < 0) {
			buf_put(out, text);
			return true;
		}
		buf_put(out, str_first(text, (size_t) and));
		text = str_skip(text, (size_t) and +1);
		ptrdiff_t end = str_chr(text, ';');
		if (end < 0 || !put_reference(out, str_first(text, (size_t)end)))
			return false;
		text = str_skip(text, (size_t)end + 1);
	}
	return true;
}
