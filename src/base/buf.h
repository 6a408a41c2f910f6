/* A buffer that grows: how output is built. Owns malloc'd memory; buf_free gives it back. One thread at a time.
 *
 * The name of the call chooses the escaping of the sink: buf_json_string for JSON, buf_html_text for HTML text and
 * attribute values, buf_url_segment for one path segment or query value. buf_put is for bytes that are already right. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

#include <stdarg.h>

struct buf {
	char *p;
	size_t n, cap;
};

void buf_free(struct buf *b);
static inline void buf_clear(struct buf *b) { b->n = 0; }
static inline struct str buf_str(const struct buf *b) { return (struct str){b->p, b->n}; }

/* Room for n more bytes; the place to write them is b->p + b->n. */
void buf_reserve(struct buf *b, size_t n);

static inline void buf_put(struct buf *b, struct str s) {
	if (b->cap - b->n < s.n)
		buf_reserve(b, s.n);
	if (s.n)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}
#define buf_lit(b, lit) buf_put((b), S(lit))

void buf_byte(struct buf *b, char c);
void buf_i64(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A JSON string with its quotes (RFC 8259 §7); the bytes must be UTF-8. */
void buf_json_string(struct buf *b, struct str s);
/* & < > " ' become character references: safe in HTML text and in quoted attribute values. */
void buf_html_text(struct buf *b, struct str s);
/* All but unreserved characters percent-encoded (RFC 3986 §2.3). */
void buf_url_segment(struct buf *b, struct str s);
/* Lower-case hexadecimal; base64url without padding (RFC 4648 §5). */
void buf_hex(struct buf *b, struct str s);
void buf_base64url(struct buf *b, struct str s);
/* ISO 8601 in UTC with milliseconds, as the Mastodon API writes times: 2024-05-01T12:00:00.000Z. */
void buf_iso8601(struct buf *b, int64_t ms);

#define BUF_AUTO __attribute__((cleanup(buf_free))) struct buf

#endif
