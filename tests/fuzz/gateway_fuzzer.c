/* wire/gateway: what was taken can be filled in with anything, and what is filled in stays where it stands: one line in the address and in
 * each header, JSON where JSON was, and never plain http to strangers. */
#include "fuzz.h"
#include "wire/address.h"
#include "wire/gateway.h"

#include <jansson.h>

static err secret_of(void *ctx, struct str path, struct str *secret) {
	must(str_starts(path, S("/")));
	*secret = *(struct str *)ctx;
	return NULL;
}

static bool one_line(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ')
			return false;
	return true;
}

/* A blank may stand in a key, where jansson reads no NUL: it reads another letter in its place. */
static void must_be_json(struct str copy) {
	char *text = (char *)(uintptr_t)copy.p;
	for (size_t i = 0; i + 6 <= copy.n; i++)
		if (memcmp(text + i, "\\u0000", 6) == 0)
			text[i + 5] = '1';
	json_t *j = json_loadb(text, copy.n, 0, NULL);
	must(j);
	json_decref(j);
}

static void use(const struct gateway *g, struct str value) {
	struct arena *a = arena_new();
	struct gateway_values v = {.to = S("+4915112345678"), .text = value, .read = secret_of, .ctx = &value};
	struct gateway_filled filled;
	struct address address;
	must(g->secure || str_eq_ci(g->host, S("localhost")) || (address_parse(g->host, &address) && address_is_private(&address)));
	if (!gateway_fill(a, g, &v, &filled)) {
		must(str_starts(filled.target, S("/")) && one_line(filled.target) && str_chr(filled.target, ' ') < 0);
		for (size_t i = 0; i < g->header_count; i++)
			must(one_line(filled.headers[i]));
		if (g->kind == GATEWAY_JSON && str_utf8(value))
			must_be_json(arena_str(a, filled.body));
	}
	arena_free(&a);
}

/* The first line is what is filled in; the rest is what the owner wrote. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str rest = str_mem(data, n), value = str_cut(&rest, '\n');
	struct gateway g;
	if (!gateway_parse_address(rest, &g))
		use(&g, value);
	if (!gateway_parse_request(rest, &g)) {
		must(is_inside(g.body, rest) && is_inside(g.target, rest) && is_inside(g.expect, rest));
		use(&g, value);
	}
	return 0;
}
