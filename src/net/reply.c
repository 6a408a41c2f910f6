#include "net/reply.h"

#include "base/must.h"
#include "net/compress.h"
#include "wire/mime.h"
#include "wire/range.h"

/* Below this a packed body saves no packet. */
enum { PACK_MIN = 1024 };

void reply_header(struct reply *r, struct str name, struct str value) {
	must(str_chr(value, '\r') < 0 && str_chr(value, '\n') < 0 && str_chr(value, 0) < 0);
	must(name.n && str_chr(name, '\n') < 0 && str_chr(name, ':') < 0);
	buf_put(&r->head, name);
	buf_lit(&r->head, ": ");
	buf_put(&r->head, value);
	buf_lit(&r->head, "\r\n");
}

static const char *reason(int status) {
	switch (status) {
	case 101: return "Switching Protocols";
	case 200: return "OK";
	case 201: return "Created";
	case 202: return "Accepted";
	case 204: return "No Content";
	case 206: return "Partial Content";
	case 301: return "Moved Permanently";
	case 302: return "Found";
	case 303: return "See Other";
	case 304: return "Not Modified";
	case 307: return "Temporary Redirect";
	case 308: return "Permanent Redirect";
	case 400: return "Bad Request";
	case 401: return "Unauthorized";
	case 403: return "Forbidden";
	case 404: return "Not Found";
	case 405: return "Method Not Allowed";
	case 406: return "Not Acceptable";
	case 408: return "Request Timeout";
	case 409: return "Conflict";
	case 410: return "Gone";
	case 412: return "Precondition Failed";
	case 413: return "Content Too Large";
	case 415: return "Unsupported Media Type";
	case 416: return "Range Not Satisfiable";
	case 422: return "Unprocessable Content";
	case 423: return "Locked";
	case 429: return "Too Many Requests";
	case 431: return "Request Header Fields Too Large";
	case 460: return "Checksum Mismatch";
	case 500: return "Internal Server Error";
	case 501: return "Not Implemented";
	case 502: return "Bad Gateway";
	case 503: return "Service Unavailable";
	case 505: return "HTTP Version Not Supported";
	default: return "";
	}
}

/* The value of a header among the lines the handler wrote; empty when it wrote none. */
static struct str written(const struct reply *r, struct str name) {
	struct str lines = buf_str(&r->head);
	while (lines.n) {
		struct str value = str_cut(&lines, '\n');
		if (value.n > name.n && value.p[name.n] == ':' && str_eq_ci(str_first(value, name.n), name))
			return str_trim(str_skip(value, name.n + 1));
	}
	return STR_NONE;
}

static bool is_file(const struct reply *r) { return r->kind == REPLY_FILE || r->kind == REPLY_PIECES; }

static bool in_memory(const struct reply *r) { return r->kind == REPLY_BYTES || r->kind == REPLY_SHARED; }

static struct str memory_body(const struct reply *r) { return r->kind == REPLY_SHARED ? r->shared : buf_str(&r->body); }

/* Whether the body depends on Accept-Encoding. */
static bool negotiable(const struct reply *r) {
	return in_memory(r) && !r->no_compress && !r->encoding && r->type && memory_body(r).n >= PACK_MIN && r->status != 206 &&
	       mime_compressible(str_of(r->type));
}

enum encoding reply_encoding(const struct call *c) {
	const struct reply *r = &c->x.reply;
	if (!c->x.req || !negotiable(r) || c->req.method == HTTP_HEAD)
		return ENCODING_NONE;
	struct str accept = http1_header(&c->req, S("accept-encoding"));
	if (str_empty(accept))
		return ENCODING_NONE;
	return encoding_choose(accept, 1u << ENCODING_ZSTD | 1u << ENCODING_BR | 1u << ENCODING_GZIP);
}

/* RFC 9110 §13.1.2: the client has it already. */
static bool not_modified(const struct call *c, struct str etag) {
	if (!c->x.req || str_empty(etag) || c->x.reply.status != 200 || c->req.method > HTTP_HEAD)
		return false;
	struct str known = http1_header(&c->req, S("if-none-match"));
	return known.n && etag_in(known, etag);
}

/* Narrows a file to the range asked for; RANGE_WHOLE when all of it goes. */
static enum range_result choose_range(struct call *c, struct str etag) {
	struct str asked = http1_header(&c->req, S("range"));
	if (c->req.method != HTTP_GET || str_empty(asked))
		return RANGE_WHOLE;
	struct str if_range = http1_header(&c->req, S("if-range"));
	if (if_range.n && !etag_is_same(if_range, etag))
		return RANGE_WHOLE;
	int64_t from, n;
	enum range_result result = range_parse(asked, c->x.reply.file_size, &from, &n);
	if (result == RANGE_PART) {
		c->file_at = c->x.reply.file_offset + from;
		c->file_left = n;
	}
	return result;
}

static void put_status(struct call *c, int status) {
	struct buf *h = &c->head;
	buf_lit(h, "HTTP/1.1 ");
	buf_i64(h, status);
	buf_byte(h, ' ');
	buf_put(h, str_of(reason(status)));
	buf_lit(h, "\r\nDate: ");
	buf_put(h, date_now(&c->date));
	buf_lit(h, "\r\n");
}

/* A packed body is another representation: its strong entity tag becomes weak. */
static void put_written(struct buf *h, const struct reply *r, struct str etag, bool packed) {
	struct str lines = buf_str(&r->head);
	if (packed && etag.n && etag.p[0] == '"') {
		size_t at = (size_t)(etag.p - lines.p);
		buf_put(h, str_first(lines, at));
		buf_lit(h, "W/");
		lines = str_skip(lines, at);
	}
	buf_put(h, lines);
}

/* The bodies of these have no length to tell (RFC 9110 §8.6). */
static bool has_length(const struct reply *r) {
	return r->kind != REPLY_STREAM && r->status >= 200 && r->status != 204 && r->status != 304;
}

static void choose_body(struct call *c, struct packers *ps, enum encoding e, struct str etag, bool *packed, enum range_result *range) {
	struct reply *r = &c->x.reply;
	*packed = false;
	*range = RANGE_WHOLE;
	c->body = STR_NONE;
	c->file_left = 0;
	if (is_file(r)) {
		c->file_at = r->file_offset;
		c->file_left = r->file_size;
		if (c->x.req && r->status == 200 && !r->encoding)
			*range = choose_range(c, etag);
		if (*range == RANGE_BEYOND)
			c->file_left = 0;
	} else if (in_memory(r)) {
		c->body = memory_body(r);
		if (e != ENCODING_NONE && compress_body(ps, e, c->body, &c->packed)) {
			c->body = buf_str(&c->packed);
			*packed = true;
		}
	}
}

void reply_finish(struct call *c, struct packers *ps, enum encoding e, bool keep) {
	struct reply *r = &c->x.reply;
	struct buf *h = &c->head;
	bool packed;
	enum range_result range;
	must(r->status >= 100 && r->status < 600);
	struct str etag = r->head.n ? written(r, S("ETag")) : STR_NONE;
	if (not_modified(c, etag)) {
		r->status = 304;
		e = ENCODING_NONE;
	}
	choose_body(c, ps, e, etag, &packed, &range);
	int64_t size = (int64_t)c->body.n + c->file_left;
	int status = range == RANGE_PART ? 206 : range == RANGE_BEYOND ? 416 : r->status;
	r->status = status;
	put_status(c, status);
	if (r->type && status != 304 && status != 204) {
		buf_lit(h, "Content-Type: ");
		buf_put(h, str_of(r->type));
		buf_lit(h, "\r\n");
	}
	if (has_length(r)) {
		buf_lit(h, "Content-Length: ");
		buf_i64(h, size);
		buf_lit(h, "\r\n");
	}
	if (packed || r->encoding) {
		buf_lit(h, "Content-Encoding: ");
		buf_put(h, str_of(packed ? encoding_name(e) : r->encoding));
		buf_lit(h, "\r\n");
	}
	if (negotiable(r))
		buf_lit(h, "Vary: Accept-Encoding\r\n");
	if (is_file(r) && status < 300 && !r->encoding)
		buf_lit(h, "Accept-Ranges: bytes\r\n");
	if (range == RANGE_PART)
		buf_printf(h, "Content-Range: bytes %lld-%lld/%lld\r\n", (long long)(c->file_at - r->file_offset),
		           (long long)(c->file_at - r->file_offset + c->file_left - 1), (long long)r->file_size);
	if (range == RANGE_BEYOND)
		buf_printf(h, "Content-Range: bytes */%lld\r\n", (long long)r->file_size);
	if (!keep && status != 101)
		buf_lit(h, "Connection: close\r\n");
	else if (c->x.req && c->req.minor == 0)
		buf_lit(h, "Connection: keep-alive\r\n");
	put_written(h, r, etag, packed);
	buf_lit(h, "\r\n");
	if ((c->x.req && c->req.method == HTTP_HEAD) || !has_length(r)) {
		c->body = STR_NONE;
		c->file_left = 0;
	}
}
