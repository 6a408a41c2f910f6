#include "wire/cidr.h"

#include <arpa/inet.h>

enum { LONGEST = 64, MAPPED = 96 };

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

static bool is_mapped(const struct cidr *c) { return c->prefix >= MAPPED && memcmp(c->bytes, mapped, sizeof mapped) == 0; }

static void clear_behind(struct cidr *c) {
	for (int bit = c->prefix; bit < 128; bit++)
		c->bytes[bit / 8] &= (unsigned char)~(0x80 >> (bit % 8));
}

static bool parse_address(struct str text, struct cidr *out, int *bits) {
	char z[LONGEST];
	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = (struct str){text.p + 1, text.n - 2};
	if (str_empty(text) || text.n >= sizeof z || memchr(text.p, 0, text.n))
		return false;
	memcpy(z, text.p, text.n);
	z[text.n] = 0;
	*out = (struct cidr){.prefix = 128};
	memcpy(out->bytes, mapped, sizeof mapped);
	*bits = 32;
	if (inet_pton(AF_INET, z, out->bytes + 12) == 1)
		return true;
	*bits = 128;
	return inet_pton(AF_INET6, z, out->bytes) == 1;
}

bool cidr_parse(struct str text, struct cidr *out) {
	ptrdiff_t slash = str_chr(text, '/');
	int bits;
	if (!parse_address(slash < 0 ? text : str_first(text, (size_t)slash), out, &bits))
		return false;
	if (slash < 0)
		return true;
	uint64_t prefix;
	if (!str_u64(str_skip(text, (size_t)slash + 1), &prefix) || prefix > (uint64_t)bits)
		return false;
	out->prefix = 128 - bits + (int)prefix;
	clear_behind(out);
	return true;
}

bool cidr_contains(const struct cidr *range, const struct cidr *inner) {
	if (inner->prefix < range->prefix)
		return false;
	struct cidr cut = *inner;
	cut.prefix = range->prefix;
	clear_behind(&cut);
	return memcmp(cut.bytes, range->bytes, sizeof cut.bytes) == 0;
}

void cidr_text(struct buf *out, const struct cidr *c) {
	char z[INET6_ADDRSTRLEN];
	bool four = is_mapped(c);
	inet_ntop(four ? AF_INET : AF_INET6, four ? c->bytes + 12 : c->bytes, z, sizeof z);
	buf_printf(out, "%s/%d", z, four ? c->prefix - MAPPED : c->prefix);
}

bool cidr_next(struct str *list, struct str *item) {
	size_t n = 0;
	while (list->n && (list->p[0] == ',' || list->p[0] == ' '))
		*list = str_skip(*list, 1);
	while (n < list->n && list->p[n] != ',' && list->p[n] != ' ')
		n++;
	*item = str_first(*list, n);
	*list = str_skip(*list, n);
	return n > 0;
}

bool cidr_any(struct str ranges, struct str address) {
	struct cidr who, range;
	struct str item;
	if (!cidr_parse(address, &who))
		return false;
	while (cidr_next(&ranges, &item))
		if (cidr_parse(item, &range) && cidr_contains(&range, &who))
			return true;
	return false;
}
