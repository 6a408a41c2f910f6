/* Deleting posts: the row and all that hangs on it really go; earlier images of it in the change log are blanked by the store.
 *
 * The post is gone with the transaction, for everybody and everywhere, and so is what its author put there. Of what many others did with it
 * (boosts, favourites, bookmarks, votes …) a bounded number goes with it, the rest in a job, a short transaction at a time: none of it is
 * shown without the post. */
#ifndef CORE_STATUS_DELETE_H
#define CORE_STATUS_DELETE_H

#include "core/ctx.h"
#include "store/job.h"
#include "store/status.h"

#define STATUS_PURGE_JOB "status_purge"

/* Deletes a post or boost of the viewer's. *was is what it was, so that it can be written anew. Attachments stay the viewer's, under new
 * addresses, unless with_media. ERR_NOT_FOUND when there is none of the viewer's with that id. */
err status_delete(struct ctx *c, int64_t id, bool with_media, struct status *was);

/* The same for somebody else's, by a moderator, attachments too. */
err status_delete_by_moderator(struct ctx *c, int64_t id, struct status *was);

/* In a transaction that has its journal entry: removes the post, and every row that names it now or by the job. */
err status_remove(struct ctx *c, struct tx *tx, const struct status *s, bool with_media);

/* The job: goes on where it was interrupted. job->a: the post. */
err status_purge(struct ctx *c, const struct job *job);

#endif
