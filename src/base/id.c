#include "base/id.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdatomic.h>
#include <sys/random.h>

static _Atomic int64_t newest;

void id_start_above(int64_t last) {
	int64_t now = atomic_load(&newest);
	while (now < last && !atomic_compare_exchange_weak(&newest, &now, last)) {
	}
}

int64_t id_at(int64_t ms, uint16_t low) { return (ms << 16) | low; }

int64_t id_new(void) {
	uint16_t low;
	random_bytes(&low, sizeof low);
	int64_t last = atomic_load(&newest), id;
	do {
		id = id_at(clock_ms(), low);
		if (id <= last)
			id = last + 1 + (low & 0xFF);
	} while (!atomic_compare_exchange_weak(&newest, &last, id));
	return id;
}

void random_bytes(void *out, size_t n) {
	char *p = out;
	while (n) {
		size_t part = n < 256 ? n : 256;
		must(getrandom(p, part, 0) == (ssize_t)part);
		p += part;
		n -= part;
	}
}
