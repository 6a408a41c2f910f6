/* wire/url: what was encoded decodes to itself, decoded text is UTF-8 without NUL, encoded names compare as their decoded selves,
 * parts of an address are views into it. */
#include "fuzz.h"
#include "wire/url.h"

static void check_round_trip(struct arena *a, struct str in) {
	BUF_AUTO encoded = {0};
	struct str out;
	if (!str_utf8(in) || str_chr(in, 0) >= 0)
		return;
	buf_url_segment(&encoded, in);
	must(!url_decode_form(a, buf_str(&encoded), &out) && str_eq(out, in));
	must(!url_decode_path(a, buf_str(&encoded), &out) && str_eq(out, in));
	must(url_form_equals(buf_str(&encoded), in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n), rest = in, name, value, out;
	struct arena *a = arena_new();
	struct url u;
	check_round_trip(a, in);
	while (url_next_pair(&rest, &name, &value)) {
		must(is_inside(name, in) && is_inside(value, in));
		if (!url_decode_form(a, name, &out))
			must(str_utf8(out) && str_chr(out, 0) < 0 && url_form_equals(name, out));
	}
	if (url_split(in, &u))
		must(is_inside(u.scheme, in) && is_inside(u.host, in) && is_inside(u.path, in) && is_inside(u.query, in) && u.port >= 0 &&
		     u.port <= 65535);
	arena_free(&a);
	return 0;
}
