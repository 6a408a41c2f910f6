/* wire/http1: a head parses the same whatever is cut off behind it, every view lies in the input, no prefix of a good head is refused or
 * taken as whole; a chunked body decodes to the same bytes in one piece and byte by byte. */
#include "base/buf.h"
#include "fuzz.h"
#include "wire/http1.h"

static enum http1_result parse(struct str in, struct http1_request *r, size_t *used) {
	int status = 0;
	const char *why = NULL;
	enum http1_result result = http1_parse(in, r, used, &status, &why);
	must(result != HTTP1_BAD || ((status == 400 || status == 431 || status == 501 || status == 505) && why));
	return result;
}

static void check_head(struct str in) {
	static struct http1_request r, again;
	size_t used, other;
	if (parse(in, &r, &used) != HTTP1_DONE)
		return;
	must(used <= in.n && used <= HTTP1_MAX_HEAD && r.header_count <= HTTP1_MAX_HEADERS);
	must(is_inside(r.target, in) && is_inside(r.query, in) && r.path.n > 0);
	must(!(r.chunked && r.content_length >= 0));
	for (int i = 0; i < r.header_count; i++)
		must(is_inside(r.headers[i].name, in) && is_inside(r.headers[i].value, in) && r.headers[i].name.n > 0);
	for (size_t n = 0; n < used; n++)
		must(parse(str_first(in, n), &again, &other) == HTTP1_MORE);
	must(parse(str_first(in, used), &again, &other) == HTTP1_DONE && other == used);
}

static enum http1_result decode(struct str in, size_t step, struct buf *out, size_t *end) {
	struct http1_chunks c = {0};
	size_t at = 0;
	while (at < in.n) {
		size_t used;
		struct str data, piece = str_first(str_skip(in, at), step);
		enum http1_result r = http1_chunks_feed(&c, piece, &used, &data);
		must(used <= piece.n && is_inside(data, piece));
		buf_put(out, data);
		at += used;
		*end = at;
		if (r != HTTP1_MORE)
			return r;
		must(used > 0);
	}
	return HTTP1_MORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	BUF_AUTO whole = {0};
	BUF_AUTO bytewise = {0};
	size_t a = 0, b = 0;
	if (n < 2048)
		check_head(in);
	enum http1_result r = decode(in, SIZE_MAX, &whole, &a);
	must(r == decode(in, 1, &bytewise, &b));
	must(r == HTTP1_BAD || (a == b && str_eq(buf_str(&whole), buf_str(&bytewise))));
	return 0;
}
