/* wire/xml: every view lies in the document, opens and closes match, the end stays the end; text without "&" is itself, resolved text is
 * UTF-8. */
#include "fuzz.h"
#include "wire/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n), what, open[XML_MAX_DEPTH];
	struct xml x;
	enum xml_event e;
	int depth = 0;
	xml_init(&x, in);
	while ((e = xml_next(&x, &what)) != XML_DONE && e != XML_BAD) {
		must(what.n && is_inside(what, in));
		if (e == XML_OPEN)
			open[depth++] = what;
		if (e == XML_CLOSE)
			must(depth > 0 && str_eq(open[--depth], what));
		if (e == XML_TEXT) {
			BUF_AUTO text = {0};
			must(depth > 0 && str_chr(what, '<') < 0);
			bool good = xml_text(&text, what);
			must(!good || str_utf8(buf_str(&text)));
			must(str_chr(what, '&') >= 0 || (good && str_eq(buf_str(&text), what)));
		}
		must(depth <= XML_MAX_DEPTH);
	}
	must(e == XML_BAD || depth == 0);
	must(xml_next(&x, &what) == e);
	return 0;
}
