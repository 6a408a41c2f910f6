#include "core/username.h"

#include <idn2.h>

enum { USERNAME_LONGEST = 30, LOCAL_LONGEST = 64, EMAIL_LONGEST = 254 };

/* Names that would pass for the site itself. */
static const char *const reserved[] = {"admin",      "administrator", "everyone",  "freehold",   "help",  "here",
                                       "hostmaster", "mod",           "moderator", "moderators", "owner", "postmaster",
                                       "root",       "security",      "support",   "webmaster"};

static bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

void username_check(struct problems *p, struct str username, bool reserved_too) {
	if (str_empty(username)) {
		problem_add(p, "username", "ERR_BLANK", "can't be blank");
		return;
	}
	if (username.n > USERNAME_LONGEST)
		problem_add(p, "username", "ERR_TOO_LONG", "is too long (maximum is 30 characters)");
	for (size_t i = 0; i < username.n; i++)
		if (!is_word(username.p[i])) {
			problem_add(p, "username", "ERR_INVALID", "must contain only letters, numbers and underscores");
			return;
		}
	for (size_t i = 0; !reserved_too && i < sizeof reserved / sizeof *reserved; i++)
		if (str_eq_ci(username, str_of(reserved[i])))
			problem_add(p, "username", "ERR_RESERVED", "is reserved");
}

/* Letters, digits and hyphens between dots, none empty, hyphens inside only (RFC 1123 §2.1); bytes over 127 are left to IDNA. */
static bool is_host_name(struct str s) {
	while (s.n) {
		bool more = str_chr(s, '.') >= 0;
		struct str label = str_cut(&s, '.');
		if (str_empty(label) || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-' || (more && str_empty(s)))
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (label.p[i] > 0 && label.p[i] != '-' && (label.p[i] == '_' || !is_word(label.p[i])))
				return false;
	}
	return true;
}

bool mail_domain(struct arena *a, struct str in, struct str *out) {
	/* Before the conversion, too: libidn2 drops other ASCII characters instead of refusing them. */
	if (str_empty(in) || in.n > 253 || !str_utf8(in) || !is_host_name(in))
		return false;
	uint8_t *ascii = NULL;
	struct str z = arena_str(a, in);
	if (memchr(z.p, 0, z.n) ||
	    idn2_lookup_u8((const uint8_t *)z.p, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL | IDN2_USE_STD3_ASCII_RULES) != IDN2_OK)
		return false;
	*out = arena_str(a, str_of((const char *)ascii));
	idn2_free(ascii);
	return out->n && is_host_name(*out);
}

static bool is_local_part(struct str s) {
	if (str_empty(s) || s.n > LOCAL_LONGEST || s.p[0] == '.' || s.p[s.n - 1] == '.' || str_find(s, S("..")) >= 0)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_word(s.p[i]) && !memchr(".!#$%&'*+-/=?^`{|}~", s.p[i], 19))
			return false;
	return true;
}

bool email_check(struct arena *a, struct problems *p, struct str in, struct str *out, struct str *domain) {
	in = str_trim(in);
	if (str_empty(in)) {
		problem_add(p, "email", "ERR_BLANK", "can't be blank");
		return false;
	}
	ptrdiff_t at = str_chr(in, '@');
	bool ok = at > 0 && in.n <= EMAIL_LONGEST && is_local_part(str_first(in, (size_t)at)) &&
	          mail_domain(a, str_skip(in, (size_t)at + 1), domain);
	if (!ok) {
		problem_add(p, "email", "ERR_INVALID", "is not a valid e-mail address");
		return false;
	}
	*out = arena_printf(a, "%.*s@%.*s", (int)at, in.p, S_ARG(*domain));
	return true;
}
