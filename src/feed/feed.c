#include "feed/feed.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "feed/inside.h"
#include "feed/reader.h"

#include <stdlib.h>

struct feed *feed_new(size_t cap_bytes) {
	struct feed *f = xcalloc(1, sizeof *f);
	pthread_rwlockattr_t attr;
	must(pthread_rwlockattr_init(&attr) == 0);
	/* Readers come in a steady stream: without this a writer might never get in. */
	must(pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
	must(pthread_rwlock_init(&f->lock, &attr) == 0);
	pthread_rwlockattr_destroy(&attr);
	f->cap = cap_bytes;
	f->cache = cache_new(cap_bytes);
	f->sources = sources_new(f->cache, cap_bytes / 2);
	return f;
}

void feed_free(struct feed **f) {
	if (!*f)
		return;
	sources_free(&(*f)->sources);
	cache_free(&(*f)->cache);
	pthread_rwlock_destroy(&(*f)->lock);
	free(*f);
	*f = NULL;
}

void feed_loader(struct feed *f, enum piece_kind kind, piece_load load, void *arg) {
	must(kind == PIECE_STATUS || kind == PIECE_ACCOUNT);
	f->loaders[kind] = load;
	f->loader_args[kind] = arg;
}

struct cache *feed_cache(struct feed *f) {
	return f->cache;
}
struct sources *feed_sources(struct feed *f) {
	return f->sources;
}

void feed_slots(struct feed *f, enum source_kind kind, size_t n, const int64_t *ids, size_t stride, uint32_t *slots) {
	const size_t slot_stride = stride == sizeof *ids ? sizeof *slots : stride;
	if (n == 1) {
		pthread_rwlock_rdlock(&f->lock);
		*slots = source_find(f->sources, kind, *ids);
		pthread_rwlock_unlock(&f->lock);
		if (*slots != SLOT_NONE)
			return;
	}
	pthread_rwlock_wrlock(&f->lock);
	for (size_t i = 0; i < n; i++) {
		const int64_t id = *(const int64_t *)(const void *)((const char *)ids + i * stride);
		*(uint32_t *)(void *)((char *)slots + i * slot_stride) = source_slot(f->sources, kind, id);
	}
	pthread_rwlock_unlock(&f->lock);
}

void feed_stats(struct feed *f, struct feed_stats *out) {
	pthread_rwlock_rdlock(&f->lock);
	*out = (struct feed_stats){cache_bytes(f->cache), f->cap};
	pthread_rwlock_unlock(&f->lock);
}

void feed_forget(struct feed *f) {
	pthread_rwlock_wrlock(&f->lock);
	cache_drop_all(f->cache);
	source_forget_all(f->sources);
	pthread_rwlock_unlock(&f->lock);
}

/* ── following commits ───────────────────────────────────────────────────────────────────────────────────────────── */

static void drop(struct feed *f, enum piece_kind kind, int64_t id) { cache_drop(f->cache, kind, id); }

static void drop_both(struct feed *f, enum piece_kind kind, const struct journal_entry *e) {
	drop(f, kind, e->a);
	drop(f, kind, e->b);
}

static void forget_source(struct feed *f, enum source_kind kind, int64_t id) {
	const uint32_t slot = source_find(f->sources, kind, id);
	drop(f, PIECE_SOURCE, source_stamp(kind, id));
	if (slot != SLOT_NONE)
		source_forget(f->sources, slot);
}

/* What a new or edited post adds: read before the lock is taken. */
struct posted {
	struct entry entry;
	int64_t author, reply_to;
	int64_t tags[64];
	size_t tag_n;
	bool found;
};

/* Whom a deleted post leaves behind: replies, whose pieces say what they reply to, and those who boosted it and have a post less. */
struct bereaved {
	struct ids replies, boosters;
};

static err read_ids(struct db *db, enum query q, int64_t of, struct ids *out) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, q, I(of)));
	while (rows_next(r))
		vec_push(NULL, out, rows_i64(r, 0));
	return rows_err(r);
}

static err read_bereaved(struct db *db, const struct journal_entry *e, int64_t under, struct bereaved *out) {
	if (e->kind == J_STATUS_DELETED)
		TRY(read_ids(db, FEED_REPLIES_OF, e->a, &out->replies));
	return read_ids(db, FEED_COUNTED, under, &out->boosters);
}

static void drop_bereaved(struct feed *f, const struct bereaved *b) {
	for (size_t i = 0; i < b->replies.n; i++)
		drop(f, PIECE_STATUS, b->replies.v[i]);
	for (size_t i = 0; i < b->boosters.n; i++)
		drop(f, PIECE_ACCOUNT, b->boosters.v[i]);
}

static err read_posted(struct db *db, int64_t id, struct posted *out) {
	*out = (struct posted){0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, FEED_ENTRY, I(id)));
	if (!rows_next(r))
		return rows_err(r);
	out->found = true;
	out->entry = entry_of_row(r);
	out->author = rows_i64(r, 1);
	out->reply_to = rows_i64(r, 8);
	rows_end(&r);
	if (!(out->entry.flags & STATUS_HAS_TAGS) || (out->entry.flags & STATUS_VISIBILITY) != VISIBILITY_PUBLIC)
		return NULL;
	struct ROWS_AUTO *t = NULL;
	TRY(db_query(db, &t, FEED_TAGS_OF, I(id)));
	while (rows_next(t) && out->tag_n < sizeof out->tags / sizeof *out->tags)
		out->tags[out->tag_n++] = rows_i64(t, 0);
	return rows_err(t);
}

static bool is_public_line(const struct posted *p) {
	if ((p->entry.flags & (STATUS_VISIBILITY | STATUS_BOOST)) != VISIBILITY_PUBLIC)
		return false;
	return !(p->entry.flags & STATUS_REPLY) || p->entry.ref_author == p->author;
}

static void insert(struct feed *f, enum source_kind kind, int64_t id, const struct entry *e) {
	drop(f, PIECE_SOURCE, source_stamp(kind, id));
	const uint32_t slot = source_find(f->sources, kind, id);
	if (slot != SLOT_NONE)
		source_insert(f->sources, slot, e);
}

static void apply_posted(struct feed *f, struct posted *p) {
	p->entry.author = source_slot(f->sources, SOURCE_AUTHOR, p->author);
	insert(f, SOURCE_AUTHOR, p->author, &p->entry);
	if (is_public_line(p))
		insert(f, SOURCE_PUBLIC, 0, &p->entry);
	for (size_t i = 0; i < p->tag_n; i++)
		insert(f, SOURCE_TAG, p->tags[i], &p->entry);
	drop(f, PIECE_STATUS, p->reply_to);
}

static void apply_deleted(struct feed *f, const struct journal_entry *e) {
	const int64_t other = e->c < 0 ? -e->c : e->c; /* what it boosted or replied to: counters */
	drop(f, PIECE_STATUS, e->a);
	drop(f, PIECE_STATUS, other);
	const uint32_t author = source_find(f->sources, SOURCE_AUTHOR, e->b), all = source_find(f->sources, SOURCE_PUBLIC, 0);
	drop(f, PIECE_SOURCE, source_stamp(SOURCE_AUTHOR, e->b));
	drop(f, PIECE_SOURCE, source_stamp(SOURCE_PUBLIC, 0));
	if (author != SLOT_NONE)
		source_remove(f->sources, author, e->a);
	if (all != SLOT_NONE)
		source_remove(f->sources, all, e->a);
}

/* An account changed as a whole: it may be gone now, or back. */
static void apply_account(struct feed *f, int64_t account) {
	drop(f, PIECE_ACCOUNT, account);
	drop(f, PIECE_READER, account);
	forget_source(f, SOURCE_AUTHOR, account);
	forget_source(f, SOURCE_PUBLIC, 0);
}

/* An author with posts is gone or back: under every hashtag they ever used, of which there are more than memory knows. Of all hashtags the
 * next reader of each loads a page; readers, posts and other authors stay. */
static void apply_decision(struct feed *f, int64_t account) {
	apply_account(f, account);
	source_forget_kind(f->sources, SOURCE_TAG);
}

static void apply_locked(struct feed *f, const struct journal_entry *e, struct posted *p, const struct bereaved *b) {
	switch (e->kind) {
	case J_STATUS_CREATED:
	case J_STATUS_EDITED:
		drop(f, PIECE_STATUS, e->a);
		drop(f, PIECE_STATUS, e->c);
		drop(f, PIECE_ACCOUNT, e->b);
		/* A post that boosts nothing changes nothing of what its author did to others' posts. */
		if (e->c)
			drop(f, PIECE_ACTS, e->b);
		if (p->found)
			apply_posted(f, p);
		break;
	case J_STATUS_DELETED:
		apply_deleted(f, e);
		drop_bereaved(f, b);
		drop(f, PIECE_ACCOUNT, e->b);
		drop(f, PIECE_ACTS, e->b);
		break;
	case J_STATUS_PURGED: drop_bereaved(f, b); break;
	case J_STATUS_PINNED:
	case J_BOOKMARKED: drop(f, PIECE_ACTS, e->b); break;
	case J_FAVOURITED:
	case J_UNFAVOURITED:
	case J_POLL_VOTED:
		drop(f, PIECE_STATUS, e->a);
		drop(f, PIECE_ACTS, e->b);
		break;
	case J_POLL_ENDED: drop(f, PIECE_STATUS, e->a); break;
	case J_FOLLOWED:
	case J_UNFOLLOWED:
	case J_BLOCKED:
	case J_UNBLOCKED:
		drop_both(f, PIECE_READER, e);
		drop_both(f, PIECE_ACCOUNT, e);
		break;
	case J_MUTED:
	case J_UNMUTED:
	case J_THREAD_MUTED:
	case J_TAG_FOLLOWED:
	case J_FILTER_CHANGED: drop(f, PIECE_READER, e->a); break;
	case J_LIST_CHANGED:
		drop(f, PIECE_READER, e->a);
		drop(f, PIECE_LIST, e->b);
		break;
	case J_ACCOUNT_CREATED:
	case J_ACCOUNT_CHANGED:
	case J_MEMBER_CHANGED: apply_account(f, e->a); break;
	case J_ACCOUNT_DELETED: apply_decision(f, e->a); break;
	case J_MODERATED:
		if (e->b)
			apply_decision(f, e->b);
		break;
	case J_MEDIA_CHANGED:
		drop(f, PIECE_STATUS, e->c);
		drop(f, PIECE_ACCOUNT, e->b);
		break;
	default: break;
	}
}

/* Kinds whose effects reach further than their ids say. */
static bool forgets_all(enum journal_kind k) { return k == J_BULK_LOADED || k == J_SITE_CHANGED; }

/* The follower brings the node's own commits a second time. */
static _Atomic int64_t *place_of_applied(struct feed *f, const struct journal_entry *e) {
	return &f->applied[(uint64_t)e->seq % APPLIED_KEPT];
}

void feed_apply(void *feed, struct db *db, const struct journal_entry *e) { feed_apply_copied(feed, db, e, e->seq); }

void feed_apply_copied(struct feed *f, struct db *db, const struct journal_entry *e, int64_t under) {
	struct posted p = {0};
	struct bereaved bereaved = {0};
	if (*place_of_applied(f, e) == e->seq)
		return;
	bool lost = forgets_all(e->kind);
	err failed = NULL;
	if (e->kind == J_STATUS_CREATED || e->kind == J_STATUS_EDITED)
		failed = read_posted(db, e->a, &p);
	else if ((e->kind == J_STATUS_DELETED && e->c <= 0) || e->kind == J_STATUS_PURGED)
		failed = read_bereaved(db, e, under, &bereaved);
	if (failed) {
		log_warn("feeds forget what they know: %s %s", failed->text, failed->cause);
		lost = true;
	}
	pthread_rwlock_wrlock(&f->lock);
	if (lost) {
		cache_drop_all(f->cache);
		source_forget_all(f->sources);
	} else {
		apply_locked(f, e, &p, &bereaved);
	}
	pthread_rwlock_unlock(&f->lock);
	*place_of_applied(f, e) = e->seq;
	vec_free(&bereaved.replies);
	vec_free(&bereaved.boosters);
}
