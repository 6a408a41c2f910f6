/* wire/html_text: of UTF-8 comes UTF-8 without NUL, never longer than it was, and what stood in the buffer stays. */
#include "fuzz.h"
#include "wire/html_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	BUF_AUTO out = {0};
	struct str html = str_mem(data, n);
	if (!str_utf8(html))
		return 0;
	buf_lit(&out, "kept ");
	html_text_plain(&out, html);
	must(str_starts(buf_str(&out), S("kept ")) && str_utf8(buf_str(&out)));
	must(!out.n || !memchr(out.p, 0, out.n));
	must(out.n <= 5 + n);
	buf_clear(&out);
	html_text_references(&out, html);
	must(str_utf8(buf_str(&out)) && out.n <= n);
	return 0;
}
