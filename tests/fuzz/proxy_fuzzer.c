/* wire/proxy: PROXY headers never use more than is there, waiting ends at their longest form; X-Forwarded-For lists end. */
#include "fuzz.h"
#include "wire/proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n), list = in;
	struct address client;
	size_t used;
	bool known, bad;
	switch (proxy_parse(in, &used, &known, &client)) {
	case PROXY_DONE: must(used > 0 && used <= n); break;
	case PROXY_MORE: must(n < 536); break;
	case PROXY_NONE:
	case PROXY_BAD: break;
	}
	for (size_t before = list.n + 1; proxy_last_forwarded(&list, &client, &bad); before = list.n)
		must(list.n < before);
	return 0;
}
