/* wire/mime: types, parameters and Accept lists of any bytes give views into them and weights from 0 to 1000. */
#include "fuzz.h"
#include "wire/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	int q = mime_accept(in, S("text/html"));
	must(q >= 0 && q <= 1000);
	must(is_inside(mime_essence(in), in) && is_inside(mime_param(in, S("boundary")), in));
	must(mime_of_name(in) && mime_of_bytes(in));
	mime_compressible(in);
	return 0;
}
