/* What the addresses of media that people ask for stand for, in memory, so that a picture is sent without asking the database.
 *
 * An address is known for as long as nothing was committed that could end it: media_known_apply hears of every journal entry, before
 * the writer is answered. Whoever looks one up takes a mark before the first read and hands it in with what was found: what was committed
 * in between makes it not be kept. Any thread. */
#ifndef CORE_MEDIA_KNOWN_H
#define CORE_MEDIA_KNOWN_H

#include "base/blob_name.h"
#include "base/str.h"
#include "store/tx.h"

struct media_known;

struct media_what {
	int64_t account; /* whose; 0: the site's own */
	struct blob_name name;
	char type[48]; /* NUL-terminated */
};

struct media_known *media_known_new(void);
void media_known_free(struct media_known **k);

/* stem and name as in the address; stem is empty where it has only one part. False when it is not known. */
bool media_known_get(struct media_known *k, struct str stem, struct str name, struct media_what *out);
uint64_t media_known_mark(struct media_known *k);
/* An address or a type of unusual length is not kept. */
void media_known_put(struct media_known *k, uint64_t mark, struct str stem, struct str name, struct str type,
                     const struct media_what *what);

/* Forgets what the entry may end; all, when e is NULL. */
void media_known_apply(struct media_known *k, const struct journal_entry *e);

#endif
