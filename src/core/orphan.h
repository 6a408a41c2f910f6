/* Bytes that no row names. A crash between putting bytes and writing the row that names them leaves some; the job looks through the whole
 * store once a day and after each start, and gives those older than an hour to the media sweep (core/media.h), whose order of steps is safe
 * beside uploads of the same bytes.
 *
 * Only bytes that carry this site's own name for them are touched: a folder that also holds another site's, or a database that is not the
 * folder's, costs nothing. */
#ifndef CORE_ORPHAN_H
#define CORE_ORPHAN_H

#include "core/ctx.h"
#include "store/job.h"

#define ORPHANS_JOB "media.orphans"

/* At the start of a node: lets the job run soon. */
err orphans_begin(struct ctx *c);

/* The job. Leaves the next one for tomorrow. */
err orphans_sweep(struct ctx *c, const struct job *job);

#endif
