#include "wire/gateway.h"

#include "base/buf.h"
#include "wire/address.h"
#include "wire/url.h"

#include <jansson.h>

/* ── blanks ── */

enum blank { BLANK_NONE, BLANK_TO, BLANK_DIGITS, BLANK_TEXT, BLANK_FILE };

/* The blank at the beginning of s, and how long it is; a file's path too. */
static enum blank blank_at(struct str s, size_t *n, struct str *path) {
	static const struct {
		struct str word;
		enum blank blank;
	} words[] = {{S("{to}"), BLANK_TO}, {S("{digits}"), BLANK_DIGITS}, {S("{text}"), BLANK_TEXT}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_starts(s, words[i].word)) {
			*n = words[i].word.n;
			return words[i].blank;
		}
	ptrdiff_t end = str_starts(s, S("{file:/")) ? str_chr(s, '}') : -1;
	if (end < 0)
		return BLANK_NONE;
	*n = (size_t)end + 1;
	*path = str_skip(str_first(s, (size_t)end), 6);
	return BLANK_FILE;
}

/* Cuts what stands before the next blank, and the blank. */
static enum blank next_blank(struct str *rest, struct str *plain, struct str *path) {
	for (size_t i = 0, n; i < rest->n; i++) {
		enum blank b = rest->p[i] == '{' ? blank_at(str_skip(*rest, i), &n, path) : BLANK_NONE;
		if (b == BLANK_NONE)
			continue;
		*plain = str_first(*rest, i);
		*rest = str_skip(*rest, i + n);
		return b;
	}
	*plain = *rest;
	*rest = STR_NONE;
	return BLANK_NONE;
}

static void look_for_blanks(struct str in, bool *to, bool *text) {
	struct str plain, path;
	for (enum blank b = next_blank(&in, &plain, &path); b != BLANK_NONE; b = next_blank(&in, &plain, &path)) {
		*to = *to || b == BLANK_TO || b == BLANK_DIGITS;
		*text = *text || b == BLANK_TEXT;
	}
}

/* ── filling ── */

enum place { IN_ADDRESS, IN_HEADER, IN_FORM, IN_JSON, IN_XML, IN_TEXT };

static bool one_line(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return true;
}

static err put_value(struct buf *b, enum place place, struct str value) {
	BUF_AUTO quoted = {0};
	switch (place) {
	case IN_ADDRESS:
	case IN_FORM: buf_url_segment(b, value); break;
	case IN_JSON:
		buf_json_string(&quoted, value);
		buf_put(b, str_mem(quoted.p + 1, quoted.n - 2));
		break;
	case IN_XML: buf_html_text(b, value); break;
	case IN_HEADER:
		if (!one_line(value))
			return err_public(ERR_INVALID, "what is to stand in a header of the gateway's request has more than one line");
		buf_put(b, value);
		break;
	case IN_TEXT: buf_put(b, value); break;
	}
	return NULL;
}

static err value_of(const struct gateway_values *v, enum blank b, struct str path, struct str *out) {
	switch (b) {
	case BLANK_TO: *out = v->to; break;
	case BLANK_DIGITS: *out = str_skip(v->to, 1); break;
	case BLANK_TEXT: *out = v->text; break;
	case BLANK_FILE: return v->read(v->ctx, path, out);
	case BLANK_NONE: *out = STR_NONE; break;
	}
	return NULL;
}

/* A form may be written on several lines. */
static void put_plain(struct buf *b, enum place place, struct str plain) {
	while (place == IN_FORM && str_chr(plain, '\n') >= 0)
		buf_put(b, str_trim(str_cut(&plain, '\n')));
	buf_put(b, plain);
}

static err fill(struct arena *a, enum place place, struct str in, const struct gateway_values *v, struct str *out) {
	BUF_AUTO b = {0};
	struct str plain, path, value;
	for (bool more = true; more;) {
		enum blank blank = next_blank(&in, &plain, &path);
		put_plain(&b, place, plain);
		more = blank != BLANK_NONE;
		TRY(value_of(v, blank, path, &value));
		TRY(put_value(&b, place, value));
	}
	*out = arena_str(a, buf_str(&b));
	return NULL;
}

err gateway_fill(struct arena *a, const struct gateway *g, const struct gateway_values *v, struct gateway_filled *out) {
	static const enum place places[] = {[GATEWAY_NO_BODY] = IN_TEXT,
	                                    [GATEWAY_FORM] = IN_FORM,
	                                    [GATEWAY_JSON] = IN_JSON,
	                                    [GATEWAY_XML] = IN_XML,
	                                    [GATEWAY_TEXT] = IN_TEXT};
	TRY(fill(a, IN_ADDRESS, g->target, v, &out->target));
	if (!str_starts(out->target, S("/")))
		out->target = arena_printf(a, "/%.*s", S_ARG(out->target));
	for (size_t i = 0; i < g->header_count; i++)
		TRY(fill(a, IN_HEADER, g->headers[i], v, &out->headers[i]));
	return fill(a, places[g->kind], g->body, v, &out->body);
}

/* ── looking over what was written ── */

static err sample(void *ctx, struct str path, struct str *secret) {
	*secret = S("secret");
	return NULL;
}

static bool is_json(struct str body) {
	json_t *j = json_loadb(body.p ? body.p : "", body.n, JSON_REJECT_DUPLICATES, NULL);
	json_decref(j);
	return j != NULL;
}

/* Filled in once, to see what comes out. */
static err try_out(struct arena *a, const struct gateway *g) {
	struct gateway_values v = {.to = S("+10000000000"), .text = S("a \"word\"\n& <one> more"), .read = sample};
	struct gateway_filled filled;
	struct url u;
	bool to = false, text = false;
	TRY(gateway_fill(a, g, &v, &filled));
	if (!url_split(arena_printf(a, "%.*s%.*s", S_ARG(g->origin), S_ARG(filled.target)), &u) || u.fragment.n)
		return err_public(ERR_INVALID, "its address has characters that cannot stand there");
	if (g->kind == GATEWAY_JSON && !is_json(filled.body))
		return err_public(ERR_INVALID, "its body is not JSON (blanks stand inside of quotes)");
	look_for_blanks(g->target, &to, &text);
	look_for_blanks(g->body, &to, &text);
	for (size_t i = 0; i < g->header_count; i++)
		look_for_blanks(g->headers[i], &to, &text);
	if (!to || !text)
		return err_public(ERR_INVALID, "it needs the blanks {to} (or {digits}) and {text}");
	return NULL;
}

static err check(const struct gateway *g) {
	struct arena *a = arena_new();
	err e = try_out(a, g);
	struct err kept = e ? *e : (struct err){0};
	arena_free(&a);
	return e ? err_public(kept.code, "%s", kept.text) : NULL;
}

static bool is_near(struct str host) {
	struct address a;
	return str_eq_ci(host, S("localhost")) || (address_parse(host, &a) && address_is_private(&a));
}

/* Splits before the target, in which blanks may stand. */
static err split_address(struct str in, struct gateway *g) {
	struct url u;
	size_t n = str_starts(in, S("https://")) ? 8 : 7;
	while (n < in.n && in.p[n] != '/' && in.p[n] != '?')
		n++;
	g->origin = str_first(in, n);
	g->target = str_skip(in, n);
	if (!url_split(g->origin, &u) || (!str_eq(u.scheme, S("http")) && !str_eq(u.scheme, S("https"))) || str_empty(u.host))
		return err_public(ERR_INVALID, "it has no address as https://HOST/PATH");
	if (u.has_userinfo)
		return err_public(ERR_INVALID, "a user and a password stand in a header of a request in a file (gateway:FILE)");
	g->host = u.host;
	g->secure = str_eq(u.scheme, S("https"));
	if (!g->secure && !is_near(u.host))
		return err_public(ERR_INVALID, "plain http goes to this machine or to a private address only");
	return NULL;
}

err gateway_parse_address(struct str in, struct gateway *out) {
	*out = (struct gateway){.method = S("GET")};
	if (!one_line(in))
		return err_public(ERR_INVALID, "its address has characters that cannot stand there");
	TRY(split_address(in, out));
	return check(out);
}

/* ── a request in a file ── */

static struct str cut_line(struct str *rest) {
	struct str line = str_cut(rest, '\n');
	return str_ends(line, S("\r")) ? str_first(line, line.n - 1) : line;
}

static err parse_first_line(struct str line, struct gateway *g) {
	g->method = str_cut(&line, ' ');
	struct str address = str_trim(line), rest = address;
	address = str_cut(&rest, ' ');
	if (!str_eq(g->method, S("GET")) && !str_eq(g->method, S("POST")) && !str_eq(g->method, S("PUT")))
		return err_public(ERR_INVALID, "its first line is GET, POST or PUT and an address");
	if (rest.n && !str_starts(rest, S("HTTP/1.")))
		return err_public(ERR_INVALID, "its address has a space in it");
	return split_address(address, g);
}

static bool is_token(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
		      s.p[i] == '-' || s.p[i] == '_'))
			return false;
	return s.n != 0;
}

static err set_kind(struct str type, struct gateway *g) {
	static const struct {
		struct str type;
		enum gateway_body kind;
	} kinds[] = {{S("application/x-www-form-urlencoded"), GATEWAY_FORM},
	             {S("application/json"), GATEWAY_JSON},
	             {S("application/xml"), GATEWAY_XML},
	             {S("text/xml"), GATEWAY_XML},
	             {S("text/plain"), GATEWAY_TEXT}};
	struct str plain = str_trim(str_cut(&type, ';'));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq_ci(plain, kinds[i].type)) {
			g->kind = kinds[i].kind;
			return NULL;
		}
	return err_public(ERR_INVALID,
	                  "its Content-Type is application/json, application/x-www-form-urlencoded, application/xml, text/xml or "
	                  "text/plain");
}

static err parse_header(struct str line, struct gateway *g) {
	static const struct str own[] = {S("Host"), S("Content-Length"), S("Transfer-Encoding"), S("Connection"), S("Expect")};
	struct str value = line, name = str_cut(&value, ':');
	value = str_trim(value);
	if (!is_token(name) || !one_line(line) || name.n == line.n)
		return err_public(ERR_INVALID, "a line of its head is not \"Name: value\"");
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (str_eq_ci(name, own[i]))
			return err_public(ERR_INVALID, "its header %.*s comes by itself", S_ARG(own[i]));
	if (str_eq_ci(name, S("Freehold-Expect")))
		g->expect = value;
	else if (str_eq_ci(name, S("Freehold-Refused")))
		g->refused = value;
	else if (str_starts_ci(name, S("Freehold-")))
		return err_public(ERR_INVALID, "of headers for us there are Freehold-Expect and Freehold-Refused");
	else if (g->header_count == GATEWAY_HEADERS)
		return err_public(ERR_INVALID, "it has more than %d headers", GATEWAY_HEADERS);
	else
		g->headers[g->header_count++] = line;
	return str_eq_ci(name, S("Content-Type")) ? set_kind(value, g) : NULL;
}

err gateway_parse_request(struct str in, struct gateway *out) {
	*out = (struct gateway){0};
	struct str rest = in, line;
	if (in.n > GATEWAY_MAX || str_chr(in, 0) >= 0 || !str_utf8(in))
		return err_public(ERR_INVALID, "it is no text, or longer than %d bytes", GATEWAY_MAX);
	do
		line = cut_line(&rest);
	while (rest.n && (str_starts(line, S("#")) || str_empty(str_trim(line))));
	TRY(parse_first_line(line, out));
	while (rest.n && !str_empty(line = cut_line(&rest)))
		TRY(parse_header(line, out));
	out->body = str_trim(rest);
	if (out->body.n && str_eq(out->method, S("GET")))
		return err_public(ERR_INVALID, "a GET has no body");
	if (out->body.n && out->kind == GATEWAY_NO_BODY)
		return err_public(ERR_INVALID, "its body needs a Content-Type");
	return check(out);
}
