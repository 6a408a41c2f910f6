#include "wire/address.h"

#include <arpa/inet.h>

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* inet_pton wants a NUL; what is longer than any address is none. */
static bool parse_plain(struct str in, struct address *out) {
	char z[ADDRESS_TEXT];
	if (in.n == 0 || in.n >= sizeof z || str_chr(in, 0) >= 0)
		return false;
	memcpy(z, in.p, in.n);
	z[in.n] = 0;
	memcpy(out->b, mapped, sizeof mapped);
	return inet_pton(AF_INET, z, out->b + 12) == 1 || inet_pton(AF_INET6, z, out->b) == 1;
}

static bool is_port(struct str s) {
	uint64_t n;
	return str_u64(s, &n) && n <= 65535;
}

bool address_parse(struct str in, struct address *out) {
	if (in.n && in.p[0] == '[') {
		ptrdiff_t end = str_chr(in, ']');
		if (end < 0)
			return false;
		struct str port = str_skip(in, (size_t)end + 1);
		if (port.n && (port.p[0] != ':' || !is_port(str_skip(port, 1))))
			return false;
		return parse_plain(str_first(str_skip(in, 1), (size_t)end - 1), out);
	}
	if (parse_plain(in, out))
		return true;
	struct str port = in, host = str_cut(&port, ':');
	return is_port(port) && parse_plain(host, out);
}

bool address_is_v4(const struct address *a) { return memcmp(a->b, mapped, sizeof mapped) == 0; }

struct str address_text(const struct address *a, char text[ADDRESS_TEXT]) {
	if (address_is_v4(a))
		inet_ntop(AF_INET, a->b + 12, text, ADDRESS_TEXT);
	else
		inet_ntop(AF_INET6, a->b, text, ADDRESS_TEXT);
	return str_of(text);
}

/* True when the four bytes are an IPv4 address nobody on the public net has (RFC 6890 and its registry). */
static bool v4_is_private(const unsigned char b[4]) {
	return b[0] == 0 || b[0] == 10 || b[0] == 127 || (b[0] == 100 && (b[1] & 0xc0) == 64) || (b[0] == 169 && b[1] == 254) ||
	       (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
	       (b[0] == 192 && b[1] == 0 && (b[2] == 0 || b[2] == 2)) || (b[0] == 192 && b[1] == 88 && b[2] == 99) ||
	       (b[0] == 198 && (b[1] & 0xfe) == 18) || (b[0] == 198 && b[1] == 51 && b[2] == 100) ||
	       (b[0] == 203 && b[1] == 0 && b[2] == 113) || b[0] >= 224;
}

bool address_is_loopback(const struct address *a) {
	static const struct address v6 = {{[15] = 1}};
	return address_is_v4(a) ? a->b[12] == 127 : memcmp(a, &v6, sizeof v6) == 0;
}

bool address_is_private(const struct address *a) {
	const unsigned char *b = a->b;
	static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
	if (address_is_v4(a))
		return v4_is_private(b + 12);
	if (memcmp(b, nat64, sizeof nat64) == 0)
		return v4_is_private(b + 12);
	if (b[0] == 0x20 && b[1] == 0x02)
		return v4_is_private(b + 2);
	/* Global unicast is 2000::/3; documentation (RFC 3849, RFC 9637), ORCHID and Teredo blocks inside it reach nobody we want. */
	if ((b[0] & 0xe0) != 0x20 || (b[0] == 0x3f && b[1] == 0xff && (b[2] & 0xf0) == 0))
		return true;
	return b[0] == 0x20 && b[1] == 0x01 && ((b[2] == 0x0d && b[3] == 0xb8) || b[2] < 2);
}
