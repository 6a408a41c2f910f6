/* CustomEmoji (Mastodon API): those that a text uses, or all. Reads the database. */
#ifndef API_VIEW_EMOJI_H
#define API_VIEW_EMOJI_H

#include "base/buf.h"
#include "core/site.h"
#include "store/emoji.h"

void view_emoji(struct buf *out, const struct site *site, const struct emoji *e);
/* The array of those whose shortcodes stand in one of the texts. */
err view_emojis_in(struct arena *a, struct db *db, struct buf *out, const struct site *site, const struct str *texts, size_t n);

#endif
