/* From the address of a picture or a film's file to its bytes: whoever has the address may read them, while its post and its account live.
 */
#ifndef CORE_MEDIA_SERVE_H
#define CORE_MEDIA_SERVE_H

#include "blob/blob.h"
#include "core/ctx.h"

struct media_bytes {
	struct blob_served served;
	struct str address; /* where somebody else serves them instead; then served is empty */
	struct str type;
	struct blob_name name;
};

/* A public key, or one's preview name, becomes what to send (stem empty); or one of an attachment's files, where stem is its key without
 * the ending. ERR_NOT_FOUND when the address is dead. Without a db only what is known and lies in a folder is found; else the ctx misses.
 */
err media_serve(struct ctx *c, struct str stem, struct str name, struct media_bytes *out);

/* What stands behind an address and may change while it lives: playlists and captions. */
bool media_serve_changes(struct str name);

#endif
