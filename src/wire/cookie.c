#include "wire/cookie.h"

#include "base/must.h"

struct str cookie_get(struct str header, struct str name) {
	while (header.n) {
		struct str value = str_trim(str_cut(&header, ';'));
		if (str_chr(value, '=') < 0)
			continue;
		struct str key = str_trim(str_cut(&value, '='));
		if (!str_eq(key, name))
			continue;
		value = str_trim(value);
		if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = (struct str){value.p + 1, value.n - 2};
		return value;
	}
	return STR_NONE;
}

/* RFC 6265 §4.1.1 cookie-octet: visible ASCII but " , ; \ */
static bool is_cookie_text(struct str s) {
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c <= 0x20 || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\')
			return false;
	}
	return true;
}

void cookie_set(struct buf *out, struct str name, struct str value, int64_t max_age, bool secure) {
	must(name.n && is_cookie_text(name) && str_chr(name, '=') < 0 && is_cookie_text(value));
	buf_put(out, name);
	buf_byte(out, '=');
	buf_put(out, value);
	buf_lit(out, "; Max-Age=");
	buf_i64(out, value.n ? max_age : 0);
	buf_lit(out, "; Path=/; HttpOnly; SameSite=Lax");
	if (secure)
		buf_lit(out, "; Secure");
}
