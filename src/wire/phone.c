#include "wire/phone.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* What follows the international prefix; empty when there is none. */
static struct str behind_prefix(struct str in) {
	if (str_starts(in, S("+")))
		return str_skip(in, 1);
	return str_starts(in, S("00")) ? str_skip(in, 2) : STR_NONE;
}

bool phone_parse(struct str in, char text[PHONE_TEXT], struct str *out) {
	struct str rest = behind_prefix(str_trim(in));
	size_t n = 0;
	if (str_find(rest, S("(0)")) >= 0)
		return false;
	text[n++] = '+';
	for (size_t i = 0; i < rest.n; i++) {
		char c = rest.p[i];
		if (is_digit(c) && n <= PHONE_MOST)
			text[n++] = c;
		else if (c == 0 || str_chr(S(" -./()"), c) < 0)
			return false;
	}
	text[n] = 0;
	*out = (struct str){text, n};
	return n > PHONE_LEAST && text[1] != '0';
}

bool phone_is_prefix(struct str in) {
	if (!str_starts(in, S("+")) || in.n > PHONE_MOST + 1 || (in.n > 1 && in.p[1] == '0'))
		return false;
	for (size_t i = 1; i < in.n; i++)
		if (!is_digit(in.p[i]))
			return false;
	return true;
}

bool phone_has_prefix(struct str prefixes, struct str number) {
	bool any = true;
	while (prefixes.n) {
		struct str prefix = str_trim(str_cut(&prefixes, ','));
		if (str_empty(prefix))
			continue;
		if (str_starts(number, prefix))
			return true;
		any = false;
	}
	return any;
}
