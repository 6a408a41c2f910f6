#include "wire/message.h"

#include <time.h>

enum { WORD = 45, LINE = 76, PLAIN_LINE = 900 };

static bool is_plain(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x7F || (unsigned char)s.p[i] < ' ')
			return false;
	return true;
}

static void put_base64(struct buf *out, struct str s) {
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < s.n; i += 3) {
		size_t left = s.n - i;
		uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;
		v |= left > 1 ? (uint32_t)(unsigned char)s.p[i + 1] << 8 : 0;
		v |= left > 2 ? (unsigned char)s.p[i + 2] : 0;
		for (size_t k = 0; k < 4; k++)
			buf_byte(out, k > left ? '=' : digit[(v >> (18 - 6 * k)) & 63]);
	}
}

/* Words of at most 45 bytes, cut between characters, each encoded by itself: a reader may look at one alone. */
static void put_encoded(struct buf *out, struct str s) {
	bool first = true;
	while (s.n) {
		size_t n = s.n < WORD ? s.n : WORD;
		while (n < s.n && n > 1 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
			n--;
		buf_put(out, first ? S("=?UTF-8?B?") : S("\r\n =?UTF-8?B?"));
		put_base64(out, str_first(s, n));
		buf_lit(out, "?=");
		first = false;
		s = str_skip(s, n);
	}
}

static void put_line(struct buf *out, struct str s) {
	for (size_t i = 0; i < s.n; i++)
		buf_byte(out, (unsigned char)s.p[i] < ' ' ? ' ' : s.p[i]);
}

static void put_words(struct buf *out, struct str s) {
	if (is_plain(s) && s.n < LINE)
		put_line(out, s);
	else
		put_encoded(out, s);
}

/* In quotes where it is plain: a name may hold dots and commas. */
static void put_name(struct buf *out, struct str s) {
	if (!is_plain(s) || s.n >= LINE) {
		put_encoded(out, s);
		return;
	}
	buf_byte(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_byte(out, '\\');
		buf_byte(out, s.p[i]);
	}
	buf_byte(out, '"');
}

static void put_date(struct buf *out, int64_t at) {
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}, *const months[] = {"Jan", "Feb", "Mar", "Apr",
	                                                                                                        "May", "Jun", "Jul", "Aug",
	                                                                                                        "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t)(at / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	           tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* ── the body ── */

static struct str next_line(struct str *rest) {
	struct str line = str_cut(rest, '\n');
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static bool body_is_plain(struct str text) {
	while (text.n) {
		struct str line = next_line(&text);
		if (line.n > PLAIN_LINE || !is_plain(line))
			return false;
	}
	return true;
}

/* Quoted-printable (RFC 2045 §6.7): soft breaks at 76, white space at a line's end encoded. */
static void put_quoted(struct buf *out, struct str line) {
	size_t column = 0;
	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];
		bool last = i + 1 == line.n, literal = c >= ' ' && c < 0x7F && c != '=' && !(last && c == ' ');
		size_t n = literal ? 1 : 3;
		if (column + n > LINE - 1) {
			buf_lit(out, "=\r\n");
			column = 0;
		}
		if (literal)
			buf_byte(out, (char)c);
		else
			buf_printf(out, "=%02X", c);
		column += n;
	}
}

static void put_body(struct buf *out, struct str text, bool plain) {
	while (text.n) {
		struct str line = next_line(&text);
		if (plain)
			buf_put(out, line);
		else
			put_quoted(out, line);
		buf_lit(out, "\r\n");
	}
}

void message_put(struct buf *out, const struct message *m) {
	bool plain = body_is_plain(m->text);
	put_date(out, m->at);
	buf_lit(out, "From: ");
	if (m->from_name.n) {
		put_name(out, m->from_name);
		buf_byte(out, ' ');
	}
	buf_byte(out, '<');
	put_line(out, m->from);
	buf_lit(out, ">\r\nTo: <");
	put_line(out, m->to);
	buf_lit(out, ">\r\nMessage-ID: <");
	put_line(out, m->id);
	buf_lit(out, ">\r\nSubject: ");
	put_words(out, m->subject);
	buf_lit(out, "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
	             "charset=utf-8\r\nContent-Transfer-Encoding: ");
	buf_put(out, plain ? S("7bit") : S("quoted-printable"));
	buf_lit(out, "\r\n\r\n");
	put_body(out, m->text, plain);
}
