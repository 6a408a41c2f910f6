/* Films and sounds: taken as they were uploaded, then made piece by piece (by ops/film_job.h), watched and ended here.
 *
 * What is made is kept at once: each call of film_keep is whole or not there, so a film that plays with one rendition gets its others
 * later. A process that dies in between leaves bytes nobody names, which the sweep of core/media.h finds (store_blob_expect). */
#ifndef CORE_FILM_H
#define CORE_FILM_H

#include "base/buf.h"
#include "core/media.h"
#include "store/media_file.h"

/* Keeps an upload (its bytes may be a mapped file) and leaves the rest to the job MEDIA_FILM. kind: what it looks like. ERR_INVALID when
 * the account's quota is full, ERR_UNAVAILABLE when the disk is. */
err film_create(struct ctx *c, int64_t account, enum media_kind kind, struct str type, struct str bytes, const struct media_text *text,
                struct media *out);

/* Whether somebody can look at it: a picture, or a film with a rendition. */
bool media_plays(const struct media *m);

/* What stands behind BASE/media/ in the address of its bytes, of a picture to look at: empty when there is none (yet). A film's is its
 * fallback, until that is there its smallest rendition. */
void media_address(struct buf *out, const struct media *m);
void media_preview_address(struct buf *out, const struct media *m);

/* A file to be kept: bytes, or the whole of fd. */
struct film_file {
	struct str name, type;
	struct str bytes;
	int fd;
};

/* Changes what is known of a film; may be called more than once, on the row as it is then. */
typedef void (*film_change)(struct media *m, void *arg);

/* Keeps the files and the change, and writes the master playlist anew, in one transaction. ERR_NOT_FOUND when the film is gone. */
err film_keep(struct ctx *c, int64_t id, const struct film_file *files, size_t n, film_change change, void *arg);
/* How far it is: stage as in the API, percent of all. ERR_NOT_FOUND when the film is gone. */
err film_progress(struct ctx *c, int64_t id, struct str stage, int percent);
/* All is made: the source goes. */
err film_finish(struct ctx *c, int64_t id);
/* It cannot be: everything goes but the row, which says why. */
err film_fail(struct ctx *c, int64_t id, struct str why);

/* ── captions: of one's own films ── */

/* A language tag (RFC 5646: letters, digits, hyphens), and what people read ("English"; empty: the tag). text: WebVTT, not yet looked at.
 */
err caption_put(struct ctx *c, int64_t id, struct str language, struct str label, struct str text, struct media *out);
err caption_drop(struct ctx *c, int64_t id, struct str language, struct media *out);

#endif
