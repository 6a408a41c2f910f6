/* wire/multipart: parts are views into the body, at most as many as allowed, and the walk ends. */
#include "fuzz.h"
#include "wire/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str body = str_mem(data, n);
	struct multipart m;
	struct multipart_part part;
	bool more = true;
	int parts = 0;
	if (multipart_start(&m, body, S("XX")))
		return 0;
	while (!multipart_next(&m, &part, &more) && more) {
		must(++parts <= MULTIPART_MAX_PARTS);
		must(is_inside(part.name, body) && is_inside(part.filename, body) && is_inside(part.type, body) &&
		     is_inside(part.bytes, body));
	}
	return 0;
}
