/* Leaving: an account disappears at once, and all it wrote goes in a job (store/job.h, kind "account_purge"), in batches, a transaction
 * each. What stays is a tombstone: the id and the name, so that nobody else can take it. */
#ifndef CORE_ACCOUNT_DELETE_H
#define CORE_ACCOUNT_DELETE_H

#include "core/ctx.h"
#include "store/job.h"

#define ACCOUNT_PURGE_JOB "account_purge"

/* Of the ctx's viewer, whose password was checked. ERR_CONFLICT for the last owner. */
err account_delete_own(struct ctx *c);

/* By a moderator: of somebody who asked to join and is rejected, or a suspended account for good. Written to the audit log as `action`. */
err account_delete_by_moderator(struct ctx *c, int64_t account_id, struct str action);

/* The job: goes on where it was interrupted. job->a: the account. */
err account_purge(struct ctx *c, const struct job *job);

#endif
