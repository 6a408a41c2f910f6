/* The job CARD_JOB: fetches the page a post links to, and its picture, and keeps what a card shows of them.
 *
 * Strangers' servers are asked once per address, with an end to everything (net/reach.h), at most CARD_PER_HOST at a time on one host; a
 * page that cannot be had is tried CARD_TRIES times, then its posts have no card. The picture is decoded behind the walls of
 * media/decoder.h and kept as another, clean one in the tree of fetched media (core/remote.h). */
#ifndef OPS_CARD_JOB_H
#define OPS_CARD_JOB_H

#include "core/ctx.h"
#include "store/job.h"

enum { CARD_AT_ONCE = 4, CARD_PER_HOST = 2, CARD_TRIES = 3 };

struct cards;
struct cards *cards_new(void);
/* When nothing runs any more. */
void cards_free(struct cards **c);

err card_job(struct ctx *c, const struct job *job);

#endif
