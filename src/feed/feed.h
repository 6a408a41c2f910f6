/* The memory of reads (design §2): sources of entries, readers, and pieces of answers, all under one lock.
 *
 * The lock is held for reading while a page is put together (tens of microseconds, never across I/O), for writing while a change is applied
 * or something loaded is stored (a few). So a loop thread never waits for a disk.
 *
 * What memory does not have is a need. A pass is one attempt at an answer that notes its needs; on the pool they are loaded and the
 * pass is made again, on a loop the request goes to the pool:
 *
 *   struct pass p = pass_of(feed, db, arena, viewer);
 *   do {
 *           pass_enter(&p);
 *           … pass_piece, feed_merge: answer, or note needs …
 *   } while (pass_leave(&p));
 *
 * Nothing here decides by itself what may be seen when a change is late: entries and pieces are dropped by feed_apply before the writer is
 * answered, and what was read from an older snapshot is never kept (feed/cache.h). */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include "base/vec.h"
#include "feed/cache.h"
#include "feed/source.h"
#include "store/tx.h"

struct feed;

struct feed *feed_new(size_t cap_bytes);
void feed_free(struct feed **f);

/* Makes the piece of a row in the arena; gone ones may be left to the caller (*out stays NULL). */
typedef err (*piece_load)(void *arg, struct db *db, struct arena *a, int64_t id, struct piece **out);
/* Says who makes pieces of a kind. At the start only. */
void feed_loader(struct feed *f, enum piece_kind kind, piece_load load, void *arg);

/* Makes memory follow a committed entry: idempotent, so that it may be called for the own commit and again by the follower. Any thread with
 * a db; a failing db makes it forget instead. Its type is that of store_on_commit's callback. */
void feed_apply(void *feed, struct db *db, const struct journal_entry *e);
/* The same for an entry of another database, whose changes lie in this one under the seq `under` (move/standby.h). */
void feed_apply_copied(struct feed *f, struct db *db, const struct journal_entry *e, int64_t under);
/* Forgets everything: when the follower has lost its place. */
void feed_forget(struct feed *f);

/* Gives slots to n sources: ids and slots are read and written `stride` bytes apart. Takes the lock. */
void feed_slots(struct feed *f, enum source_kind kind, size_t n, const int64_t *ids, size_t stride, uint32_t *slots);

struct feed_stats {
	size_t bytes, cap;
};
void feed_stats(struct feed *f, struct feed_stats *out);

/* ── passes ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Something to be loaded: a piece, or entries of the source in slot `id` from a position on. */
struct need {
	enum piece_kind kind;
	int64_t id;
	int64_t position;
	bool above;
};

/* All entries of a source in [low, high], ascending: loaded for this pass alone. */
struct chunk {
	uint32_t slot;
	int32_t next; /* chunk of the same hash, or -1 */
	struct entry *v;
	size_t n;
	int64_t low, high;
};

struct pass {
	struct feed *feed;
	struct db *db; /* NULL on a loop */
	struct arena *arena;
	int64_t viewer; /* 0: nobody */
	bool missed;    /* a loop could not answer */
	err error;      /* the database failed; valid until the next err on this thread */
	VEC(struct need) needs;
	VEC(struct piece *) pieces;
	VEC(struct chunk) chunks;
	int32_t *chunk_heads;
	int rounds;
};

static inline struct pass pass_of(struct feed *f, struct db *db, struct arena *a, int64_t viewer) {
	return (struct pass){.feed = f, .db = db, .arena = a, .viewer = viewer};
}
void pass_enter(struct pass *p);
/* true: make the pass again. false: it answered, or missed or error says why not. */
bool pass_leave(struct pass *p);
/* Whether the pass has noted needs since it was entered: what it made is then void. */
static inline bool pass_wants(const struct pass *p) { return p->needs.n > 0; }

/* The piece, or NULL with its need noted. Never NULL for rows that do not exist: those are gone pieces. */
const struct piece *pass_piece(struct pass *p, enum piece_kind kind, int64_t id);
/* The next entry of a source below or above an id; NULL at its end, or with a need noted (*unknown true). */
const struct entry *pass_below(struct pass *p, uint32_t slot, int64_t below, bool *unknown);
const struct entry *pass_above(struct pass *p, uint32_t slot, int64_t above, bool *unknown);

struct cache *feed_cache(struct feed *f);
struct sources *feed_sources(struct feed *f);

#endif
