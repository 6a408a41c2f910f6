#include "wire/http1.h"

#include <ctype.h>

static const char *const method_names[HTTP_METHOD_COUNT] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

const char *http_method_name(enum http_method m) { return method_names[m]; }

/* Which bytes may stand where; one table, so that the scan of a line is one load a byte. */
enum { TOKEN = 1, TARGET = 2, VALUE = 4, HOST = 8 };
#define ALNUM (TOKEN | TARGET | VALUE | HOST)
static const unsigned char class_of[256] = {
    ['\t'] = VALUE,
    [' '] = VALUE,
    ['!'] = ALNUM,
    ['"'] = TARGET | VALUE,
    ['#'] = TOKEN | VALUE,
    ['$' ... '\''] = ALNUM,
    ['('] = TARGET | VALUE | HOST,
    [')'] = TARGET | VALUE | HOST,
    ['*'] = ALNUM,
    ['+'] = ALNUM,
    [','] = TARGET | VALUE,
    ['-'] = ALNUM,
    ['.'] = ALNUM,
    ['/'] = TARGET | VALUE,
    ['0' ... '9'] = ALNUM,
    [':'] = TARGET | VALUE | HOST,
    [';'] = TARGET | VALUE | HOST,
    ['<'] = TARGET | VALUE,
    ['='] = TARGET | VALUE | HOST,
    ['>'] = TARGET | VALUE,
    ['?'] = TARGET | VALUE,
    ['@'] = TARGET | VALUE,
    ['A' ... 'Z'] = ALNUM,
    ['['] = TARGET | VALUE | HOST,
    ['\\'] = TARGET | VALUE,
    [']'] = TARGET | VALUE | HOST,
    ['^'] = TOKEN | TARGET | VALUE,
    ['_'] = ALNUM,
    ['`'] = TOKEN | TARGET | VALUE,
    ['a' ... 'z'] = ALNUM,
    ['{'] = TARGET | VALUE,
    ['|'] = TOKEN | TARGET | VALUE,
    ['}'] = TARGET | VALUE,
    ['~'] = ALNUM,
    [128 ... 255] = VALUE,
};

static bool all_of(struct str s, unsigned char class) {
	for (size_t i = 0; i < s.n; i++)
		if (!(class_of[(unsigned char)s.p[i]] & class))
			return false;
	return true;
}

/* A refusal: what to answer and why. */
struct refusal {
	int status;
	const char *why;
};

#define REFUSE(code, text) return (*no = (struct refusal){(code), (text)}, false)

enum line { LINE_DONE, LINE_MORE, LINE_BAD };

/* Cuts one line that ends in CRLF from the front of *rest. */
static enum line cut_line(struct str *rest, struct str *line) {
	const char *lf = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
	if (!lf)
		return LINE_MORE;
	size_t n = (size_t)(lf - rest->p);
	if (n == 0 || lf[-1] != '\r')
		return LINE_BAD;
	*line = (struct str){rest->p, n - 1};
	*rest = str_skip(*rest, n + 1);
	return LINE_DONE;
}

static bool read_method(struct str name, struct http1_request *r, struct refusal *no) {
	if (name.n == 0 || !all_of(name, TOKEN))
		REFUSE(400, "The request line is malformed");
	for (int m = 0; m < HTTP_METHOD_COUNT; m++)
		if (str_eq(name, str_of(method_names[m]))) {
			r->method = (enum http_method)m;
			return true;
		}
	REFUSE(501, "This method is not known here");
}

/* RFC 9112 §3.2: origin-form, "*" for OPTIONS, or absolute-form, of which only path and query count. */
static bool read_target(struct str target, struct http1_request *r, struct refusal *no) {
	if (target.n == 0 || !all_of(target, TARGET))
		REFUSE(400, "The request target is malformed");
	r->target = target;
	struct str rest = target;
	if (str_starts_ci(rest, S("http://")) || str_starts_ci(rest, S("https://"))) {
		rest = str_skip(rest, (size_t)str_find(rest, S("//")) + 2);
		size_t authority = 0;
		while (authority < rest.n && rest.p[authority] != '/' && rest.p[authority] != '?')
			authority++;
		if (authority == 0 || !all_of(str_first(rest, authority), HOST))
			REFUSE(400, "The request target is malformed");
		rest = str_skip(rest, authority);
	} else if (rest.p[0] != '/' && !(str_eq(rest, S("*")) && r->method == HTTP_OPTIONS)) {
		REFUSE(400, "The request target is malformed");
	}
	ptrdiff_t mark = str_chr(rest, '?');
	r->path = mark < 0 ? rest : str_first(rest, (size_t)mark);
	r->query = mark < 0 ? STR_NONE : str_skip(rest, (size_t)mark + 1);
	if (str_empty(r->path))
		r->path = S("/");
	return true;
}

static bool read_version(struct str version, struct http1_request *r, struct refusal *no) {
	if (version.n != 8 || !str_starts(version, S("HTTP/")) || version.p[6] != '.' || !isdigit((unsigned char)version.p[5]) ||
	    !isdigit((unsigned char)version.p[7]))
		REFUSE(400, "The request line is malformed");
	if (version.p[5] != '1' || version.p[7] > '1')
		REFUSE(505, "This version of HTTP is not spoken here");
	r->minor = version.p[7] - '0';
	return true;
}

static bool read_request_line(struct str line, struct http1_request *r, struct refusal *no) {
	ptrdiff_t a = str_chr(line, ' ');
	if (a < 0)
		REFUSE(400, "The request line is malformed");
	struct str rest = str_skip(line, (size_t)a + 1);
	ptrdiff_t b = str_chr(rest, ' ');
	if (b < 0)
		REFUSE(400, "The request line is malformed");
	return read_version(str_skip(rest, (size_t)b + 1), r, no) && read_method(str_first(line, (size_t)a), r, no) &&
	       read_target(str_first(rest, (size_t)b), r, no);
}

static bool read_field(struct str line, struct http1_header *h, struct refusal *no) {
	size_t n = 0;
	while (n < line.n && class_of[(unsigned char)line.p[n]] & TOKEN)
		n++;
	if (n == 0 && line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
		REFUSE(400, "Folded header lines are not accepted");
	if (n == 0 || n == line.n || line.p[n] != ':')
		REFUSE(400, "A header name is malformed");
	struct str value = str_skip(line, n + 1);
	while (value.n && (value.p[0] == ' ' || value.p[0] == '\t'))
		value = str_skip(value, 1);
	while (value.n && (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t'))
		value.n--;
	if (!all_of(value, VALUE))
		REFUSE(400, "A header value holds control characters");
	*h = (struct http1_header){str_first(line, n), value};
	return true;
}

/* What the framing headers said so far; each may come once. */
struct framing {
	int hosts, encodings, lengths;
	bool close, keep;
};

static bool read_length(struct str value, struct http1_request *r, struct refusal *no) {
	if (value.n == 0 || value.n > 18)
		REFUSE(400, "Content-Length is malformed");
	int64_t n = 0;
	for (size_t i = 0; i < value.n; i++) {
		if (!isdigit((unsigned char)value.p[i]))
			REFUSE(400, "Content-Length is malformed");
		n = n * 10 + (value.p[i] - '0');
	}
	r->content_length = n;
	return true;
}

static void read_connection(struct str value, struct framing *f) {
	while (value.n) {
		struct str token = str_trim(str_cut(&value, ','));
		f->close |= str_eq_ci(token, S("close"));
		f->keep |= str_eq_ci(token, S("keep-alive"));
	}
}

/* Notes the headers that decide on framing. Lengths are compared first: most headers cost one switch. */
static bool note_field(const struct http1_header *h, struct http1_request *r, struct framing *f, struct refusal *no) {
	switch (h->name.n) {
	case 4:
		if (str_eq_ci(h->name, S("host"))) {
			f->hosts++;
			if (!all_of(h->value, HOST))
				REFUSE(400, "Host is malformed");
		}
		return true;
	case 6:
		if (str_eq_ci(h->name, S("expect")))
			r->expect_continue = str_eq_ci(h->value, S("100-continue"));
		return true;
	case 10:
		if (str_eq_ci(h->name, S("connection")))
			read_connection(h->value, f);
		return true;
	case 14:
		if (str_eq_ci(h->name, S("content-length"))) {
			f->lengths++;
			return read_length(h->value, r, no);
		}
		return true;
	case 17:
		if (str_eq_ci(h->name, S("transfer-encoding"))) {
			f->encodings++;
			if (!str_eq_ci(h->value, S("chunked")))
				REFUSE(400, "This Transfer-Encoding is not understood");
			r->chunked = true;
		}
		return true;
	default: return true;
	}
}

static bool check_framing(struct http1_request *r, const struct framing *f, struct refusal *no) {
	if (f->lengths > 1)
		REFUSE(400, "Two Content-Length headers");
	if (f->encodings > 1)
		REFUSE(400, "Two Transfer-Encoding headers");
	if (f->encodings && f->lengths)
		REFUSE(400, "Content-Length beside Transfer-Encoding");
	if (f->encodings && r->minor == 0)
		REFUSE(400, "Transfer-Encoding needs HTTP/1.1");
	if (f->hosts > 1)
		REFUSE(400, "Two Host headers");
	if (f->hosts == 0 && r->minor == 1)
		REFUSE(400, "Host is missing");
	if (r->minor == 0)
		r->expect_continue = false;
	r->keep_alive = !f->close && (r->minor == 1 || f->keep);
	return true;
}

static enum http1_result bad(struct refusal no, int *status, const char **why) {
	*status = no.status;
	*why = no.why;
	return HTTP1_BAD;
}

/* The head is not whole yet: worth waiting for, unless it is already too long or cannot become right. */
static enum http1_result more(struct str in, struct str rest, int *status, const char **why) {
	if (in.n >= HTTP1_MAX_HEAD)
		return bad((struct refusal){431, "The request header is too large"}, status, why);
	for (size_t i = 0; i < rest.n; i++) {
		unsigned char c = (unsigned char)rest.p[i];
		if (!(class_of[c] & VALUE) && !(c == '\r' && i + 1 == rest.n))
			return bad((struct refusal){400, "The request header holds control characters"}, status, why);
	}
	return HTTP1_MORE;
}

enum http1_result http1_parse(struct str in, struct http1_request *r, size_t *used, int *status, const char **why) {
	struct refusal no = {400, "Lines must end in CRLF"};
	struct framing f = {0};
	struct str rest = in, line;
	r->header_count = 0;
	r->content_length = -1;
	r->chunked = r->expect_continue = r->keep_alive = false;
	/* RFC 9112 §2.2: one empty line before the request line is forgiven. */
	if (str_starts(rest, S("\r\n")))
		rest = str_skip(rest, 2);
	for (bool first = true;; first = false) {
		struct str before = rest;
		switch (cut_line(&rest, &line)) {
		case LINE_MORE: return more(in, before, status, why);
		case LINE_BAD: return bad(no, status, why);
		case LINE_DONE: break;
		}
		if ((size_t)(rest.p - in.p) > HTTP1_MAX_HEAD)
			return bad((struct refusal){431, "The request header is too large"}, status, why);
		if (first) {
			if (!read_request_line(line, r, &no))
				return bad(no, status, why);
			continue;
		}
		if (line.n == 0)
			break;
		if (r->header_count == HTTP1_MAX_HEADERS)
			return bad((struct refusal){431, "Too many request headers"}, status, why);
		struct http1_header *h = &r->headers[r->header_count++];
		if (!read_field(line, h, &no) || !note_field(h, r, &f, &no))
			return bad(no, status, why);
	}
	if (!check_framing(r, &f, &no))
		return bad(no, status, why);
	*used = (size_t)(rest.p - in.p);
	return HTTP1_DONE;
}

struct str http1_header(const struct http1_request *r, struct str name) {
	for (int i = 0; i < r->header_count; i++)
		if (str_eq_ci(r->headers[i].name, name))
			return r->headers[i].value;
	return STR_NONE;
}

enum chunk_state { SIZE_FIRST, SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER_START, TRAILER, TRAILER_LF, END_LF };

/* A size line, or the trailer section as a whole, may be this long. */
enum { CHUNK_LINE_MAX = 4096, CHUNK_DIGITS_MAX = 15 };

static int hex_digit(char c) {
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One byte outside chunk data. HTTP1_MORE: go on. */
static enum http1_result chunk_byte(struct http1_chunks *c, char b) {
	switch ((enum chunk_state)c->state) {
	case SIZE_FIRST:
	case SIZE:
		if (hex_digit(b) >= 0 && c->line < CHUNK_DIGITS_MAX) {
			c->left = c->left << 4 | (uint64_t)hex_digit(b);
			c->line++;
			c->state = SIZE;
			return HTTP1_MORE;
		}
		if (c->state == SIZE_FIRST || (b != '\r' && b != ';'))
			return HTTP1_BAD;
		c->state = b == ';' ? EXTENSION : SIZE_LF;
		return HTTP1_MORE;
	case EXTENSION:
		if (b == '\r')
			c->state = SIZE_LF;
		else if (!(class_of[(unsigned char)b] & VALUE) || ++c->line > CHUNK_LINE_MAX)
			return HTTP1_BAD;
		return HTTP1_MORE;
	case SIZE_LF:
		c->state = c->left ? DATA : TRAILER_START;
		c->line = 0;
		return b == '\n' ? HTTP1_MORE : HTTP1_BAD;
	case DATA_CR: c->state = DATA_LF; return b == '\r' ? HTTP1_MORE : HTTP1_BAD;
	case DATA_LF: c->state = SIZE_FIRST; return b == '\n' ? HTTP1_MORE : HTTP1_BAD;
	case TRAILER_START:
		c->state = b == '\r' ? END_LF : TRAILER;
		return b == '\r' || class_of[(unsigned char)b] & TOKEN ? HTTP1_MORE : HTTP1_BAD;
	case TRAILER:
		if (b == '\r')
			c->state = TRAILER_LF;
		else if (!(class_of[(unsigned char)b] & VALUE) || ++c->line > CHUNK_LINE_MAX)
			return HTTP1_BAD;
		return HTTP1_MORE;
	case TRAILER_LF: c->state = TRAILER_START; return b == '\n' ? HTTP1_MORE : HTTP1_BAD;
	case END_LF: return b == '\n' ? HTTP1_DONE : HTTP1_BAD;
	case DATA: break;
	}
	return HTTP1_BAD;
}

enum http1_result http1_chunks_feed(struct http1_chunks *c, struct str in, size_t *used, struct str *data) {
	*data = STR_NONE;
	*used = 0;
	while (*used < in.n) {
		if (c->state == DATA) {
			size_t n = in.n - *used < c->left ? in.n - *used : (size_t)c->left;
			*data = (struct str){in.p + *used, n};
			*used += n;
			c->left -= n;
			if (c->left == 0)
				c->state = DATA_CR;
			return HTTP1_MORE;
		}
		enum http1_result r = chunk_byte(c, in.p[(*used)++]);
		if (r != HTTP1_MORE)
			return r;
	}
	return HTTP1_MORE;
}
