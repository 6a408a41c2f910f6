#include "wire/preview.h"

#include "base/buf.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

enum { FIELDS_BYTES = 4 * PREVIEW_WORDS, CHARSET_MAX = 40 };

/* Where a text may come from, the better source first. */
enum source {
	TITLE_OG,
	TITLE_TWITTER,
	TITLE_TAG,
	WORDS_OG,
	WORDS_TWITTER,
	WORDS_META,
	IMAGE_OG,
	IMAGE_SECURE,
	IMAGE_TWITTER,
	ALT_OG,
	ALT_TWITTER,
	SITE_OG,
	SITE_APPLICATION,
	AUTHOR_META,
	AUTHOR_ARTICLE,
	PUBLISHED,
	LANGUAGE,
	SOURCES
};

static const struct {
	const char *name;
	enum source source;
} names[] = {
    {"og:title", TITLE_OG},
    {"twitter:title", TITLE_TWITTER},
    {"og:description", WORDS_OG},
    {"twitter:description", WORDS_TWITTER},
    {"description", WORDS_META},
    {"og:image", IMAGE_OG},
    {"og:image:url", IMAGE_OG},
    {"og:image:secure_url", IMAGE_SECURE},
    {"twitter:image", IMAGE_TWITTER},
    {"twitter:image:src", IMAGE_TWITTER},
    {"og:image:alt", ALT_OG},
    {"twitter:image:alt", ALT_TWITTER},
    {"og:site_name", SITE_OG},
    {"application-name", SITE_APPLICATION},
    {"author", AUTHOR_META},
    {"article:author", AUTHOR_ARTICLE},
    {"article:published_time", PUBLISHED},
};

struct reading {
	struct arena *a;
	struct str found[SOURCES]; /* as written; the first of each */
	struct buf title;
	bool in_title;
};

/* ── events ── */

static void keep(struct reading *r, enum source s, const char *text) {
	if (r->found[s].n || !text || !*text)
		return;
	r->found[s] = arena_str(r->a, str_mem(text, strnlen(text, FIELDS_BYTES)));
}

static const char *attribute(const xmlChar **attributes, const char *name) {
	for (; attributes && attributes[0]; attributes += 2)
		if (xmlStrcasecmp(attributes[0], (const xmlChar *)name) == 0)
			return (const char *)attributes[1];
	return NULL;
}

static void meta(struct reading *r, const xmlChar **attributes) {
	const char *content = attribute(attributes, "content");
	/* OpenGraph says property, Twitter says name, and each is met in the other's place. */
	for (int i = 0; i < 2; i++) {
		const char *name = attribute(attributes, i ? "name" : "property");
		for (size_t k = 0; name && k < sizeof names / sizeof *names; k++)
			if (str_eq_ci(str_trim(str_of(name)), str_of(names[k].name)))
				keep(r, names[k].source, content);
	}
}

static void starts(void *arg, const xmlChar *name, const xmlChar **attributes) {
	struct reading *r = arg;
	const char *tag = (const char *)name;
	/* A picture in the page may have a <title> too: the first is the page's. */
	r->in_title |= strcmp(tag, "title") == 0 && !r->title.n;
	if (strcmp(tag, "meta") == 0)
		meta(r, attributes);
	else if (strcmp(tag, "html") == 0)
		keep(r, LANGUAGE, attribute(attributes, "lang"));
}

static void ends(void *arg, const xmlChar *name) {
	struct reading *r = arg;
	r->in_title = r->in_title && strcmp((const char *)name, "title") != 0;
}

static void characters(void *arg, const xmlChar *text, int n) {
	struct reading *r = arg;
	if (r->in_title && r->title.n < FIELDS_BYTES)
		buf_put(&r->title, str_mem(text, (size_t)n < FIELDS_BYTES ? (size_t)n : FIELDS_BYTES));
}

/* ── texts ── */

/* The character at s: its bytes; 0 when it is none. s is not empty. */
static size_t character(struct str s) {
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	return n <= s.n && str_utf8(str_first(s, n)) ? n : 0;
}

/* Marks that turn the direction of what follows, outside their own text as well: U+200E, U+200F, U+202A–E, U+2066–9; and U+FEFF. */
static bool turns(struct str c) {
	if (c.n != 3)
		return false;
	unsigned char a = (unsigned char)c.p[0], b = (unsigned char)c.p[1], d = (unsigned char)c.p[2];
	return (a == 0xe2 && b == 0x80 && (d == 0x8e || d == 0x8f || (d >= 0xaa && d <= 0xae))) ||
	       (a == 0xe2 && b == 0x81 && d >= 0xa6 && d <= 0xa9) || (a == 0xef && b == 0xbb && d == 0xbf);
}

/* White space and controls, of C1 and U+2028/9 too. */
static bool is_space(struct str c) {
	unsigned char a = (unsigned char)c.p[0], b = c.n > 1 ? (unsigned char)c.p[1] : 0, d = c.n > 2 ? (unsigned char)c.p[2] : 0;
	return (c.n == 1 && (a <= ' ' || a == 0x7f)) || (c.n == 2 && a == 0xc2 && b <= 0xa0) ||
	       (c.n == 3 && a == 0xe2 && b == 0x80 && (d == 0xa8 || d == 0xa9));
}

/* What was cut off in the middle of a character, or is no UTF-8, is left out. */
static struct str tidy(struct arena *a, struct str s, size_t most) {
	BUF_AUTO out = {0};
	bool gap = false;
	size_t count = 0, n;
	for (; s.n; s = str_skip(s, n ? n : 1)) {
		n = character(s);
		struct str c = str_first(s, n);
		if (!n || turns(c))
			continue;
		if (is_space(c)) {
			gap = out.n > 0;
			continue;
		}
		if ((count += 1 + gap) > most) {
			buf_lit(&out, "\xe2\x80\xa6");
			break;
		}
		if (gap)
			buf_byte(&out, ' ');
		gap = false;
		buf_put(&out, c);
	}
	return arena_str(a, buf_str(&out));
}

/* An address has no spaces inside; what is longer than any we would keep is none. */
static struct str address(struct str s) {
	s = str_trim(s);
	if (s.n > PREVIEW_ADDRESS || !str_utf8(s))
		return STR_NONE;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return STR_NONE;
	return s;
}

static struct str language(struct str s) {
	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
			return STR_NONE;
	}
	return s.n >= 2 && s.n <= 35 ? s : STR_NONE;
}

static struct str first(const struct reading *r, enum source from, enum source to) {
	for (enum source s = from; s <= to; s++)
		if (str_trim(r->found[s]).n)
			return r->found[s];
	return STR_NONE;
}

static void conclude(struct reading *r, struct preview *out) {
	struct arena *a = r->a;
	struct str author = r->found[AUTHOR_META], article = str_trim(r->found[AUTHOR_ARTICLE]);
	/* article:author is an address as often as a name. */
	bool linked = str_starts_ci(article, S("http://")) || str_starts_ci(article, S("https://"));
	r->found[TITLE_TAG] = buf_str(&r->title);
	*out = (struct preview){
	    .title = tidy(a, first(r, TITLE_OG, TITLE_TAG), PREVIEW_TITLE),
	    .description = tidy(a, first(r, WORDS_OG, WORDS_META), PREVIEW_WORDS),
	    .image_alt = tidy(a, first(r, ALT_OG, ALT_TWITTER), PREVIEW_WORDS),
	    .site = tidy(a, first(r, SITE_OG, SITE_APPLICATION), PREVIEW_NAME),
	    .author = tidy(a, author.n || linked ? author : article, PREVIEW_NAME),
	    .author_url = linked ? address(article) : STR_NONE,
	    .image = address(first(r, IMAGE_OG, IMAGE_TWITTER)),
	    .published = tidy(a, r->found[PUBLISHED], PREVIEW_NAME),
	    .language = language(r->found[LANGUAGE]),
	};
}

/* ── the parser ── */

/* Has bytes over 0x7f, and they are UTF-8, but for a character that may be cut off at the end: hardly anything else looks so. */
static bool is_plainly_utf8(struct str s) {
	bool high = false;
	for (size_t i = 0; i < s.n && !high; i++)
		high = (unsigned char)s.p[i] >= 0x80;
	for (size_t cut = 0; high && cut < 4 && cut < s.n; cut++)
		if (str_utf8(str_first(s, s.n - cut)))
			return true;
	return false;
}

static void set_charset(htmlParserCtxtPtr p, struct str charset) {
	char name[CHARSET_MAX + 1];
	charset = str_trim(charset);
	if (!charset.n || charset.n > CHARSET_MAX)
		return;
	memcpy(name, charset.p, charset.n);
	name[charset.n] = 0;
	xmlCharEncodingHandlerPtr handler = xmlFindCharEncodingHandler(name);
	if (!handler)
		return;
	xmlSwitchToEncoding(p, handler);
	/* So that what the page says itself does not count any more. */
	if (!p->input->encoding)
		p->input->encoding = xmlStrdup((const xmlChar *)name);
}

void preview_read(struct arena *a, struct str html, struct str charset, struct preview *out) {
	struct reading r = {.a = a};
	*out = (struct preview){0};
	html = str_first(html, PREVIEW_LOOKED_AT);
	htmlParserCtxtPtr p = html.n ? htmlCreateMemoryParserCtxt(html.p, (int)html.n) : NULL;
	if (!p)
		return;
	memset(p->sax, 0, sizeof *p->sax);
	p->sax->startElement = starts;
	p->sax->endElement = ends;
	p->sax->characters = characters;
	p->userData = &r;
	set_charset(p, charset.n || !is_plainly_utf8(html) ? charset : S("UTF-8"));
	htmlParseDocument(p);
	htmlFreeParserCtxt(p);
	conclude(&r, out);
	buf_free(&r.title);
}
