/* wire/webvtt: what comes out is taken again and stays as it is; no tag but known ones is in it. */
#include "fuzz.h"
#include "wire/webvtt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	BUF_AUTO once = {0};
	BUF_AUTO twice = {0};
	if (webvtt_clean(str_mem(data, n), &once))
		return 0;
	must(!webvtt_clean(buf_str(&once), &twice));
	must(str_eq(buf_str(&once), buf_str(&twice)));
	must(str_find(buf_str(&once), S("<script")) < 0 && str_find(buf_str(&once), S("\n\nSTYLE")) < 0);
	return 0;
}
