/* Searching. The index proposes, the posts as they are decide: nothing deleted, edited away, or not for the viewer's eyes is found. */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "core/ctx.h"
#include "store/tag.h"

/* Posts for somebody logged in: their own, public ones, and those they had to do with; newest first. The query has words that all must be
 * there, "phrases", -without, from:NAME, from:me, has:media|poll|link, is:reply|sensitive, before:DAY, after:DAY, during:DAY (2026-01-31).
 * author: only by that account (0: anybody). above and below: ids. */
struct search_want {
	struct str query;
	int64_t author, above, below;
	int limit;
	int64_t offset;
};
err search_statuses(struct ctx *c, const struct search_want *w, int64_t **ids, size_t *n);

/* Accounts by their names or parts of them, those the viewer follows first, then those with most followers. following: only those. */
err search_accounts(struct ctx *c, struct str query, bool following, int limit, int64_t offset, int64_t **ids, size_t *n);

/* Hashtags that begin so. */
err search_tags(struct ctx *c, struct str query, int limit, int64_t offset, struct tag **tags, size_t *n);

/* The post or account of this site whose address was typed; 0: none that the viewer may see. */
err search_address(struct ctx *c, struct str query, int64_t *status, int64_t *account);

#endif
