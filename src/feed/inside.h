/* What the files of feed/ share and nobody else sees: the lock, the parts under it, and rows becoming entries. */
#ifndef FEED_INSIDE_H
#define FEED_INSIDE_H

#include "feed/feed.h"
#include "feed/head.h"
#include "feed/merge.h"
#include "store/status.h"

#include <pthread.h>

enum { APPLIED_KEPT = 4096 };

struct feed {
	pthread_rwlock_t lock;
	_Atomic int64_t applied[APPLIED_KEPT]; /* seqs of entries, each at its place: taken in already */
	struct cache *cache;
	struct sources *sources;
	size_t cap;
	piece_load loaders[PIECE_KINDS];
	void *loader_args[PIECE_KINDS];
};

struct ids {
	int64_t *v;
	size_t n, cap;
};

/* What a reader is made of, filters aside, before it is one block: ascending, tags as slots. */
struct reader_parts {
	VEC(struct reader_follow) follows;
	VEC(uint16_t) languages;
	VEC(struct reader_mute) mutes;
	VEC(uint32_t) tags;
	struct ids blocks, blocked_by, threads, exclusive;
};
/* languages as stored: comma-separated, empty for all. The slot is left to the caller. */
void reader_add_follow(struct arena *a, struct reader_parts *p, int64_t target, int64_t flags, struct str languages);
struct piece *reader_of_parts(struct arena *a, int64_t id, const struct reader_parts *p);

/* Whether one post belongs into a feed of the query's viewer, by the rules of a page without the window. Inside a pass, whose wants make it
 * void; the slot of the post's author was made. Not for FEED_AUTHOR. */
bool merge_wants(struct pass *p, const struct feed_query *q, const struct status_head *s);

/* From the columns of the FEED_… queries; the author's slot is left to the caller. */
static inline struct entry entry_of_row(const struct rows *r) {
	struct entry e = {.id = rows_i64(r, 0), .flags = (uint16_t)rows_i64(r, 2)};
	if (e.flags & STATUS_BOOST) {
		e.ref = rows_i64(r, 5);
		e.ref_author = rows_i64(r, 6);
	} else {
		e.ref = rows_null(r, 4) ? e.id : rows_i64(r, 4);
		e.ref_author = rows_i64(r, 3);
	}
	const struct str language = rows_text(r, 7);
	e.language = source_language(language.p, language.n);
	return e;
}

#endif
