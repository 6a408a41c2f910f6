/* What a person takes along and brings: asked for by the viewer, done by the job TRANSFER_JOB, shown with its progress, swept when its time
 * is over. Its file is seen by its owner alone: there is no address that tells of it.
 *
 * An import never stops at what it cannot take: each such line or post is in the report, with its reason. It may run twice (its node died):
 * what it did is found as known then. */
#ifndef MOVE_TRANSFER_H
#define MOVE_TRANSFER_H

#include "blob/blob.h"
#include "core/ctx.h"
#include "store/job.h"
#include "store/transfer.h"

enum {
	TRANSFERS_OPEN_MAX = 2, /* of an account at a time */
	TRANSFERS_SHOWN = 20,
	TRANSFER_TRIES = 5,
	TRANSFER_LIST_MAX = 16 << 20, /* bytes of a list */
	TRANSFER_REPORT_LINES = 300,
};

/* "mastodon", "follows", …; false for a kind that is none. */
bool transfer_kind_named(struct str name, enum transfer_kind *out);

/* ── verbs of the viewer ── */

bool transfer_is_export(enum transfer_kind k);
/* In the form of a Mastodon archive or of our own. ERR_THROTTLED when too many are under way. */
err transfer_export(struct ctx *c, enum transfer_kind kind, struct transfer *out);
/* The file: in memory, or the first `size` bytes of fd from `offset` on (mem.p == NULL). ERR_TOO_LARGE for a list that is none. */
struct transfer_file {
	struct str mem;
	int fd;
	int64_t offset, size;
};
err transfer_import(struct ctx *c, enum transfer_kind kind, const struct transfer_file *f, struct transfer *out);
/* ERR_NOT_FOUND for anybody else's. */
err transfer_own(struct ctx *c, int64_t id, struct transfer *out);
err transfer_list(struct ctx *c, struct transfer **out, size_t *n);
err transfer_forget(struct ctx *c, int64_t id);
/* The finished archive. */
err transfer_open(struct ctx *c, int64_t id, enum transfer_kind *kind, struct blob_served *out);

/* ── jobs ── */

err transfer_job(struct ctx *c, const struct job *job);
err transfer_sweep(struct ctx *c, const struct job *job);

#endif
