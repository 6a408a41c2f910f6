#include "wire/webvtt.h"

struct reader {
	struct str rest;
	int line; /* of what next_line gave last, from 1 */
};

static err wrong(const struct reader *r, const char *why) {
	return err_public(ERR_INVALID, "The captions are not WebVTT: line %d %s", r->line, why);
}

/* Lines end with LF, CRLF or CR; false at the end. */
static bool next_line(struct reader *r, struct str *out) {
	if (!r->rest.n)
		return false;
	size_t n = 0;
	while (n < r->rest.n && r->rest.p[n] != '\n' && r->rest.p[n] != '\r')
		n++;
	*out = str_first(r->rest, n);
	size_t ending = n < r->rest.n ? 1 : 0;
	if (n + 1 < r->rest.n && r->rest.p[n] == '\r' && r->rest.p[n + 1] == '\n')
		ending = 2;
	r->rest = str_skip(r->rest, n + ending);
	r->line++;
	return true;
}

static bool digits(struct str s, size_t least, size_t most, int64_t *out) {
	if (s.n < least || s.n > most)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return str_i64(s, out);
}

/* "01:02.345" or "12:01:02.345": milliseconds. */
static bool read_time(struct str s, int64_t *ms) {
	int64_t hours = 0, minutes, seconds, rest;
	ptrdiff_t dot = str_chr(s, '.');
	if (dot < 0 || !digits(str_skip(s, (size_t)dot + 1), 3, 3, &rest))
		return false;
	struct str clock = str_first(s, (size_t)dot), first = str_cut(&clock, ':'), second = str_cut(&clock, ':');
	if (clock.n) {
		if (!digits(first, 2, 4, &hours) || !digits(second, 2, 2, &minutes) || !digits(clock, 2, 2, &seconds))
			return false;
	} else if (!digits(first, 2, 2, &minutes) || !digits(second, 2, 2, &seconds)) {
		return false;
	}
	*ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest;
	return minutes < 60 && seconds < 60;
}

static void put_time(struct buf *out, int64_t ms) {
	buf_printf(out, "%02lld:%02lld:%02lld.%03lld", (long long)(ms / 3600000), (long long)(ms / 60000 % 60), (long long)(ms / 1000 % 60),
	           (long long)(ms % 1000));
}

/* "line:90%", "position:50%,center", "size:80%", "align:start", "vertical:rl": letters, digits and the signs between them. */
static bool is_setting(struct str s) {
	static const struct str names[] = {{"line:", 5}, {"position:", 9}, {"size:", 5}, {"align:", 6}, {"vertical:", 9}};
	size_t known = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_starts(s, names[i]))
			known = names[i].n;
	if (!known || s.n == known || s.n > 40)
		return false;
	for (size_t i = known; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || strchr("-.,%", s.p[i])))
			return false;
	return true;
}

static struct str next_word(struct str *rest) {
	size_t n = 0;
	while (rest->n && (rest->p[0] == ' ' || rest->p[0] == '\t'))
		*rest = str_skip(*rest, 1);
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
		n++;
	struct str word = str_first(*rest, n);
	*rest = str_skip(*rest, n);
	return word;
}

static err put_timing(struct reader *r, struct str line, int64_t *last, struct buf *out) {
	int64_t from, to;
	struct str start = next_word(&line), arrow = next_word(&line), end = next_word(&line), word;
	if (!read_time(start, &from) || !str_eq(arrow, S("-->")) || !read_time(end, &to))
		return wrong(r, "has no times like 00:01.000 --> 00:02.500");
	if (from < *last)
		return wrong(r, "begins before the cue above it");
	if (to <= from)
		return wrong(r, "ends before it begins");
	*last = from;
	put_time(out, from);
	buf_lit(out, " --> ");
	put_time(out, to);
	while ((word = next_word(&line)).n) {
		/* Regions are dropped, and with them what names one. */
		if (str_starts(word, S("region:")))
			continue;
		if (!is_setting(word))
			return wrong(r, "has a setting that is not known");
		buf_byte(out, ' ');
		buf_put(out, word);
	}
	buf_byte(out, '\n');
	return NULL;
}

/* "b", "/b", "c.loud", "v Anna", "lang de", "00:01.000": without the brackets. */
static bool is_tag(struct str tag) {
	static const struct str names[] = {{"b", 1}, {"i", 1}, {"u", 1}, {"c", 1}, {"v", 1}, {"ruby", 4}, {"rt", 2}, {"lang", 4}};
	int64_t ms;
	if (read_time(tag, &ms))
		return true;
	for (size_t i = 0; i < tag.n; i++)
		if ((unsigned char)tag.p[i] < 0x20 || tag.p[i] == '<' || tag.p[i] == '&')
			return false;
	bool closing = str_starts(tag, S("/"));
	struct str name = str_skip(tag, closing);
	size_t n = 0;
	while (n < name.n && name.p[n] != '.' && name.p[n] != ' ' && name.p[n] != '\t')
		n++;
	if (closing && n != name.n)
		return false;
	name = str_first(name, n);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

/* A line of a cue: known tags stay, all else is text. False when nothing is left of it. */
static bool put_text(struct str s, struct buf *out) {
	size_t before = out->n;
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = str_skip(s, i + 1);
		ptrdiff_t end = s.p[i] == '<' ? str_chr(rest, '>') : -1;
		if (end > 0 && is_tag(str_first(rest, (size_t)end))) {
			buf_put(out, str_mem(s.p + i, (size_t)end + 2));
			i += (size_t)end + 1;
		} else if (s.p[i] == '<') {
			buf_lit(out, "&lt;");
		} else if (s.p[i] == '>') {
			buf_lit(out, "&gt;");
		} else if ((unsigned char)s.p[i] >= 0x20 || s.p[i] == '\t') {
			buf_byte(out, s.p[i]);
		}
	}
	if (out->n == before)
		return false;
	buf_byte(out, '\n');
	return true;
}

static void skip_block(struct reader *r) {
	struct str line;
	while (next_line(r, &line) && line.n)
		;
}

static bool begins(struct str line, struct str word) {
	return str_starts(line, word) && (line.n == word.n || line.p[word.n] == ' ' || line.p[word.n] == '\t');
}

/* A cue that begins with `line`: perhaps a name, then its times, then its text up to an empty line. */
static err put_cue(struct reader *r, struct str line, int64_t *last, struct buf *out) {
	struct str text;
	bool any = false;
	if (str_find(line, S("-->")) < 0 && !next_line(r, &line))
		return wrong(r, "names a cue that does not come");
	buf_byte(out, '\n');
	TRY(put_timing(r, line, last, out));
	while (next_line(r, &text) && text.n) {
		if (str_find(text, S("-->")) >= 0)
			return wrong(r, "has times inside a cue's text: an empty line is missing");
		any |= put_text(text, out);
	}
	return any ? NULL : wrong(r, "ends a cue without text");
}

err webvtt_clean(struct str file, struct buf *out) {
	struct reader r = {.rest = file};
	struct str line;
	int64_t last = 0;
	int cues = 0;
	if (file.n > WEBVTT_MAX)
		return err_public(ERR_INVALID, "The captions are larger than %d MB", WEBVTT_MAX >> 20);
	if (!str_utf8(file) || memchr(file.n ? file.p : "", 0, file.n))
		return err_public(ERR_INVALID, "The captions are not UTF-8 text");
	if (str_starts(r.rest, S("\xef\xbb\xbf")))
		r.rest = str_skip(r.rest, 3);
	if (!next_line(&r, &line) || !begins(line, S("WEBVTT")))
		return err_public(ERR_INVALID, "The captions are not WebVTT: they must begin with WEBVTT");
	while (line.n && next_line(&r, &line)) /* the header's own lines */
		if (str_find(line, S("-->")) >= 0)
			return wrong(&r, "has times where an empty line is missing");
	buf_lit(out, "WEBVTT\n");
	while (next_line(&r, &line)) {
		if (!line.n)
			continue;
		if (begins(line, S("NOTE")) || begins(line, S("STYLE")) || begins(line, S("REGION"))) {
			skip_block(&r);
			continue;
		}
		if (++cues > WEBVTT_CUES_MAX)
			return err_public(ERR_INVALID, "The captions have more than %d cues", WEBVTT_CUES_MAX);
		TRY(put_cue(&r, line, &last, out));
	}
	return cues ? NULL : err_public(ERR_INVALID, "The captions have no cue");
}
