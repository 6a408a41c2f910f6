/* Pieces: what readers need again and again, built once, kept under a cap.
 *
 * A piece is one block of bytes that begins with a struct piece and holds no pointers, so that it can be copied. The cache owns copies.
 * Finding needs the feed's lock for reading; everything else needs it for writing. A piece found may be used while the lock is held.
 *
 * A piece is a copy of rows, so it can be late: somebody reads the rows, a change commits and drops the piece, then the old copy is
 * offered. Therefore a drop is stamped with the time, and an offer says when the snapshot it was read from was opened (db_snapshot_at):
 * an offer that is not newer than the last drop of its key is refused.
 *
 * When the cap is passed, pieces not used since the clock's hand last came by go first. */
#ifndef FEED_CACHE_H
#define FEED_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum piece_kind {
	PIECE_NONE,
	PIECE_STATUS,  /* a post's JSON and what decides who sees it; made by api/view */
	PIECE_ACCOUNT, /* an account's JSON and flags; made by api/view */
	PIECE_READER,  /* whom somebody follows, blocks, mutes …   (feed/reader.h) */
	PIECE_ACTS,    /* what somebody favoured, boosted, …       (feed/reader.h) */
	PIECE_LIST,    /* the members of a list                    (feed/reader.h) */
	PIECE_ACT,     /* never cached: what the pass's viewer did to one post (feed/reader.h) */
	PIECE_SOURCE,  /* never cached here: the stamp of a source's entries (feed/source.h) */
	PIECE_KINDS,
};

struct piece {
	int64_t id;
	uint32_t size; /* of the whole block */
	uint8_t kind;
	bool gone;            /* there is no such row: the piece is only its header */
	_Atomic uint8_t used; /* set by finders, cleared by the clock's hand */
};

/* Ids out of this range are of nothing. */
static inline bool piece_id_fits(int64_t id) { return id > 0 && id < (int64_t)1 << 60; }

struct cache;
struct cache *cache_new(size_t cap_bytes);
void cache_free(struct cache **c);

const struct piece *cache_find(struct cache *c, enum piece_kind kind, int64_t id);
/* Memory is slow and pieces are many, so a page asks for all it will look at before it looks: first for the places of the pieces, then for
 * the beginnings of the pieces. */
void cache_prefetch(const struct cache *c, enum piece_kind kind, int64_t id);
void cache_prefetch_piece(const struct cache *c, enum piece_kind kind, int64_t id);
/* Copies the piece in, unless something newer was there since as_of (monotonic ns). */
bool cache_offer(struct cache *c, const struct piece *p, int64_t as_of);
void cache_drop(struct cache *c, enum piece_kind kind, int64_t id);
void cache_drop_all(struct cache *c);
/* Whether rows of that key read from a snapshot opened at as_of are still the newest known. */
bool cache_fresh(const struct cache *c, enum piece_kind kind, int64_t id, int64_t as_of);
/* Counts memory that others keep against the same cap. */
void cache_account(struct cache *c, int64_t bytes);
size_t cache_bytes(const struct cache *c);
bool cache_over(const struct cache *c);

#endif
