/* wire/car: any bytes are sections and items or refused; views lie inside, walking ends, a content id's text has the length it must. */
#include "fuzz.h"
#include "wire/car.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str all = str_mem(data, n), rest = all, cid, block, value;
	struct cbor c;
	uint64_t length;
	while (car_varint(&rest, &length) && length && length <= rest.n) {
		struct str section = str_first(rest, (size_t)length);
		rest = str_skip(rest, (size_t)length);
		if (!car_section(section, &cid, &block))
			continue;
		BUF_AUTO text = {0};
		car_cid_text(&text, cid);
		must(text.n == 1 + (CAR_CID * 8 + 4) / 5 && is_inside(block, all));
		must(is_inside(cbor_text(block, S("$type")), block));
		if (cbor_member(block, S("reply"), &value))
			must(is_inside(value, block));
	}
	for (rest = all; rest.n && cbor_next(&rest, &c);)
		must(is_inside(c.text, all));
	rest = all;
	(void)cbor_skip(&rest);
	must(is_inside(rest, all));
	return 0;
}
