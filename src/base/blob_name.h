/* The name of stored bytes: their keyed hash (made by blob/blob.h, kept by store/media.h). A value; any thread. */
#ifndef BASE_BLOB_NAME_H
#define BASE_BLOB_NAME_H

#include "base/str.h"

enum { BLOB_NAME = 32 };
struct blob_name {
	unsigned char b[BLOB_NAME];
};

static inline struct str blob_name_str(const struct blob_name *n) { return str_mem(n->b, BLOB_NAME); }

/* A name as the database keeps it; false when the str is none. */
static inline bool blob_name_read(struct str s, struct blob_name *out) {
	if (s.n != BLOB_NAME)
		return false;
	memcpy(out->b, s.p, BLOB_NAME);
	return true;
}

/* 64 lower-case hexadecimal digits; false when the str is no such. */
static inline bool blob_name_read_hex(struct str s, struct blob_name *out) {
	if (s.n != 2 * BLOB_NAME)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
		if (digit < 0)
			return false;
		out->b[i / 2] = (unsigned char)(i % 2 ? out->b[i / 2] << 4 | digit : digit);
	}
	return true;
}

#endif
