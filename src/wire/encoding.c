#include "wire/encoding.h"

#include "wire/mime.h"

static const char *const names[] = {"", "zstd", "br", "gzip"};

const char *encoding_name(enum encoding e) { return names[e]; }

enum encoding encoding_choose(struct str accept, unsigned offered) {
	int wanted[4] = {0, -1, -1, -1}, any = -1;
	while (accept.n) {
		struct str item = str_cut(&accept, ',');
		struct str name = mime_essence(item);
		if (str_eq(name, S("*")))
			any = mime_weight(item);
		if (str_eq_ci(name, S("identity")) && mime_weight(item) > 0)
			wanted[ENCODING_NONE] = mime_weight(item) - 1;
		for (int e = ENCODING_ZSTD; e <= ENCODING_GZIP; e++)
			if (str_eq_ci(name, str_of(names[e])) || (e == ENCODING_GZIP && str_eq_ci(name, S("x-gzip"))))
				wanted[e] = mime_weight(item);
	}
	enum encoding best = ENCODING_NONE;
	for (int e = ENCODING_ZSTD; e <= ENCODING_GZIP; e++) {
		if (wanted[e] < 0)
			wanted[e] = any;
		if (offered & 1u << e && wanted[e] > wanted[best])
			best = (enum encoding)e;
	}
	return best;
}
