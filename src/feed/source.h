/* Sources: what feeds are merged from. A source is an author, a hashtag or the public posts; it keeps its newest entries in memory.
 *
 * Knowledge is a stretch: all entries with ids from `low` upward are in memory; below it one has to ask the database. A complete source has
 * none below. Nothing else is promised: whether an entry may be shown is decided when it is shown, so that an entry of a deleted post
 * does no harm.
 *
 * Slots number sources from 0 and stay for the life of the process; entries come and go. All under the feed's lock: finding for
 * reading, the rest for writing. */
#ifndef FEED_SOURCE_H
#define FEED_SOURCE_H

#include "feed/cache.h"

enum source_kind { SOURCE_AUTHOR, SOURCE_TAG, SOURCE_PUBLIC };

/* What decides whether a post belongs in a feed: 32 bytes. */
struct entry {
	int64_t id;
	int64_t ref;        /* of a boost: the post; otherwise the conversation's first post */
	int64_t ref_author; /* of a boost: the post's author; of a reply: whom it replies to; 0: neither, or not known any more */
	uint32_t author;    /* slot of its author's source */
	uint16_t flags;     /* of enum status_flag */
	uint16_t language;  /* source_language of its tag; 0: none */
};

/* "de", "pt-BR", "nds": up to three letters before the first hyphen as a number; 0 for anything else. */
uint16_t source_language(const char *p, size_t n);

enum { SOURCE_KEEPS = 96, SOURCE_TRIMS_TO = 48, SOURCE_LOADS = 20 };

struct source {
	int64_t id;      /* of the account or hashtag; 0 of the public posts */
	struct entry *v; /* ascending by id */
	int64_t low;
	uint16_t n, cap;
	uint8_t kind;
	bool known; /* false: nothing is known, not even the newest */
	bool complete;
	uint8_t used;
};

enum { SLOT_NONE = UINT32_MAX };

struct sources;
struct sources *sources_new(struct cache *cache, size_t cap_bytes);
void sources_free(struct sources **s);

/* The slot of a source, made when it is new (slot_find: SLOT_NONE then). */
uint32_t source_slot(struct sources *s, enum source_kind kind, int64_t id);
uint32_t source_find(const struct sources *s, enum source_kind kind, int64_t id);
const struct source *source_at(const struct sources *s, uint32_t slot);
/* The newest id of each slot, for the start of a merge: 0 when it has none, INT64_MAX when that is not known. */
const int64_t *source_newest(const struct sources *s);
/* The key of a source's stamp in the cache. */
int64_t source_stamp(enum source_kind kind, int64_t id);

/* Adds or replaces one entry of a known source; nothing happens below its stretch. */
void source_insert(struct sources *s, uint32_t slot, const struct entry *e);
void source_remove(struct sources *s, uint32_t slot, int64_t id);
/* Takes a stretch read from the database: all entries in [low, …) of a source of which nothing was known, or
 * [low, the known low) of one that is known; ascending. */
void source_fill(struct sources *s, uint32_t slot, const struct entry *v, size_t n, int64_t low, bool complete);
void source_forget(struct sources *s, uint32_t slot);
void source_forget_all(struct sources *s);
/* Forgets all of a kind, also what is just being read for them. */
void source_forget_kind(struct sources *s, enum source_kind kind);

/* The newest entry below an id, or the oldest above. SOURCE_UNKNOWN: memory cannot tell; ask the database from there on. */
enum source_answer { SOURCE_ENTRY, SOURCE_END, SOURCE_UNKNOWN };
enum source_answer source_below(const struct source *s, int64_t below, const struct entry **out);
enum source_answer source_above(const struct source *s, int64_t above, const struct entry **out);

#endif
