/* wire/language: only a language that is offered is chosen, and another than the first only where the header names it. */
#include "fuzz.h"
#include "wire/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	static const char *const offered[] = {"en", "de", "pt"};
	struct str header = str_mem(data, n);
	for (int count = 1; count <= 3; count++) {
		int chosen = language_choose(header, offered, count);
		bool named = false;
		must(chosen >= 0 && chosen < count);
		for (size_t i = 0; i + 2 <= n; i++)
			named |= str_eq_ci(str_mem(data + i, 2), str_of(offered[chosen]));
		must(chosen == 0 || named);
	}
	return 0;
}
