/* wire/epoch: what is read is a number and a proof inside the header, and written again it is the header. */
#include "base/buf.h"
#include "fuzz.h"
#include "wire/epoch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str text = str_mem(data, n), proof;
	int64_t number;
	if (!epoch_read(text, &number, &proof))
		return 0;
	BUF_AUTO again = {0};
	must(number >= 0 && is_inside(proof, text));
	buf_i64(&again, number);
	buf_byte(&again, ' ');
	buf_put(&again, proof);
	must(str_eq(buf_str(&again), text));
	return 0;
}
