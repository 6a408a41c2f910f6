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

#endif
