/* wire/websocket: frames give the same events in one piece and byte by byte, messages keep the limit and text is UTF-8; our own frames have
 * the length they say. */
#include "base/buf.h"
#include "fuzz.h"
#include "wire/websocket.h"

enum { LIMIT = 1000 };

/* A record of all events: what must not depend on how the bytes arrived. */
static void record(struct str in, size_t step, struct buf *out) {
	struct websocket w = {.limit = LIMIT};
	BUF_AUTO copy = {0};
	buf_put(&copy, in);
	for (size_t at = 0; at < in.n;) {
		size_t used, some = in.n - at < step ? in.n - at : step;
		struct str payload;
		int code = 0;
		enum websocket_event e = websocket_feed(&w, copy.p + at, some, &used, &payload, &code);
		must(used <= some && payload.n <= LIMIT);
		must(e != WEBSOCKET_TEXT || str_utf8(payload));
		at += used;
		if (e == WEBSOCKET_MORE) {
			must(used == some);
			continue;
		}
		buf_printf(out, "%d %d %zu:", (int)e, code, payload.n);
		buf_put(out, payload);
		if (e == WEBSOCKET_BAD || e == WEBSOCKET_CLOSE)
			break;
	}
	websocket_free(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	BUF_AUTO whole = {0};
	BUF_AUTO bytewise = {0};
	BUF_AUTO frame = {0};
	char accept[WEBSOCKET_ACCEPT + 1];
	record(in, SIZE_MAX, &whole);
	record(in, 1, &bytewise);
	must(str_eq(buf_str(&whole), buf_str(&bytewise)));
	websocket_frame(&frame, WEBSOCKET_OP_TEXT, in);
	must(str_ends(buf_str(&frame), in) && frame.n <= n + 10);
	websocket_accept(str_first(in, WEBSOCKET_KEY), accept);
	return 0;
}
