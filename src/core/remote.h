/* The tree of fetched media: pictures of strangers' pages, in a store of their own (media.remote_store), apart from what people put here.
 *
 * Never more than media.remote_cap bytes: what was looked at longest ago goes before something new comes (when, is known to the day).
 * Nothing comes that would leave less than media.free_floor on the disk. All of it can be fetched again: it is in no backup, archive or
 * standby.
 *
 * One node writes to it, the one that runs CARD_JOB (store/card.h); any may read. Any thread. */
#ifndef CORE_REMOTE_H
#define CORE_REMOTE_H

#include "blob/blob.h"
#include "core/ctx.h"
#include "core/site.h"

/* ERR_INVALID when media.remote_store cannot be opened or is media.store. */
err remote_start(struct site *site);
void remote_stop(struct site *site);

/* Keeps bytes under their name, after as many others went as need be. ERR_UNAVAILABLE when they are more than the cap, or the disk is
 * nearly full. */
err remote_put(struct ctx *c, const struct blob_name *name, struct str bytes);
/* ERR_NOT_FOUND when it is not there (any more). Whoever asks has looked at it. */
err remote_serve(struct ctx *c, const struct blob_name *name, struct blob_served *out);
/* Dropping what is not there succeeds. */
err remote_drop(struct ctx *c, const struct blob_name *name);

/* As this node knows it: bytes kept, how many went for others since the start. */
void remote_counts(const struct site *site, int64_t *bytes, int64_t *evicted);

struct remote_check {
	int64_t sound, bytes, missing, corrupt, orphaned;
};
/* Reads all of it. repair: what is wrong goes, to be fetched again when somebody looks. */
err remote_check(struct ctx *c, bool repair, struct remote_check *out);

#endif
