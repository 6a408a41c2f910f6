/* Bytes by name: where pictures and films lie. One interface; files.c keeps them in a folder, s3.c in an object store, pair.c moves them
 * from one store to another while they are used.
 *
 * A name is the keyed hash of the bytes (blob_name): equal bytes have one name and are stored once, and nobody without the site's
 * secret can tell from a name what is stored. Whether anyone still needs the bytes is known by the blob table (store/media.h), not here.
 *
 * Never wrong bytes: what is read is what was put, or there is an error. ERR_NOT_FOUND: the store has no such blob; ERR_STORE: it has other
 * bytes under that name; ERR_UNAVAILABLE: it does not answer, or is full. Any thread; calls block on disk and network, so all but
 * blob_serve_now are never for a loop thread. */
#ifndef BLOB_BLOB_H
#define BLOB_BLOB_H

#include "base/arena.h"
#include "base/blob_name.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct pieces;
struct blobs {
	const struct blob_ops *ops;
};

/* What is put: bytes in memory, or the first `size` bytes of a file (bytes.p == NULL). */
struct blob_content {
	struct str bytes;
	int fd;
	int64_t size;
	bool loose;  /* durable only after blob_settle: for copying many at once */
	bool absent; /* it was just listed, and this was not there: no need to look */
};

/* How a blob is served: a file to send, or pieces fetched as the client takes them (net/server.h). The reply owns either. */
struct blob_served {
	int fd; /* -1: pieces */
	struct pieces *pieces;
	int64_t size;
};

typedef err (*blob_sink)(void *ctx, struct str bytes);
/* One of a listing. at: ms since 1970, when it was put here. proof: the store's own checksum of it, as far as it has one (an ETag); lives
 * as long as the call. */
struct blob_item {
	struct blob_name name;
	int64_t size, at;
	struct str proof;
};
typedef err (*blob_seen)(void *ctx, const struct blob_item *item);

struct blob_ops {
	err (*put)(struct blobs *b, const struct blob_name *n, const struct blob_content *c);
	err (*look)(struct blobs *b, const struct blob_name *n, bool *there, int64_t *size);
	err (*read)(struct blobs *b, const struct blob_name *n, int64_t offset, int64_t length, blob_sink sink, void *ctx);
	err (*open)(struct blobs *b, const struct blob_name *n, int *fd, int64_t *size);
	err (*serve)(struct blobs *b, const struct blob_name *n, struct blob_served *out);
	bool (*serve_now)(struct blobs *b, const struct blob_name *n, struct blob_served *out);
	bool (*address)(struct blobs *b, const struct blob_name *n, struct str type, int64_t seconds, struct buf *out);
	err (*drop)(struct blobs *b, const struct blob_name *n, size_t count);
	err (*list)(struct blobs *b, const struct blob_name *after, blob_seen seen, void *ctx);
	bool (*clone)(struct blobs *b, struct blobs *from, const struct blob_item *item, err *e);
	err (*settle)(struct blobs *b);
	int64_t (*room)(struct blobs *b);
	void (*close)(struct blobs *b);
};

/* BLAKE2b-256 of the bytes under the site's secret (32 bytes). */
void blob_name_of(const char secret[32], struct str bytes, struct blob_name *out);
/* The same of a whole file, read from its beginning whatever its position is; *size gets its length. */
err blob_name_of_file(const char secret[32], int fd, struct blob_name *out, int64_t *size);

/* On stable storage when it returns, whole or not at all. Putting what is there already is cheap. ERR_UNAVAILABLE when the disk is full. */
static inline err blob_put(struct blobs *b, const struct blob_name *n, struct str bytes) {
	return b->ops->put(b, n, &(struct blob_content){.bytes = bytes.p ? bytes : S(""), .fd = -1, .size = (int64_t)bytes.n});
}
/* The same for the first `size` bytes of a file, of any length, in constant memory. */
static inline err blob_put_file(struct blobs *b, const struct blob_name *n, int fd, int64_t size) {
	return b->ops->put(b, n, &(struct blob_content){.fd = fd, .size = size});
}
static inline err blob_put_content(struct blobs *b, const struct blob_name *n, const struct blob_content *c) {
	return b->ops->put(b, n, c);
}
/* Lets the store copy it from another without the bytes coming here; false: it cannot, nothing was done. true: *e tells how it ended. */
static inline bool blob_clone(struct blobs *b, struct blobs *from, const struct blob_item *item, err *e) {
	return b->ops->clone(b, from, item, e);
}
/* All that was put loosely is on stable storage. */
static inline err blob_settle(struct blobs *b) { return b->ops->settle(b); }

static inline err blob_look(struct blobs *b, const struct blob_name *n, bool *there, int64_t *size) {
	return b->ops->look(b, n, there, size);
}
static inline err blob_has(struct blobs *b, const struct blob_name *n, bool *out) {
	int64_t size;
	return b->ops->look(b, n, out, &size);
}

/* Pushes `length` bytes from `offset` (length < 0: all that follow) into the sink, in order, in pieces of at most 16 MiB. */
static inline err blob_read(struct blobs *b, const struct blob_name *n, int64_t offset, int64_t length, blob_sink sink, void *ctx) {
	return b->ops->read(b, n, offset, length, sink, ctx);
}
/* A file to read from; the caller closes it. From an object store it is a copy without a name, whole and verified. */
static inline err blob_open(struct blobs *b, const struct blob_name *n, int *fd, int64_t *size) { return b->ops->open(b, n, fd, size); }
static inline err blob_serve(struct blobs *b, const struct blob_name *n, struct blob_served *out) { return b->ops->serve(b, n, out); }
/* The same where it takes no more than opening a file; false: ask blob_serve. */
static inline bool blob_serve_now(struct blobs *b, const struct blob_name *n, struct blob_served *out) {
	return b->ops->serve_now(b, n, out);
}
/* Appends an address at which the store itself serves the blob as this type for so many seconds; false: it has none to give. */
static inline bool blob_address(struct blobs *b, const struct blob_name *n, struct str type, int64_t seconds, struct buf *out) {
	return b->ops->address(b, n, type, seconds, out);
}

/* Dropping what is not there succeeds. */
static inline err blob_drop(struct blobs *b, const struct blob_name *n) { return b->ops->drop(b, n, 1); }
static inline err blob_drop_many(struct blobs *b, const struct blob_name *n, size_t count) { return b->ops->drop(b, n, count); }

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
