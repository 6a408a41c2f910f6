/* Bytes by name: where pictures lie. One interface; files.c keeps them in a folder of DATA.
 *
 * A name is the keyed hash of the bytes (blob_name): equal bytes have one name and are stored once, and nobody without the site's
 * secret can tell from a name what is stored. Whether anyone still needs the bytes is known by the blob table (store/blob.h), not here.
 * Any thread; calls block on the disk, so never on a loop thread. */
#ifndef BLOB_BLOB_H
#define BLOB_BLOB_H

#include "base/arena.h"
#include "base/blob_name.h"
#include "base/err.h"
#include "base/str.h"

struct blobs {
	const struct blob_ops *ops;
};

/* One of a listing. at: ms since 1970, when it was put here. */
struct blob_item {
	struct blob_name name;
	int64_t size, at;
};
typedef err (*blob_seen)(void *ctx, const struct blob_item *item);

struct blob_ops {
	err (*put)(struct blobs *b, const struct blob_name *n, struct str bytes);
	err (*put_file)(struct blobs *b, const struct blob_name *n, int fd, int64_t size);
	err (*has)(struct blobs *b, const struct blob_name *n, bool *out);
	err (*open)(struct blobs *b, const struct blob_name *n, int *fd, int64_t *size);
	err (*drop)(struct blobs *b, const struct blob_name *n);
	err (*list)(struct blobs *b, const struct blob_name *after, blob_seen seen, void *ctx);
	int64_t (*room)(struct blobs *b);
	void (*close)(struct blobs *b);
};

/* BLAKE2b-256 of the bytes under the site's secret (32 bytes). */
void blob_name_of(const char secret[32], struct str bytes, struct blob_name *out);
/* The same of a whole file, read from its beginning whatever its position is; *size gets its length. */
err blob_name_of_file(const char secret[32], int fd, struct blob_name *out, int64_t *size);

/* On stable storage when it returns, whole or not at all. Putting what is there already is cheap. ERR_UNAVAILABLE when the disk is full. */
static inline err blob_put(struct blobs *b, const struct blob_name *n, struct str bytes) { return b->ops->put(b, n, bytes); }
/* The same for the first `size` bytes of a file, of any length, in constant memory. */
static inline err blob_put_file(struct blobs *b, const struct blob_name *n, int fd, int64_t size) {
	return b->ops->put_file(b, n, fd, size);
}
static inline err blob_has(struct blobs *b, const struct blob_name *n, bool *out) { return b->ops->has(b, n, out); }
/* A file to read from; the caller closes it. ERR_NOT_FOUND when it is gone. */
static inline err blob_open(struct blobs *b, const struct blob_name *n, int *fd, int64_t *size) { return b->ops->open(b, n, fd, size); }
/* Dropping what is not there succeeds. */
static inline err blob_drop(struct blobs *b, const struct blob_name *n) { return b->ops->drop(b, n); }
/* All names after one (NULL: all), in their order. An err of seen ends it and is returned. */
static inline err blob_list(struct blobs *b, const struct blob_name *after, blob_seen seen, void *ctx) {
	return b->ops->list(b, after, seen, ctx);
}
/* Bytes that may still be put; INT64_MAX where nobody can tell. */
static inline int64_t blob_room(struct blobs *b) { return b->ops->room(b); }
static inline void blob_close(struct blobs **b) {
	if (*b)
		(*b)->ops->close(*b);
	*b = NULL;
}

#endif
