/* Taking uploads: from a file of a multipart body to a kept row. */
#ifndef API_MEDIA_H
#define API_MEDIA_H

#include "core/media.h"
#include "gate/gate.h"

/* A clean picture of an upload; kind chooses the shape (MEDIA_AVATAR: 400 × 400, MEDIA_HEADER: 1,500 × 500, MEDIA_EMOJI: at most 128 a
 * side). ERR_INVALID with a text for the uploader. */
err api_media_decode(struct ctx *c, const struct upload *u, enum media_kind kind, struct picture *out);

/* Decodes and keeps an upload for the viewer. As an attachment (MEDIA_IMAGE) films, sounds and animations are taken too: their row waits
 * for the job MEDIA_FILM. The row's key is what account.avatar and account.header hold; the old key's row is dropped with
 * store_media_drop_key in the transaction that changes the account. ERR_INVALID with a text for the uploader. */
err api_media_take(struct ctx *c, const struct upload *u, enum media_kind kind, const struct media_text *text, struct media *out);

#endif
