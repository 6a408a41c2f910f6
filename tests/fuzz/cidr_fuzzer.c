/* wire/cidr: a range written out is read as the same range and contains itself. */
#include "fuzz.h"
#include "wire/cidr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	struct cidr c, again;
	cidr_any(in, S("192.0.2.7"));
	if (!cidr_parse(in, &c))
		return 0;
	BUF_AUTO text = {0};
	cidr_text(&text, &c);
	must(cidr_parse(buf_str(&text), &again) && cidr_contains(&c, &again) && cidr_contains(&again, &c));
	return 0;
}
