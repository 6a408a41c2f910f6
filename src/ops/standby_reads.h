/* What a standby answers while it follows, where it shall: reads that everybody may have (standby_reads.def). Its memory follows the
 * applied entries as that of a network's other nodes does, so that what was deleted or hidden at the origin is gone here once its entry is
 * applied. Nothing is written: no session is known, no job runs, no use is noted. */
#ifndef OPS_STANDBY_READS_H
#define OPS_STANDBY_READS_H

#include "core/site.h"
#include "net/server.h"
#include "store/tx.h"

struct standby_reads;

/* Before the standby starts. origin: whose copy it is, kept by the caller. Gives the site the memory that pages are made from. */
err standby_reads_new(struct standby_reads **out, struct site *site, struct str origin);
/* Once neither the server nor the standby runs any more. */
void standby_reads_free(struct standby_reads **r);

/* A standby_heard (move/standby.h). */
void standby_reads_heard(void *reads, struct db *db, const struct journal_entry *e, int64_t under);
/* What is asked of the standby's server. */
struct handler standby_reads_handler(struct standby_reads *r);
/* Whether reads are answered by now: not before the copy is whole. */
bool standby_reads_open(const struct standby_reads *r);

#endif
