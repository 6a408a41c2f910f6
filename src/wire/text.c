#include "wire/text.h"

#include "base/vec.h"

#include <utf8proc.h>

enum { LINK_LENGTH = 23, MAX_WORD = 64 };

/* ── characters ── */

/* The code point at s.p[at], its bytes in *n; U+FFFD and one byte where the bytes are not UTF-8. 0 and no bytes at the end. */
static int32_t char_at(struct str s, size_t at, size_t *n) {
	if (at >= s.n) {
		*n = 0;
		return 0;
	}
	utf8proc_int32_t c;
	utf8proc_ssize_t got = utf8proc_iterate((const utf8proc_uint8_t *)s.p + at, (utf8proc_ssize_t)(s.n - at), &c);
	*n = got > 0 ? (size_t)got : 1;
	return got > 0 ? c : 0xFFFD;
}

/* The code point that ends just before s.p[at]; 0 at the start. */
static int32_t char_before(struct str s, size_t at) {
	if (at == 0)
		return 0;
	size_t from = at - 1, n;
	while (from > 0 && at - from < 4 && ((unsigned char)s.p[from] & 0xC0) == 0x80)
		from--;
	return char_at(s, from, &n);
}

static bool ascii_alnum(int32_t c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

static bool is_letter(int32_t c) {
	if (c < 0x80)
		return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC: return true;
	default: return false;
	}
}

/* [[:word:]]: letters, marks, decimal digits, connecting punctuation. */
static bool is_word(int32_t c) {
	if (c < 0x80)
		return ascii_alnum(c) || c == '_';
	if (is_letter(c))
		return true;
	utf8proc_category_t k = utf8proc_category(c);
	return k == UTF8PROC_CATEGORY_ND || k == UTF8PROC_CATEGORY_PC || k == UTF8PROC_CATEGORY_ME;
}

static bool is_space(int32_t c) {
	if (c <= 0x20 || c == 0x7F || c == 0x85 || c == 0x200B)
		return true;
	utf8proc_category_t k = c < 0x80 ? UTF8PROC_CATEGORY_CN : utf8proc_category(c);
	return k == UTF8PROC_CATEGORY_ZS || k == UTF8PROC_CATEGORY_ZL || k == UTF8PROC_CATEGORY_ZP;
}

/* What may join the words of a hashtag: middle dot, katakana middle dot, zero-width non-joiner. ("_" is a word character already.) */
static bool is_tag_joint(int32_t c) { return c == 0xB7 || c == 0x30FB || c == 0x200C; }

/* ── links ── */

/* Punctuation of scripts that write no space between a link and the sentence around it. */
static bool ends_link(int32_t c) {
	return is_space(c) || c == '<' || c == '>' || c == '"' || (c >= 0x3001 && c <= 0x3002) || (c >= 0x3008 && c <= 0x3011) ||
	       c == 0xFF01 || c == 0xFF08 || c == 0xFF09 || c == 0xFF0C || c == 0xFF1F || c == 0x201C || c == 0x201D || c == 0xFFFD ||
	       (c >= 0x202A && c <= 0x202E);
}

static bool not_last_of_link(char c) { return strchr(".,;:!?*'$%[]~|@", c) != NULL; }

/* The length of the host at s.p[at]: an IPv4 address, localhost, or names with a dot whose last part can be a top-level domain. 0: none. */
static size_t host_length(struct str s, size_t at) {
	size_t end = at, n, label = at, dots = 0;
	bool digits_only = true, first_ascii = true;
	for (int32_t c; (c = char_at(s, end, &n)) && (is_word(c) || c == '-' || c == '.'); end += n) {
		if (c == '.') {
			if (end == label)
				break;
			label = end + 1;
			dots++;
			continue;
		}
		if (end == label)
			first_ascii = c < 0x80;
		else if (dots && first_ascii && c >= 0x80)
			break; /* "example.comです": the sentence goes on without a space */
		if (c < '0' || c > '9')
			digits_only = false;
	}
	while (end > at && (s.p[end - 1] == '.' || s.p[end - 1] == '-'))
		end--;
	if (label > end) { /* the last dot was trimmed */
		dots--;
		label = end;
		while (label > at && s.p[label - 1] != '.')
			label--;
	}
	struct str host = str_first(str_skip(s, at), end - at), last = str_first(str_skip(s, label), end - label);
	if (str_eq_ci(host, S("localhost")))
		return host.n;
	if (dots == 0 || host.n > 253 || host.p[0] == '-' || str_find(host, S("..")) >= 0)
		return 0;
	if (digits_only)
		return dots == 3 ? host.n : 0;
	size_t letters = 0;
	for (size_t i = 0; i < last.n; i++)
		letters += (unsigned char)last.p[i] >= 0x80 || is_letter(last.p[i]);
	return letters >= 2 ? host.n : 0;
}

/* The length of port, path, query and fragment at s.p[at]; brackets count only in pairs, closing punctuation is the sentence's. */
static size_t link_rest_length(struct str s, size_t at) {
	size_t end = at, n;
	if (end < s.n && s.p[end] == ':') {
		size_t digits = end + 1;
		while (digits < s.n && digits - end < 6 && s.p[digits] >= '0' && s.p[digits] <= '9')
			digits++;
		if (digits > end + 1)
			end = digits;
	}
	if (end >= s.n || !strchr("/?#", s.p[end]))
		return end - at;
	size_t path = end, open = 0;
	for (int32_t c; (c = char_at(s, end, &n)) && !ends_link(c); end += n) {
		if (c == '(')
			open++;
		if (c == ')' && open-- == 0)
			break;
	}
	while (end > path && (not_last_of_link(s.p[end - 1]) || s.p[end - 1] == '('))
		end--;
	return end - at;
}

static size_t find_link(struct str s, size_t at, struct text_find *f) {
	struct str rest = str_skip(s, at);
	size_t scheme = str_starts_ci(rest, S("https://")) ? 8 : str_starts_ci(rest, S("http://")) ? 7 : 0;
	int32_t before = char_before(s, at);
	if (!scheme || ascii_alnum(before) || before == '@' || before == '#' || before == '$' || before == '_' || before == 0xFF20 ||
	    before == 0xFF03)
		return 0;
	size_t host = host_length(s, at + scheme);
	if (!host)
		return 0;
	size_t n = scheme + host + link_rest_length(s, at + scheme + host);
	*f = (struct text_find){TEXT_LINK, at, n, str_first(rest, n), STR_NONE};
	return n;
}

/* ── mentions, hashtags, emoji ── */

/* The length of word characters joined by runs of "." and "-" at s.p[at]; `one` says which characters are of a word. */
static size_t joined_length(struct str s, size_t at, bool (*one)(int32_t)) {
	size_t end = at, n, good = at;
	for (int32_t c; (c = char_at(s, end, &n)) && (one(c) || ((c == '.' || c == '-') && good > at)); end += n)
		if (one(c))
			good = end + n;
	return good - at;
}

static bool is_name(int32_t c) { return ascii_alnum(c) || c == '_'; }

static size_t find_mention(struct str s, size_t at, struct text_find *f) {
	int32_t before = char_before(s, at);
	if (before == '=' || before == '/' || (before && is_word(before)))
		return 0;
	size_t name = joined_length(s, at + 1, is_name), end = at + 1 + name;
	if (!name)
		return 0;
	struct str domain = STR_NONE;
	if (end < s.n && s.p[end] == '@') {
		size_t n = joined_length(s, end + 1, is_word);
		if (n && end + 1 + n + 1 < s.n && s.p[end + 1 + n] == ':' && s.p[end + 2 + n] >= '0' && s.p[end + 2 + n] <= '9')
			for (n++; end + 1 + n < s.n && s.p[end + 1 + n] >= '0' && s.p[end + 1 + n] <= '9';)
				n++;
		domain = str_first(str_skip(s, end + 1), n);
	}
	size_t n = 1 + name + (domain.n ? 1 + domain.n : 0);
	*f = (struct text_find){TEXT_MENTION, at, n, str_first(str_skip(s, at + 1), name), domain};
	return n;
}

/* A name needs a letter or a joint inside: "#2024" is a number. */
static size_t find_tag(struct str s, size_t at, size_t sign, struct text_find *f) {
	int32_t before = char_before(s, at);
	if (before == '=' || before == '/' || before == ')' || (before && before != '_' && is_word(before)))
		return 0;
	size_t end = at + sign, n, good = end;
	bool letter = false, joint = false, joined = false;
	for (int32_t c; (c = char_at(s, end, &n)) && (is_word(c) || (is_tag_joint(c) && good > at + sign)); end += n) {
		if (is_tag_joint(c) || (c == '_' && good > at + sign)) {
			joint = true;
		} else {
			letter |= is_letter(c);
			joined |= joint;
		}
		if (is_word(c))
			good = end + n;
	}
	if (!letter && !joined)
		return 0;
	*f = (struct text_find){TEXT_TAG, at, good - at, str_first(str_skip(s, at + sign), good - at - sign), STR_NONE};
	return f->n;
}

static size_t find_emoji(struct str s, size_t at, struct text_find *f) {
	int32_t before = char_before(s, at);
	size_t end = at + 1, n;
	while (end < s.n && is_name(s.p[end]))
		end++;
	if (end - at < 3 || end >= s.n || s.p[end] != ':' || before == ':' || (before && before != '_' && is_word(before)))
		return 0;
	int32_t after = char_at(s, end + 1, &n);
	if (after == ':' || (after && after != '_' && is_word(after)))
		return 0;
	*f = (struct text_find){TEXT_EMOJI, at, end + 1 - at, str_first(str_skip(s, at + 1), end - at - 1), STR_NONE};
	return f->n;
}

static size_t find_at(struct str s, size_t at, struct text_find *f) {
	switch (s.p[at]) {
	case 'h':
	case 'H': return find_link(s, at, f);
	case '@': return find_mention(s, at, f);
	case '#': return find_tag(s, at, 1, f);
	case ':': return find_emoji(s, at, f);
	case '\xEF': return str_starts(str_skip(s, at), S("\xEF\xBC\x83")) ? find_tag(s, at, 3, f) : 0; /* full-width number sign */
	default: return 0;
	}
}

bool text_next(struct str text, size_t *at, struct text_find *f) {
	while (*at < text.n) {
		size_t used = find_at(text, *at, f);
		*at += used ? used : 1;
		if (used)
			return true;
	}
	return false;
}

/* ── length ── */

static size_t graphemes(struct str s) {
	size_t count = 0, n;
	utf8proc_int32_t before = 0, state = 0;
	for (size_t at = 0; at < s.n; at += n) {
		int32_t c = char_at(s, at, &n);
		count += at == 0 || utf8proc_grapheme_break_stateful(before, c, &state);
		before = c;
	}
	return count;
}

size_t text_length(struct str text) {
	size_t length = 0, from = 0, at = 0;
	struct text_find f;
	while (text_next(text, &at, &f)) {
		if (f.kind == TEXT_TAG || f.kind == TEXT_EMOJI)
			continue;
		length += graphemes(str_first(str_skip(text, from), f.at - from));
		length += f.kind == TEXT_LINK ? LINK_LENGTH : 1 + f.name.n;
		from = at;
	}
	return length + graphemes(str_skip(text, from));
}

/* ── folding ── */

static bool is_ascii(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

struct str text_tag_fold(struct arena *a, struct str name) {
	if (is_ascii(name)) {
		char *p = arena_alloc(a, name.n + 1);
		for (size_t i = 0; i < name.n; i++)
			p[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] + 32) : name.p[i];
		p[name.n] = 0;
		return (struct str){p, name.n};
	}
	const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE;
	const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)name.p;
	utf8proc_ssize_t most = utf8proc_decompose(in, (utf8proc_ssize_t)name.n, NULL, 0, options);
	if (most < 0)
		return arena_str(a, name);
	/* utf8proc_reencode writes UTF-8 over the code points and a NUL behind them. */
	utf8proc_int32_t *c = arena_alloc(a, ((size_t)most + 2) * sizeof *c);
	most = utf8proc_decompose(in, (utf8proc_ssize_t)name.n, c, most, options);
	utf8proc_ssize_t kept = 0;
	bool latin = false;
	for (utf8proc_ssize_t i = 0; i < most; i++) {
		if (c[i] >= 0x300 && c[i] <= 0x36F && latin)
			continue;
		c[kept] = utf8proc_tolower(c[i]);
		latin = ascii_alnum(c[kept++]);
	}
	utf8proc_ssize_t n = utf8proc_reencode(c, kept, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	return n < 0 ? arena_str(a, name) : (struct str){(const char *)c, (size_t)n};
}

/* Scripts that write no spaces between words: Thai to Myanmar, Khmer, kana, Han and their extensions. */
static bool is_unspaced(int32_t c) {
	return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) ||
	       (c >= 0x3040 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x3400 && c <= 0x9FFF) ||
	       (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

void text_words(struct arena *a, struct str text, struct str **out, size_t *n) {
	VEC(struct str) v = {0};
	struct str s = text_tag_fold(a, text);
	size_t from = 0, used;
	for (size_t at = 0; at <= s.n; at += used) {
		int32_t c = char_at(s, at, &used);
		bool alone = is_unspaced(c);
		if (used && is_word(c) && c != '_' && !alone && at - from < MAX_WORD)
			continue;
		if (at > from)
			vec_push(a, &v, str_first(str_skip(s, from), at - from));
		from = at;
		if (alone && is_word(c))
			vec_push(a, &v, str_first(str_skip(s, at), used));
		if (alone || !is_word(c) || c == '_')
			from = at + used;
		if (!used)
			break;
	}
	*out = v.v;
	*n = v.n;
}
