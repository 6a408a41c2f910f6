#include "wire/encoding.h"

#include "wire/mime.h"

static const char *const names[] = {"", "zstd", "br", "gzip"};

const char *encoding_name(enum encoding e) { return names[e]; }

/* A weight written as in Accept: "q=0", "q=0.5"; only whether it is zero and how it orders matters. */
static int weight(struct str item) {
	struct str q = mime_param(item, S("q"));
	if (q.n == 0 || q.p[0] != '0')
		return 1000;
	int v = 0, unit = 100;
	for (size_t i = 2; i < q.n && unit; i++, unit /= 10)
		if (q.p[i] >= '0' && q.p[i] <= '9')
			v += (q.p[i] - '0') * unit;
	return v;
}

enum encoding encoding_choose(struct str accept, unsigned offered) {
	int wanted[4] = {0, -1, -1, -1}, any = -1;
	while (accept.n) {
		struct str item = str_cut(&accept, ',');
		struct str name = mime_essence(item);
		if (str_eq(name, S("*")))
			any = weight(item);
		for (int e = ENCODING_ZSTD; e <= ENCODING_GZIP; e++)
			if (str_eq_ci(name, str_of(names[e])) || (e == ENCODING_GZIP && str_eq_ci(name, S("x-gzip"))))
				wanted[e] = weight(item);
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
