/* The parts of the object store: s3_url.c reads its address, s3_put.c writes, s3_get.c reads, s3.c does the rest. Inside blob/ only. */
#ifndef BLOB_S3_INSIDE_H
#define BLOB_S3_INSIDE_H

#include "blob/blob.h"
#include "blob/facts.h"
#include "blob/s3_call.h"
#include "blob/store.h"

struct s3 {
	struct blobs blobs;
	struct s3_place place;
	struct arena *arena; /* of the strings; not used after the opening */
	struct str prefix, spool_dir;
	int64_t free_floor;
	bool has_secret;
	char site_secret[32];
	struct facts_memory *facts;
};

static inline struct s3 *s3_of(struct blobs *b) { return (struct s3 *)(void *)b; }

/* Fills place and prefix from the address. */
err s3_url_read(struct s3 *s, struct str address, const struct store_means *means);

struct str s3_key(const struct s3 *s, struct arena *a, const struct blob_name *n);

err s3_put(struct blobs *b, const struct blob_name *n, const struct blob_content *c);

err s3_look(struct blobs *b, const struct blob_name *n, bool *there, int64_t *size);
err s3_read(struct blobs *b, const struct blob_name *n, int64_t offset, int64_t length, blob_sink sink, void *ctx);
err s3_open(struct blobs *b, const struct blob_name *n, int *fd, int64_t *size);
err s3_serve(struct blobs *b, const struct blob_name *n, struct blob_served *out);

#endif
