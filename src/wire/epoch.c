#include "wire/epoch.h"

static bool is_base64url(struct str s) {
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

bool epoch_read(struct str text, int64_t *number, struct str *proof) {
	struct str digits = str_cut(&text, ' ');
	*proof = text;
	bool plain = digits.n && digits.p[0] >= '0' && digits.p[0] <= '9' && (digits.p[0] != '0' || digits.n == 1);
	return plain && str_i64(digits, number) && text.n == EPOCH_PROOF && is_base64url(text);
}
