/* wire/picture: what is left of a file is of the same type, and laying it bare once more changes nothing. */
#include "fuzz.h"
#include "wire/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	BUF_AUTO bare = {0};
	BUF_AUTO again = {0};
	if (!picture_bare(in, &bare))
		return 0;
	must(picture_type_of(buf_str(&bare)) == picture_type_of(in));
	must(picture_bare(buf_str(&bare), &again) && str_eq(buf_str(&bare), buf_str(&again)));
	return 0;
}
