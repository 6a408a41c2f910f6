/* Where the site's media lie: opens what the settings name, and says how its bytes reach people. Used at the start and by commands. */
#ifndef CORE_MEDIA_STORE_H
#define CORE_MEDIA_STORE_H

#include "blob/store.h"
#include "core/site.h"

/* How the bytes of an object store reach people (media.serve). A folder is always served through. */
enum media_serving {
	SERVE_THROUGH,   /* by us, read from the store as the client takes them */
	SERVE_PRESIGNED, /* by the store, at an address that is good for MEDIA_PRESIGNED_S */
	SERVE_PUBLIC,    /* by whoever answers at site.public_media */
};
enum { MEDIA_PRESIGNED_S = 300, MEDIA_REDIRECT_S = 60 };

/* Reads media.serve into the site. ERR_INVALID names what is wrong. */
err media_serving_read(struct site *site);

/* What an object store is opened with, of the settings and the site (site may lack its secret: names then prove nothing). The strings live
 * in the arena. ERR_INVALID when media.s3_keys_file cannot be read. */
err media_store_means(struct arena *a, const struct site *site, bool has_secret, struct store_means *out);
/* Opens a store; a relative files: address is inside the data folder. */
err media_store_open(struct blobs **out, const struct site *site, struct str address, bool has_secret);

#endif
