/* wire/phone: what is read is in the one form, is read as itself again, and begins with itself. */
#include "fuzz.h"
#include "wire/phone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char text[PHONE_TEXT], again[PHONE_TEXT];
	struct str number, same, in = str_mem(data, n);
	(void)phone_has_prefix(in, S("+4915112345678"));
	if (!phone_parse(in, text, &number))
		return 0;
	must(number.p == text && text[number.n] == 0 && number.n > PHONE_LEAST && number.n <= PHONE_MOST + 1);
	must(phone_is_prefix(number) && phone_has_prefix(number, number));
	must(phone_parse(number, again, &same) && str_eq(number, same));
	return 0;
}
