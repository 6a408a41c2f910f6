/* Where the site's media lie: opens what the settings name, and says how its bytes reach people. Used at the start and by commands. */
#ifndef CORE_MEDIA_STORE_H
#define CORE_MEDIA_STORE_H

#include "blob/store.h"
#include "core/ctx.h"
#include "core/site.h"
#include "store/db.h"

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

/* ERR_UNAVAILABLE when so many bytes more are over media.cap, or the disk has less than media.free_floor left after them. */
err media_store_room(struct ctx *c, int64_t size);

/* ── moving to another store while the network runs ── */

/* What the site table remembers of it (the key "media.moved"). */
struct media_move {
	struct str from, to; /* addresses */
	bool over;           /* nothing is left in `from` */
};
err media_move_get(struct arena *a, struct db *db, struct media_move *out, bool *found);
/* Inside a transaction, whose journal entry is J_SITE_CHANGED: every node turns to the new store when it hears of it. */
err media_move_set(struct db *db, const struct media_move *m);
/* Inside a transaction: a copy of the network elsewhere has a store of its own. */
err media_move_forget(struct db *db);

/* Opens the site's store: what media.store names, or where it was moved to since, with the old one while that is not empty. ERR_INVALID
 * when the settings name a third, or the store refuses us. */
err media_store_start(struct site *site);
void media_store_stop(struct site *site);
/* The site table may have changed: turns to another store when it says so. */
void media_store_follow(struct site *site, struct db *db);

#endif
