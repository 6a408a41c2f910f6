/* wire/address: an address written out is read as the same address. */
#include "fuzz.h"
#include "wire/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct address a, again;
	char text[ADDRESS_TEXT];
	if (!address_parse(str_mem(data, n), &a))
		return 0;
	must(address_parse(address_text(&a, text), &again) && memcmp(&a, &again, sizeof a) == 0);
	must(!address_is_loopback(&a) || address_is_private(&a));
	return 0;
}
