/* wire/container: any bytes get an answer, and its first ones decide. */
#include "fuzz.h"
#include "wire/container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	const char *demuxer = container_demuxer(in);
	must(demuxer == container_demuxer(str_first(in, CONTAINER_HEAD)));
	must(!container_cut(in, INT64_MAX));
	must(!demuxer || !container_moves(in));
	return 0;
}
