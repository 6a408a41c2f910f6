#include "wire/tus.h"

#include <sodium.h>

static bool base64(struct str s, unsigned char *out, size_t cap, size_t *n) {
	return sodium_base642bin(out, cap, s.p, s.n, NULL, n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
}

static bool is_name(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n > 0;
}

/* One pair; its value is decoded into memory of the arena. */
static bool read_pair(struct arena *a, struct str pair, struct str *name, struct str *value) {
	struct str rest = str_trim(pair);
	*name = str_cut(&rest, ' ');
	*value = STR_NONE;
	if (!is_name(*name))
		return false;
	if (str_empty(rest))
		return true;
	size_t n;
	char *bytes = arena_alloc(a, rest.n);
	if (!base64(rest, (unsigned char *)bytes, rest.n, &n))
		return false;
	*value = str_mem(bytes, n);
	return true;
}

err tus_metadata(struct arena *a, struct str header, struct str name, struct str *out) {
	*out = STR_NONE;
	while (header.n) {
		struct str found, value;
		if (!read_pair(a, str_cut(&header, ','), &found, &value))
			return err_public(ERR_BAD_REQUEST, "Upload-Metadata must be names with base64 values, separated by commas");
		if (str_eq(found, name))
			*out = value;
	}
	return NULL;
}

err tus_checksum(struct str header, struct tus_checksum *out) {
	static const struct {
		struct str name;
		enum tus_hash hash;
		size_t size;
	} hashes[] = {{{"sha1", 4}, TUS_SHA1, 20}, {{"sha256", 6}, TUS_SHA256, 32}};
	struct str digest = header, name = str_cut(&digest, ' ');
	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
		if (str_eq(name, hashes[i].name)) {
			out->hash = hashes[i].hash;
			if (base64(str_trim(digest), out->digest, sizeof out->digest, &out->size) && out->size == hashes[i].size)
				return NULL;
		}
	return err_public(ERR_BAD_REQUEST, "Upload-Checksum must be sha1 or sha256, and the digest in base64");
}
