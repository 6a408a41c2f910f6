/* Cards under posts: which page a post's card is of, and what becomes of one when its page was fetched (ops/card_job.h does that).
 *
 * A durable reader of the journal ("cards") sees to new and edited posts: the first link that does not lead to this network itself gets a
 * card, which is there already when another post has the link. Posts that were imported get none. */
#ifndef CORE_CARD_H
#define CORE_CARD_H

#include "core/ctx.h"
#include "store/card.h"

/* One that was fetched so long ago is fetched again when a new post has its link. */
enum { CARD_OLD_MS = 14 * 24 * 3600 * 1000 };

extern const enum journal_kind card_kinds[];
err card_read(struct ctx *c, const struct journal_entry *entries, size_t n);

/* Keeps what its page says (fetched_at is now) and tells of it where something else is to be seen. A card that went meanwhile leaves
 * nothing behind, not its picture either. */
err card_keep(struct ctx *c, const struct card *k);

/* By its picture's public name; ERR_NOT_FOUND. */
err card_by_key(struct ctx *c, struct str key, struct card *out);
/* Its picture is not there any more: it is fetched again, once. */
err card_picture_again(struct ctx *c, const struct card *k);

#endif
