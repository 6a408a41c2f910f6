/* Header values of resumable uploads (tus 1.0.0, https://tus.io/protocols/resumable-upload). No I/O. Any thread. */
#ifndef WIRE_TUS_H
#define WIRE_TUS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { TUS_METADATA_MAX = 8 * 1024, TUS_DIGEST_MAX = 32 };

/* Upload-Metadata: "filename d29ybGQ=,is_final": names and base64 values. The decoded value of a name, empty when it is missing or has
 * none. ERR_BAD_REQUEST for a list that is none. */
err tus_metadata(struct arena *a, struct str header, struct str name, struct str *out);

/* Upload-Checksum: "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=". ERR_BAD_REQUEST for another algorithm, or a digest that cannot be one of it. */
enum tus_hash { TUS_SHA1, TUS_SHA256 };
#define TUS_HASHES "sha1,sha256"
struct tus_checksum {
	enum tus_hash hash;
	unsigned char digest[TUS_DIGEST_MAX];
	size_t size;
};
err tus_checksum(struct str header, struct tus_checksum *out);

#endif
