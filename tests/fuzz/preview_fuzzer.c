/* wire/preview: of any bytes, in any charset, come texts that are UTF-8, of bounded length, without controls, and no leak or endless work.
 * The first line of the input is the charset. */
#include "fuzz.h"
#include "wire/preview.h"

static void check(struct str s, size_t characters) {
	size_t n = 0;
	must(str_utf8(s));
	for (size_t i = 0; i < s.n; i++) {
		must((unsigned char)s.p[i] >= ' ' && s.p[i] != 0x7f);
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	}
	must(n <= characters + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct arena *a = arena_new();
	struct preview p;
	struct str html = str_mem(data, n), charset = str_cut(&html, '\n');
	preview_read(a, html, charset, &p);
	check(p.title, PREVIEW_TITLE);
	check(p.description, PREVIEW_WORDS);
	check(p.image_alt, PREVIEW_WORDS);
	check(p.site, PREVIEW_NAME);
	check(p.author, PREVIEW_NAME);
	check(p.published, PREVIEW_NAME);
	check(p.image, PREVIEW_ADDRESS);
	check(p.author_url, PREVIEW_ADDRESS);
	check(p.language, 35);
	arena_free(&a);
	return 0;
}
