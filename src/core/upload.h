/* Files that arrive in pieces, over connections that break: announced, appended to, put together, forgotten (tus 1.0).
 *
 * Order of making: row, then file; of removing: row, then file. So a file without a row is left over, and the sweep takes it. An upload is
 * its account's alone; to everybody else there is none. */
#ifndef CORE_UPLOAD_H
#define CORE_UPLOAD_H

#include "core/ctx.h"
#include "store/job.h"
#include "store/upload.h"
#include "wire/tus.h"

/* Announces a file of so many bytes for the viewer. ERR_TOO_LARGE over uploads.limit, ERR_THROTTLED when too many are open, ERR_INVALID
 * when the quota would be passed, ERR_UNAVAILABLE when the disk would be. */
err upload_create(struct ctx *c, int64_t size, struct str metadata, struct upload_row *out);
/* The viewer's own; ERR_NOT_FOUND for anybody else's and when its time is over. */
err upload_own(struct ctx *c, int64_t id, struct upload_row *out);

/* How much has come and will not be lost. */
err upload_offset(struct ctx *c, const struct upload_row *u, int64_t *offset);
/* The file to append to at offset; the caller closes it. ERR_LOCKED while another request has it, ERR_CONFLICT when it has not come as far
 * as offset or further, ERR_UNAVAILABLE when `more` bytes do not fit on the disk. */
err upload_lock(struct ctx *c, const struct upload_row *u, int64_t offset, int64_t more, int *fd);

/* A piece that is looked at before it is appended: in memory, or whole in a file (mem.p == NULL). */
struct upload_piece {
	struct str mem;
	int fd;
	int64_t size;
};
/* ERR_CHECKSUM when its digest is another; nothing was appended then. */
err upload_put_checked(int to, int64_t offset, const struct upload_piece *piece, const struct tus_checksum *sum);

/* It has become an attachment: the bytes go, the row tells of it until its time is over. */
err upload_done(struct ctx *c, const struct upload_row *u, int64_t media_id);
err upload_delete(struct ctx *c, const struct upload_row *u);

/* The job UPLOAD_SWEEP: what was not finished in time, and files nobody knows. */
err upload_sweep(struct ctx *c, const struct job *job);

#endif
