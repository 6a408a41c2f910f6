/* Rendered profile pages, in each language they were asked for, in memory under a cap, so that a page many look at costs a copy.
 *
 * A page is kept for as long as nothing was committed that names its account; page_cache_apply hears of every journal entry, before the
 * writer is answered. Whoever renders takes a mark before the first read and hands it in with the page: what was committed in between makes
 * the page not be kept. Any thread. */
#ifndef WEB_PAGE_CACHE_H
#define WEB_PAGE_CACHE_H

#include "base/buf.h"
#include "core/language.h"
#include "store/tx.h"

struct page_cache;

struct page_cache *page_cache_new(int64_t most_bytes);
void page_cache_free(struct page_cache **c);

/* Appends the page of that name (in any case) in that language; *etag gets its entity tag. False when it is not kept. */
bool page_cache_get(struct page_cache *c, struct str name, enum language l, struct buf *out, uint64_t *etag);
uint64_t page_cache_mark(struct page_cache *c);
void page_cache_put(struct page_cache *c, uint64_t mark, int64_t account, struct str name, enum language l, struct str page);

/* Forgets the pages of the accounts an entry names; all of them when the site itself changed, or e is NULL. */
void page_cache_apply(struct page_cache *c, const struct journal_entry *e);

#endif
