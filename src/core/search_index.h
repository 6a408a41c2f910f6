/* The search reader: keeps the search index behind the journal, and fills it anew where posts came in bulk.
 *
 * Posts are indexed as they are when the reader comes to them, so an entry read twice changes nothing. Runs on the runner's threads. */
#ifndef CORE_SEARCH_INDEX_H
#define CORE_SEARCH_INDEX_H

#include "core/ctx.h"
#include "store/status.h"
#include "store/tx.h"

extern const enum journal_kind search_index_kinds[];
err search_index_read(struct ctx *c, const struct journal_entry *entries, size_t n);

/* At the start of a node: sees to it that an index that is empty beside accounts is filled. */
err search_index_begin(struct ctx *c);

/* The job that indexes everything above a post (job->a) and an account (job->b), a stretch at a time, each stretch adding the next after a
 * pause as long as it took itself. */
#define SEARCH_FILL_JOB "search.fill"
struct job;
err search_fill_job(struct ctx *c, const struct job *job);

/* All words of a post, in order: warning, text, choices of its poll, descriptions of its media. */
err search_words(struct ctx *c, const struct status *s, struct str **words, size_t *n);

/* The words under which more than the text is found; no text can fake them for long: what is found is checked. */
#define SEARCH_BY "byaccount"
#define SEARCH_HAS_MEDIA "hasmediaattached"
#define SEARCH_HAS_POLL "haspollattached"
#define SEARCH_HAS_LINK "haslinkinside"
#define SEARCH_IS_REPLY "isreplytosomebody"
#define SEARCH_IS_SENSITIVE "issensitivepost"

/* Whether a text has a link in it. */
bool search_has_link(struct str text);

#endif
