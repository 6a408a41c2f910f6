#include "wire/proxy.h"

enum { V1_MAX = 107, V2_HEAD = 16, V2_MAX = 536 };

static enum proxy_result parse_v1(struct str in, size_t *used, bool *known, struct address *client) {
	ptrdiff_t end = str_find(str_first(in, V1_MAX), S("\r\n"));
	if (end < 0)
		return in.n >= V1_MAX ? PROXY_BAD : PROXY_MORE;
	*used = (size_t)end + 2;
	struct str line = str_skip(str_first(in, (size_t)end), 6);
	struct str family = str_cut(&line, ' ');
	*known = false;
	if (str_eq(family, S("UNKNOWN")))
		return PROXY_DONE;
	if (!str_eq(family, S("TCP4")) && !str_eq(family, S("TCP6")))
		return PROXY_BAD;
	*known = true;
	return address_parse(str_cut(&line, ' '), client) ? PROXY_DONE : PROXY_BAD;
}

static enum proxy_result parse_v2(struct str in, size_t *used, bool *known, struct address *client) {
	if (in.n < V2_HEAD)
		return PROXY_MORE;
	const unsigned char *b = (const unsigned char *)in.p;
	size_t n = (size_t)b[14] << 8 | b[15];
	if (b[12] >> 4 != 2 || V2_HEAD + n > V2_MAX)
		return PROXY_BAD;
	if (in.n < V2_HEAD + n)
		return PROXY_MORE;
	*used = V2_HEAD + n;
	*known = false;
	int command = b[12] & 15, family = b[13] >> 4;
	if (command == 0)
		return PROXY_DONE;
	if (command != 1)
		return PROXY_BAD;
	if (family == 1 && n >= 12) {
		*client = (struct address){{[10] = 0xff, [11] = 0xff}};
		memcpy(client->b + 12, b + V2_HEAD, 4);
		*known = true;
	} else if (family == 2 && n >= 36) {
		memcpy(client->b, b + V2_HEAD, 16);
		*known = true;
	}
	return PROXY_DONE;
}

enum proxy_result proxy_parse(struct str in, size_t *used, bool *known, struct address *client) {
	const struct str v1 = S("PROXY "), v2 = S("\r\n\r\n\0\r\nQUIT\n");
	if (str_starts(in, v1))
		return parse_v1(in, used, known, client);
	if (str_starts(in, v2))
		return parse_v2(in, used, known, client);
	return str_starts(v1, in) || str_starts(v2, in) ? PROXY_MORE : PROXY_NONE;
}

bool proxy_last_forwarded(struct str *list, struct address *out, bool *bad) {
	*bad = false;
	if (str_empty(str_trim(*list)))
		return false;
	size_t from = list->n;
	while (from > 0 && list->p[from - 1] != ',')
		from--;
	struct str item = str_trim(str_skip(*list, from));
	*list = str_first(*list, from ? from - 1 : 0);
	*bad = !address_parse(item, out);
	return !*bad;
}
