/* MediaAttachment (Mastodon API) and the addresses of media. Pure: rows in, JSON out; any thread. */
#ifndef API_VIEW_MEDIA_H
#define API_VIEW_MEDIA_H

#include "base/buf.h"
#include "core/site.h"
#include "store/media.h"

/* The same for every viewer: may be kept with the post it belongs to. The member "freehold" is in docs/extensions.md. */
void view_media_attachment(struct buf *out, const struct site *site, const struct media *m);
/* A JSON array of a post's attachments. */
void view_media_attachments(struct buf *out, const struct site *site, const struct media *all, size_t n);
/* The payload of the event "freehold.media": how far a film is. */
void view_media_progress(struct buf *out, const struct media *m);

/* BASE/media/KEY: what account.avatar and account.header are keys of. */
void view_media_url(struct buf *out, const struct site *site, struct str key);

#endif
