#include "core/text.h"

#include "base/vec.h"
#include "wire/text.h"

enum { LINK_SHOWN = 30 };

/* Plain text between finds: escaped, line breaks as <br />, an empty line as a new paragraph (unless the text is one line). */
static void put_plain(struct buf *out, struct str s, bool lines) {
	while (s.n) {
		ptrdiff_t nl = lines ? str_chr(s, '\n') : -1;
		buf_html_text(out, nl < 0 ? s : str_first(s, (size_t)nl));
		if (nl < 0)
			return;
		size_t breaks = 0;
		for (s = str_skip(s, (size_t)nl); s.n && s.p[0] == '\n'; s = str_skip(s, 1))
			breaks++;
		buf_put(out, breaks > 1 ? S("</p><p>") : S("<br />"));
	}
}

/* The first n characters of s, in bytes. */
static size_t bytes_of_characters(struct str s, size_t n) {
	size_t at = 0;
	for (; at < s.n; at++)
		if (((unsigned char)s.p[at] & 0xC0) != 0x80 && n-- == 0)
			break;
	return at;
}

/* The whole address stays readable to machines; people see 30 characters of it without the scheme. */
static void put_link(struct buf *out, struct str url) {
	size_t prefix = str_starts_ci(url, S("https://")) ? 8 : 7;
	if (str_starts_ci(str_skip(url, prefix), S("www.")))
		prefix += 4;
	struct str rest = str_skip(url, prefix);
	size_t shown = bytes_of_characters(rest, LINK_SHOWN);
	buf_lit(out, "<a href=\"");
	buf_html_text(out, url);
	buf_lit(out, "\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\"><span class=\"invisible\">");
	buf_html_text(out, str_first(url, prefix));
	buf_put(out, shown < rest.n ? S("</span><span class=\"ellipsis\">") : S("</span><span class=\"\">"));
	buf_html_text(out, str_first(rest, shown));
	buf_lit(out, "</span><span class=\"invisible\">");
	buf_html_text(out, str_skip(rest, shown));
	buf_lit(out, "</span></a>");
}

void text_tag_url(struct arena *a, struct buf *out, const struct site *site, struct str name) {
	buf_put(out, site->base_url);
	buf_lit(out, "/tags/");
	buf_url_segment(out, text_tag_fold(a, name));
}

static void put_tag(struct arena *a, struct buf *out, const struct site *site, struct str name) {
	buf_lit(out, "<a href=\"");
	text_tag_url(a, out, site, name);
	buf_lit(out, "\" class=\"mention hashtag\" rel=\"tag\">#<span>");
	buf_html_text(out, name);
	buf_lit(out, "</span></a>");
}

static const struct text_person *person_meant(const struct site *site, const struct text_find *f, const struct text_person *people,
                                              size_t n) {
	struct str domain = str_eq_ci(f->domain, site->domain) ? STR_NONE : f->domain;
	for (size_t i = 0; i < n; i++)
		if (str_eq_ci(people[i].username, f->name) && str_eq_ci(people[i].domain, domain))
			return &people[i];
	return NULL;
}

static void put_mention(struct buf *out, const struct site *site, const struct text_person *p) {
	buf_lit(out, "<span class=\"h-card\" translate=\"no\"><a href=\"");
	if (p->url.n) {
		buf_html_text(out, p->url);
	} else {
		buf_put(out, site->base_url);
		buf_lit(out, "/@");
		buf_url_segment(out, p->username);
	}
	buf_lit(out, "\" class=\"u-url mention\">@<span>");
	buf_html_text(out, p->username);
	buf_lit(out, "</span></a></span>");
}

static void put_text(struct arena *a, struct buf *out, const struct site *site, struct str text, const struct text_person *people, size_t n,
                     bool lines) {
	size_t at = 0, from = 0;
	struct text_find f;
	while (text_next(text, &at, &f)) {
		const struct text_person *p = f.kind == TEXT_MENTION ? person_meant(site, &f, people, n) : NULL;
		if (f.kind == TEXT_EMOJI || (f.kind == TEXT_MENTION && !p))
			continue;
		put_plain(out, str_first(str_skip(text, from), f.at - from), lines);
		from = at;
		if (f.kind == TEXT_LINK)
			put_link(out, f.name);
		else if (f.kind == TEXT_TAG)
			put_tag(a, out, site, f.name);
		else
			put_mention(out, site, p);
	}
	put_plain(out, str_skip(text, from), lines);
}

void text_html(struct arena *a, struct buf *out, const struct site *site, struct str text, const struct text_person *people, size_t n) {
	text = str_trim(text);
	if (str_empty(text))
		return;
	buf_lit(out, "<p>");
	put_text(a, out, site, text, people, n, true);
	buf_lit(out, "</p>");
}

void text_html_inline(struct arena *a, struct buf *out, const struct site *site, struct str text) {
	put_text(a, out, site, str_trim(text), NULL, 0, false);
}

void text_shortcodes(struct arena *a, struct str text, struct str **out, size_t *n) {
	VEC(struct str) v = {0};
	size_t at = 0;
	struct text_find f;
	while (text_next(text, &at, &f)) {
		bool known = f.kind != TEXT_EMOJI;
		for (size_t i = 0; i < v.n && !known; i++)
			known = str_eq(v.v[i], f.name);
		if (!known)
			vec_push(a, &v, f.name);
	}
	*out = v.v;
	*n = v.n;
}
