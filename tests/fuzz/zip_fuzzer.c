/* wire/zip: the end, the directory and local headers of any bytes are read or refused; names lie inside, places inside the file. */
#include "fuzz.h"
#include "wire/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str file = str_mem(data, n);
	struct zip_directory d;
	if (zip_end(file, (int64_t)n, &d))
		return 0;
	if (d.zip64_at >= 0 && zip_end64(str_skip(file, (size_t)d.zip64_at), (int64_t)n, &d))
		return 0;
	must(d.at >= 0 && d.size >= 0 && (uint64_t)d.at + (uint64_t)d.size <= n);
	struct str directory = str_first(str_skip(file, (size_t)d.at), (size_t)d.size);
	for (uint64_t i = 0; i < d.entries; i++) {
		struct zip_entry e;
		int64_t skip;
		if (zip_entry(&directory, &e))
			return 0;
		must(is_inside(e.name, file) && e.at >= 0 && e.size >= 0 && e.packed >= 0);
		if ((uint64_t)e.at < n && !zip_local(str_skip(file, (size_t)e.at), &skip))
			must(skip >= ZIP_LOCAL);
	}
	return 0;
}
