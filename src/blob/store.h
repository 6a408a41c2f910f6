/* A store by its address (the setting media.store, the arguments of `freehold copy`):
 *
 *   files:DIR
 *   s3://HOST[:PORT]/BUCKET[?region=R][&tls=yes|no][&style=path|virtual][&prefix=P][&keys=FILE][&ca=FILE]
 *
 * keys names a file whose first line is the access key and whose second is the secret one; without it they come from the settings. An
 * address never holds a secret: it may be shown, logged and kept. */
#ifndef BLOB_STORE_H
#define BLOB_STORE_H

#include "blob/blob.h"

/* What a store is opened with besides its address. */
struct store_means {
	struct str key, secret;  /* of object stores whose address names no keys */
	const char *site_secret; /* 32 bytes, what names are made with; NULL: unknown, names then prove nothing */
	struct str spool_dir;    /* where bytes from an object store wait */
	int64_t free_floor;      /* none are spooled when less is free there */
};

/* *out keeps copies. ERR_INVALID for what is no address; a folder is made where it is missing; an object store is not asked yet. */
err blob_store_open(struct blobs **out, struct str address, const struct store_means *means);

/* Reads a file of keys (access key and secret, a line each) into *key and *secret. ERR_INVALID when it cannot be read. */
err blob_store_keys(struct arena *a, struct str file, struct str *key, struct str *secret);

#endif
