/* wire/cookie: a cookie's value is a view into the header, whatever the header is. The input's first line is the name looked for. */
#include "fuzz.h"
#include "wire/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str header = str_mem(data, n), whole = header, name = str_cut(&header, '\n');
	must(is_inside(cookie_get(header, name), whole));
	must(is_inside(cookie_get(header, S("freehold_session")), whole));
	return 0;
}
