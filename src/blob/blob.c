#include "blob/blob.h"

#include "base/must.h"

#include <sodium.h>

void blob_name_of(const char secret[32], struct str bytes, struct blob_name *out) {
	must(crypto_generichash(out->b, sizeof out->b, (const unsigned char *)bytes.p, bytes.n, (const unsigned char *)secret, 32) == 0);
}
