#include "blob/blob.h"

#include "base/must.h"

#include <sodium.h>

void blob_name_of(const char secret[32], struct str bytes, struct blob_name *out) {
	must(crypto_generichash(out->b, sizeof out->b, (const unsigned char *)bytes.p, bytes.n, (const unsigned char *)secret, 32) == 0);
}

bool blob_name_read(struct str s, struct blob_name *out) {
	if (s.n != BLOB_NAME)
		return false;
	memcpy(out->b, s.p, BLOB_NAME);
	return true;
}
