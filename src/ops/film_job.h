/* The job MEDIA_FILM: a film that was uploaded becomes what browsers play, step by step: probe, the smallest rendition with poster and
 * storyboard, the others, the fallback. Wires media/film.h (how) to core/film.h (what is kept).
 *
 * It works in DATA/work/ID, which is gone when it ends, however it ends: of a process that died, the next start clears it away. What was
 * kept before stays and is not made again. */
#ifndef OPS_FILM_JOB_H
#define OPS_FILM_JOB_H

#include "core/ctx.h"
#include "store/job.h"

enum { FILM_JOB_TRIES = 6 };

err film_job(struct ctx *c, const struct job *job);

#endif
