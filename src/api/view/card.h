/* PreviewCard: what the page says that a post links to (core/card.h). */
#ifndef API_VIEW_CARD_H
#define API_VIEW_CARD_H

#include "base/buf.h"
#include "core/site.h"
#include "store/card.h"

void view_card(struct buf *b, const struct site *site, const struct card *k);

#endif
