/* Readers: what stands between somebody and what others post, as pieces (feed/cache.h).
 *
 * A reader is whom the account follows and how, whom it blocks or is blocked by, whom it mutes and until when, muted conversations,
 * followed hashtags, members of exclusive lists, filters. Acts are what it favoured, boosted, bookmarked, pinned and voted for, as far back
 * as `…_from` says: of older posts the database has to be asked. Sets are ascending ids. Blocks of bytes without pointers: read them by the
 * functions here. */
#ifndef FEED_READER_H
#define FEED_READER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "feed/cache.h"
#include "feed/source.h"
#include "store/filter.h"

struct feed;

/* A part of a piece: count items from a byte offset. */
struct section {
	uint32_t at, n;
};

struct reader_follow {
	int64_t id;
	uint32_t slot;     /* of the author's source */
	uint16_t flags;    /* of store/follow.h */
	uint16_t language; /* 0: all; otherwise where in the languages its list begins: a count, then codes of source_language */
};

struct reader_mute {
	int64_t id, expires_at; /* ms; 0: never */
};

struct reader_filter {
	int64_t id, expires_at;                /* ms; 0: never */
	uint32_t contexts;                     /* of enum filter_context */
	uint32_t action;                       /* enum filter_action */
	struct section title, words, statuses; /* bytes; struct reader_word; int64_t */
};

struct reader_word {
	struct section text, folded; /* as typed; case-folded, for comparing */
	bool whole;
};

struct reader {
	struct piece piece;
	uint32_t self; /* slot of its own posts */
	struct section follows, languages, blocks, blocked_by, mutes, threads, tags, exclusive, filters;
};

struct reader_vote {
	int64_t status_id, choice;
};

struct acts {
	struct piece piece;
	int64_t favourites_from, bookmarks_from, boosts_from, votes_from; /* complete for posts with ids from here upward */
	struct section favourites, bookmarks, boosts, pins, votes;
};

/* The same of one post that is older than what acts know. */
struct act {
	struct piece piece; /* its id is the post's */
	bool favourited, bookmarked, boosted;
	struct section votes; /* int64_t choices */
};

struct list_set {
	struct piece piece;
	int64_t owner;
	int replies;                   /* enum list_replies of store/list.h */
	struct section members, slots; /* int64_t; uint32_t */
};

static inline const void *piece_part(const void *piece, struct section s) { return (const char *)piece + s.at; }
static inline struct str piece_str(const void *piece, struct section s) { return str_mem((const char *)piece + s.at, s.n); }

/* Whether an ascending set of a piece holds the id. */
bool piece_has(const void *piece, struct section set, int64_t id);

/* The follow of an author, or NULL. */
const struct reader_follow *reader_follows(const struct reader *r, int64_t author);
bool reader_mutes(const struct reader *r, int64_t author, int64_t now);
/* Either way. */
static inline bool reader_blocks(const struct reader *r, int64_t author) {
	return (r->blocks.n && piece_has(r, r->blocks, author)) || (r->blocked_by.n && piece_has(r, r->blocked_by, author));
}
/* Whether the follow lets this language through. */
bool reader_wants_language(const struct reader *r, const struct reader_follow *f, uint16_t language);

/* Folds a text for comparing it with folded keywords: Unicode case folding. */
void reader_fold(struct buf *out, struct str text);
/* Whether a folded text contains the folded word; whole: not inside another word. */
bool reader_word_in(struct str folded_text, struct str folded_word, bool whole);
/* Whether a filter matches a post: by its id, or by a keyword in its folded text. *word: the keyword that does (SECTION none: by id). */
bool reader_filter_hits(const struct reader *r, const struct reader_filter *f, int64_t now, int64_t status_id, struct str folded);

/* The loaders: read the rows and make the piece in the arena. They give slots to sources, which takes the feed's lock. */
err reader_load(struct feed *f, struct db *db, struct arena *a, int64_t id, struct piece **out);
err acts_load(struct feed *f, struct db *db, struct arena *a, int64_t id, struct piece **out);
err act_load(struct db *db, struct arena *a, int64_t viewer, int64_t status, struct piece **out);
err list_set_load(struct feed *f, struct db *db, struct arena *a, int64_t id, struct piece **out);

#endif
