#include "wire/html_text.h"

/* ── character references (HTML Living Standard §13.5: those that posts have, and numbers) ── */

static const struct {
	struct str name, text;
} references[] = {
    {{"amp", 3}, {"&", 1}},
    {{"lt", 2}, {"<", 1}},
    {{"gt", 2}, {">", 1}},
    {{"quot", 4}, {"\"", 1}},
    {{"apos", 4}, {"'", 1}},
    {{"nbsp", 4}, {" ", 1}},
    {{"hellip", 6}, {"\xe2\x80\xa6", 3}},
    {{"ndash", 5}, {"\xe2\x80\x93", 3}},
    {{"mdash", 5}, {"\xe2\x80\x94", 3}},
};

static void put_character(struct buf *out, uint32_t c) {
	if (c < 0x80) {
		buf_byte(out, (char)c);
	} else if (c < 0x800) {
		buf_byte(out, (char)(0xc0 | c >> 6));
		buf_byte(out, (char)(0x80 | (c & 63)));
	} else if (c < 0x10000) {
		buf_byte(out, (char)(0xe0 | c >> 12));
		buf_byte(out, (char)(0x80 | (c >> 6 & 63)));
		buf_byte(out, (char)(0x80 | (c & 63)));
	} else {
		buf_byte(out, (char)(0xf0 | c >> 18));
		buf_byte(out, (char)(0x80 | (c >> 12 & 63)));
		buf_byte(out, (char)(0x80 | (c >> 6 & 63)));
		buf_byte(out, (char)(0x80 | (c & 63)));
	}
}

static bool number(struct str s, uint32_t *out) {
	bool hex = s.n > 1 && (s.p[0] | 32) == 'x';
	uint32_t v = 0;
	s = str_skip(s, hex);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i] | 32;
		uint32_t digit = s.p[i] >= '0' && s.p[i] <= '9' ? (uint32_t)(s.p[i] - '0')
		                 : hex && c >= 'a' && c <= 'f'  ? (uint32_t)(c - 'a' + 10)
		                                                : 99;
		if (digit == 99 || v > 0x10ffff)
			return false;
		v = v * (hex ? 16 : 10) + digit;
	}
	*out = v;
	return s.n && v >= ' ' && v != 0x7f && v <= 0x10ffff && !(v >= 0xd800 && v <= 0xdfff);
}

/* At a "&": how many bytes a reference has; 0: it is none, and stays. */
static size_t reference(struct str at, struct buf *out) {
	ptrdiff_t end = str_chr(str_first(at, 12), ';');
	uint32_t c;
	if (end < 2)
		return 0;
	struct str name = str_mem(at.p + 1, (size_t)end - 1);
	if (name.p[0] == '#' && number(str_skip(name, 1), &c))
		return put_character(out, c), (size_t)end + 1;
	for (size_t i = 0; i < sizeof references / sizeof *references; i++)
		if (str_eq(name, references[i].name))
			return buf_put(out, references[i].text), (size_t)end + 1;
	return 0;
}

static void put_text(struct buf *out, struct str s) {
	while (s.n) {
		size_t n = s.p[0] == '&' ? reference(s, out) : 0;
		if (!n && s.p[0])
			buf_byte(out, s.p[0]);
		s = str_skip(s, n ? n : 1);
	}
}

void html_text_references(struct buf *out, struct str text) { put_text(out, text); }

/* ── tags ── */

static bool is(struct str tag, const char *name) {
	struct str n = str_of(name);
	if (!str_starts_ci(tag, n))
		return false;
	return tag.n == n.n || tag.p[n.n] == ' ' || tag.p[n.n] == '/' || tag.p[n.n] == '\n';
}

static void break_line(struct buf *out, size_t from, int lines) {
	while (out->n > from && (out->p[out->n - 1] == ' ' || (lines > 1 && out->p[out->n - 1] == '\n')))
		out->n--;
	for (int i = 0; out->n > from && i < lines; i++)
		buf_byte(out, '\n');
}

static void put_tag(struct buf *out, size_t from, struct str tag) {
	static const char *const blocks[] = {"p",  "/p",  "div", "/div", "blockquote", "/blockquote", "ul",  "/ul",
	                                     "ol", "/ol", "h1",  "h2",   "h3",         "pre",         "/pre"};
	if (is(tag, "br") || is(tag, "li") || is(tag, "/li"))
		break_line(out, from, 1);
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
		if (is(tag, blocks[i]))
			break_line(out, from, 2);
}

void html_text_plain(struct buf *out, struct str html) {
	const size_t from = out->n;
	while (html.n) {
		ptrdiff_t open = str_chr(html, '<');
		put_text(out, open < 0 ? html : str_first(html, (size_t)open));
		if (open < 0)
			break;
		html = str_skip(html, (size_t)open + 1);
		ptrdiff_t close = str_chr(html, '>');
		if (close < 0)
			break;
		put_tag(out, from, str_first(html, (size_t)close));
		html = str_skip(html, (size_t)close + 1);
	}
	struct str all = str_trim(str_skip(buf_str(out), from));
	if (all.n)
		memmove(out->p + from, all.p, all.n);
	out->n = from + all.n;
}
