/* wire/text: finds lie in the text, in order, without overlap; folding a hashtag twice changes nothing more; words and length of any UTF-8.
 */
#include "fuzz.h"
#include "wire/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n), *words;
	struct arena *a;
	struct text_find f;
	size_t at = 0, end = 0, count;
	if (!str_utf8(in))
		return 0;
	a = arena_new();
	while (text_next(in, &at, &f)) {
		must(f.n > 0 && f.at >= end && f.at + f.n <= n && at >= f.at + f.n);
		must(is_inside(f.name, in) && is_inside(f.domain, in));
		end = f.at + f.n;
		if (f.kind == TEXT_TAG) {
			struct str once = text_tag_fold(a, f.name);
			must(str_eq(once, text_tag_fold(a, once)));
		}
	}
	must(text_length(in) <= n + 23 * n);
	text_words(a, in, &words, &count);
	for (size_t i = 0; i < count; i++)
		must(words[i].n > 0 && str_utf8(words[i]));
	arena_free(&a);
	return 0;
}
