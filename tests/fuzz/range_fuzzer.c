/* wire/range: a part is never empty and never beyond the size; a tag is in the list that is just it. */
#include "fuzz.h"
#include "wire/range.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	static const int64_t sizes[] = {0, 1, 100, 5000000000};
	struct str in = str_mem(data, n);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		int64_t from = -1, count = -1;
		if (range_parse(in, sizes[i], &from, &count) == RANGE_PART)
			must(from >= 0 && count > 0 && count <= sizes[i] - from);
	}
	etag_in(in, S("\"abc\""));
	if (etag_is_same(in, S("\"abc\"")))
		must(etag_in(in, S("\"abc\"")));
	return 0;
}
