/* wire/encoding: only a coding that is offered is chosen, and none without a header. */
#include "fuzz.h"
#include "wire/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	for (unsigned offered = 0; offered < 8; offered++) {
		enum encoding e = encoding_choose(str_mem(data, n), offered << 1);
		must(e == ENCODING_NONE || (n > 0 && offered << 1 & 1u << e));
	}
	return 0;
}
