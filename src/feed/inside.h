/* What the files of feed/ share and nobody else sees: the lock, the parts under it, and rows becoming entries. */
#ifndef FEED_INSIDE_H
#define FEED_INSIDE_H

#include "feed/feed.h"
#include "feed/head.h"
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
