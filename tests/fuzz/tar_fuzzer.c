/* wire/tar: any block is read or refused, names stay inside their field, what we write is read back; pax records point into their bytes. */
#include "fuzz.h"
#include "wire/tar.h"

static void round_trip(const struct tar_entry *e) {
	char block[TAR_BLOCK];
	struct tar_entry back;
	struct str name = str_first(str_mem(e->name, e->name_n), TAR_WRITE_NAME_MAX);
	if (!name.n || e->size < 0)
		return;
	tar_write(block, name, e->size, 0);
	must(!tar_read(block, &back));
	must(back.kind == TAR_FILE && back.size == e->size && str_eq(str_mem(back.name, back.name_n), name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str all = str_mem(data, n), path;
	int64_t size;
	if (!tar_pax(all, &path, &size))
		must(is_inside(path, all) && size >= -1);
	if (n < TAR_BLOCK)
		return 0;
	char block[TAR_BLOCK];
	struct tar_entry e;
	memcpy(block, data, TAR_BLOCK);
	/* A right sum, so that what is behind it is reached too. */
	unsigned sum = 0;
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)block[i];
	if (n > TAR_BLOCK && data[TAR_BLOCK] & 1) {
		for (int i = 5; i >= 0; i--, sum >>= 3)
			block[148 + i] = (char)('0' + (sum & 7));
		block[154] = 0;
		block[155] = ' ';
	}
	if (tar_read(block, &e))
		return 0;
	must(e.name_n <= TAR_NAME_MAX && e.size >= 0);
	round_trip(&e);
	return 0;
}
