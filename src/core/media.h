/* What people put beside their posts and on their profiles: kept, described, deleted, read, swept.
 *
 * Bytes come here clean (media/decoder.h). Order of writing: bytes first, then the row that names them, then a look whether a sweep took
 * the bytes in between; order of removing: row, then bytes. So a row never names bytes that are not there. */
#ifndef CORE_MEDIA_H
#define CORE_MEDIA_H

#include "blob/blob.h"
#include "core/ctx.h"
#include "store/job.h"
#include "store/media.h"
#include "wire/picture.h"

enum { MEDIA_DESCRIPTION_MAX = 1500 };

struct media_text {
	struct str description;
	double focus_x, focus_y;
};

/* Trimmed; ERR_INVALID when it is too long. */
err media_description(struct str s, struct str *out);
/* "0.5,-0.25": each from -1 to 1. ERR_INVALID otherwise. */
err media_focus(struct str s, double *x, double *y);

/* Trimmed; ERR_INVALID when it is longer than MEDIA_DESCRIPTION_MAX or no text. */
err media_description(struct str s, struct str *out);

/* Keeps a picture for an account; *out is its row. ERR_INVALID when the account's quota is full, ERR_UNAVAILABLE when the disk is. */
err media_create(struct ctx *c, int64_t account, enum media_kind kind, const struct picture *p, const struct media_text *text,
                 struct media *out);
/* The viewer's own attachment; ERR_NOT_FOUND for anybody else's. */
err media_own(struct ctx *c, int64_t id, struct media *out);
err media_describe(struct ctx *c, int64_t id, const struct media_text *text, struct media *out);
/* Only while no post has it. */
err media_delete(struct ctx *c, int64_t id);

/* The job MEDIA_SWEEP: removes what nobody needs, attachments loose for a day and bytes without uses. Goes on where it was interrupted. */
err media_sweep(struct ctx *c, const struct job *job);

/* ERR_INVALID when so many bytes more are over the account's quota, ERR_UNAVAILABLE when the disk is nearly full. */
err media_check_room(struct ctx *c, int64_t account, int64_t size);

/* A key without its ending: what the addresses of an attachment's files begin with. */
struct str media_stem(struct str key);
/* Gives bytes that no row names to the sweep; when a row came meanwhile, they stay. */
err media_sweep_orphan(struct ctx *c, const struct blob_name *name);

/* What stands behind BASE/media/ in the address of one of an attachment's files. */
void media_file_address(struct buf *out, struct str key, struct str name);
/* The same of a picture's preview: the picture itself where there is none. */
void media_picture_preview(struct buf *out, const struct media *m);

/* The small file beside each avatar and header: its address serves the picture itself where there is none. */
#define MEDIA_SMALL "small.webp"
/* After the stem of an attachment's key: its preview, where that is no file of its own. */
#define MEDIA_PREVIEW_ENDING ".small.webp"

#endif
