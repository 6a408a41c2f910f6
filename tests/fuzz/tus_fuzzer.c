/* wire/tus: whatever the header is, a value is no longer than what it was decoded from, and a digest has its algorithm's size. The input's
 * first line is the name looked for. */
#include "fuzz.h"
#include "wire/tus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str header = str_mem(data, n), name = str_cut(&header, '\n'), value;
	struct arena *a = arena_new();
	if (!tus_metadata(a, header, name, &value))
		must(value.n <= header.n);
	struct tus_checksum sum;
	if (!tus_checksum(str_mem(data, n), &sum))
		must(sum.size == (sum.hash == TUS_SHA1 ? 20 : 32));
	arena_free(&a);
	return 0;
}
