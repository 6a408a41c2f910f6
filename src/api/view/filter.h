/* Filter, V1::Filter and their parts (Mastodon API). */
#ifndef API_VIEW_FILTER_H
#define API_VIEW_FILTER_H

#include "base/buf.h"
#include "store/filter.h"

/* full: with keywords and statuses, as the filters' own routes answer; without them inside a FilterResult. */
void view_filter(struct buf *out, const struct filter *f, bool full);
void view_filter_v1(struct buf *out, const struct filter *f, const struct filter_keyword *k);
void view_filter_keyword(struct buf *out, const struct filter_keyword *k);
void view_filter_status(struct buf *out, const struct filter_status *s);

#endif
