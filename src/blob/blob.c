#include "blob/blob.h"

#include "base/must.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 256 * 1024 };

void blob_name_of(const char secret[32], struct str bytes, struct blob_name *out) {
	must(crypto_generichash(out->b, sizeof out->b, (const unsigned char *)bytes.p, bytes.n, (const unsigned char *)secret, 32) == 0);
}

err blob_name_of_file(const char secret[32], int fd, struct blob_name *out, int64_t *size) {
	crypto_generichash_state state;
	char *block = xmalloc(BLOCK);
	ssize_t n;
	*size = 0;
	must(crypto_generichash_init(&state, (const unsigned char *)secret, 32, sizeof out->b) == 0);
	while ((n = pread(fd, block, BLOCK, *size)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0) {
			must(crypto_generichash_update(&state, (const unsigned char *)block, (size_t)n) == 0);
			*size += n;
		}
	err e = n < 0 ? err_private(ERR_UNAVAILABLE, "blobs: read: %s", strerror(errno)) : NULL;
	free(block);
	must(crypto_generichash_final(&state, out->b, sizeof out->b) == 0);
	return e;
}
