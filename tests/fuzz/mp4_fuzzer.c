/* wire/mp4: fragments lie behind each other inside the file, and what is read is clean. */
#include "fuzz.h"
#include "wire/mp4.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct arena *a = arena_new();
	struct mp4_film f;
	struct str in = str_mem(data, n);
	if (mp4_read(a, in, &f)) {
		must(mp4_clean(in) && f.n > 0 && f.init > 0 && f.init < (int64_t)n);
		for (size_t i = 0; i < f.n; i++)
			must(f.fragments[i].size > 0 && f.fragments[i].offset >= f.init &&
			     f.fragments[i].offset + f.fragments[i].size <= (int64_t)n);
		must(str_of(f.codecs).n > 0);
	}
	arena_free(&a);
	return 0;
}
