#include "api/live_events.h"

#include "api/live_message.h"
#include "api/view/conversation.h"
#include "api/view/media.h"
#include "api/view/notification.h"
#include "api/view/status.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "base/vec.h"
#include "core/site.h"
#include "core/thread.h"
#include "feed/audience.h"
#include "store/account.h"
#include "store/follow.h"
#include "store/member.h"
#include "store/mention.h"
#include "store/notification.h"
#include "store/status.h"
#include "store/tag.h"

#include <pthread.h>
#include <stdlib.h>

enum { PAGE = 1000, COLD_MOST = 20000 };

struct ids {
	int64_t *v;
	size_t n, cap;
};

struct live_thread {
	struct live *live;
	struct gate *gate;
	pthread_t thread;
	struct db *db;
	struct arena *arena;   /* for one entry */
	struct arena *scratch; /* for some receivers of it */
	struct ids cold;       /* receivers memory did not keep: brought there while there is nothing to do */
};

/* A request of nobody's, for views. */
static struct rq rq_for(struct live_thread *t, int64_t viewer) {
	return (struct rq){
	    .c = {.site = live_site(t->live), .db = t->db, .arena = t->scratch, .viewer = viewer},
	    .session = {.account_id = viewer},
	    .gate = t->gate,
	};
}

/* ── who may be concerned ── */

static int by_id(const void *a, const void *b) {
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static bool among(const int64_t *ids, size_t n, int64_t id) { return bsearch(&id, ids, n, sizeof *ids, by_id) != NULL; }

/* Takes at most AUDIENCE_AT_ONCE accounts, ascending. */
typedef err (*crowd_fn)(void *ctx, const int64_t *accounts, size_t n);

/* The author and those of its followers that listen: they are fewer than all that do. */
static err listening_followers(struct live_thread *t, int64_t author, const struct live_topic *topic, struct ids *out) {
	struct range r = range_of(PAGE, 0, 0, 0);
	struct placed_ids page;
	do {
		TRY(store_followers(t->arena, t->db, author, r, &page));
		for (size_t i = 0; i < page.n; i++)
			if (among(topic->accounts, topic->n, page.v[i].id))
				vec_push(t->arena, out, page.v[i].id);
		if (page.n)
			r.below = page.v[page.n - 1].cursor;
	} while (page.n == PAGE);
	if (among(topic->accounts, topic->n, author))
		vec_push(t->arena, out, author);
	if (out->n)
		qsort(out->v, out->n, sizeof *out->v, by_id);
	return NULL;
}

/* Those in whose home a post of the author may be: the author, followers, with tags also whoever follows hashtags. The first of many have
 * it while others are still looked for. */
static err concerned(struct live_thread *t, int64_t author, bool tags, const struct live_topic *topic, crowd_fn fn, void *ctx) {
	struct account_row row;
	struct ids few = {0};
	bool found;
	TRY(store_account_by_id(t->arena, t->db, author, &row, &found));
	const bool sift = tags || !found || row.followers > (int64_t)topic->n;
	if (!sift)
		TRY(listening_followers(t, author, topic, &few));
	const struct ids all = sift ? (struct ids){topic->accounts, topic->n, topic->n} : few;
	for (size_t i = 0, n; i < all.n; i += n) {
		int64_t some[AUDIENCE_AT_ONCE];
		size_t left = n = all.n - i < AUDIENCE_AT_ONCE ? all.n - i : AUDIENCE_AT_ONCE;
		memcpy(some, all.v + i, n * sizeof *some);
		arena_reset(t->scratch);
		if (sift)
			TRY(audience_sift(live_site(t->live)->feed, t->db, t->scratch, author, tags, some, &left));
		TRY(fn(ctx, some, left));
	}
	return NULL;
}

/* ── posts ── */

/* One post on its way to all who may have it. */
struct news {
	struct live_thread *t;
	struct str type; /* "update" or "status.update" */
	struct status s;
	struct live_event event; /* as it is for whoever may see it and has no view of their own */
};

/* In their own view. */
static void send_own(struct news *n, const struct live_topic *topic, int64_t account) {
	struct rq rq = rq_for(n->t, account);
	BUF_AUTO out = {0};
	if (!view_status(&rq, &out, n->s.id))
		return;
	struct live_event own = {.type = n->type, .data = buf_str(&out)};
	live_send_account(n->t->live, account, topic->channel, topic->key, &own);
	live_event_free(&own);
}

/* To those of these accounts, which hear the topic, that want the post there. Decided about together and sent together: a loop that sleeps
 * between two receivers costs more than both. */
static err offer_some(struct news *n, const struct live_topic *topic, const int64_t *accounts, size_t count, enum feed_kind kind,
                      int64_t id) {
	struct live_thread *t = n->t;
	struct wish wishes[AUDIENCE_AT_ONCE];
	for (size_t i = 0; i < count; i++)
		wishes[i].viewer = accounts[i];
	arena_reset(t->scratch);
	TRY(audience_wants(live_site(t->live)->feed, t->db, t->scratch, kind, id, n->s.id, wishes, count));
	for (size_t i = 0; i < count; i++) {
		if (wishes[i].wants && !wishes[i].own)
			live_send_account(t->live, wishes[i].viewer, topic->channel, topic->key, &n->event);
		if (wishes[i].wants && wishes[i].cold && t->cold.n < COLD_MOST)
			vec_push(NULL, &t->cold, wishes[i].viewer);
	}
	for (size_t i = 0; i < count; i++) {
		arena_reset(t->scratch);
		if (wishes[i].wants && wishes[i].own)
			send_own(n, topic, wishes[i].viewer);
	}
	return NULL;
}

static err offer(struct news *n, const struct live_topic *topic, const int64_t *accounts, size_t count, enum feed_kind kind, int64_t id) {
	for (size_t i = 0, some; i < count; i += some) {
		some = count - i < AUDIENCE_AT_ONCE ? count - i : AUDIENCE_AT_ONCE;
		TRY(offer_some(n, topic, accounts + i, some, kind, id));
	}
	return NULL;
}

static err to_some_homes(void *news, const int64_t *accounts, size_t count) {
	struct news *n = news;
	return offer_some(n, &(struct live_topic){.channel = CHANNEL_USER}, accounts, count, FEED_HOME, 0);
}

static err to_homes(struct news *n) {
	struct live_topic *topics;
	size_t count;
	live_topics(n->t->live, n->t->arena, CHANNEL_USER, 0, &topics, &count);
	return count ? concerned(n->t, n->s.author_id, n->s.flags & STATUS_HAS_TAGS, &topics[0], to_some_homes, n) : NULL;
}

static err to_lists(struct news *n) {
	struct live_topic *topics;
	size_t count;
	live_topics(n->t->live, n->t->arena, CHANNEL_LIST, -1, &topics, &count);
	for (size_t i = 0; i < count; i++)
		TRY(offer(n, &topics[i], topics[i].accounts, topics[i].n, FEED_LIST, topics[i].key));
	return NULL;
}

static err to_everybody(struct news *n, enum channel channel, int64_t key, enum feed_kind kind, int64_t id) {
	struct live_topic *topics;
	size_t count;
	live_topics(n->t->live, n->t->arena, channel, key, &topics, &count);
	return count ? offer(n, &topics[0], topics[0].accounts, topics[0].n, kind, id) : NULL;
}

/* Everything is from here, so what is local is all and what is remote nothing. */
static err to_public(struct news *n) {
	TRY(to_everybody(n, CHANNEL_PUBLIC, 0, FEED_PUBLIC, 0));
	TRY(to_everybody(n, CHANNEL_LOCAL, 0, FEED_PUBLIC, 0));
	if (!(n->s.flags & STATUS_HAS_MEDIA))
		return NULL;
	TRY(to_everybody(n, CHANNEL_PUBLIC_MEDIA, 0, FEED_PUBLIC, 0));
	return to_everybody(n, CHANNEL_LOCAL_MEDIA, 0, FEED_PUBLIC, 0);
}

static err to_hashtags(struct news *n) {
	struct tag *tags;
	size_t count;
	TRY(store_tags_of_status(n->t->arena, n->t->db, n->s.id, &tags, &count));
	for (size_t i = 0; i < count; i++) {
		int64_t key = live_tag_key(n->t->arena, tags[i].name);
		TRY(to_everybody(n, CHANNEL_HASHTAG, key, FEED_TAGS, tags[i].id));
		TRY(to_everybody(n, CHANNEL_HASHTAG_LOCAL, key, FEED_TAGS, tags[i].id));
	}
	return NULL;
}

/* To those who read the thread it stands in, in their own view: few at a time, each decided about as when they open it. */
static err to_thread(struct news *n) {
	struct live_topic *topics;
	size_t count;
	live_topics(n->t->live, n->t->arena, CHANNEL_THREAD, n->s.thread_id, &topics, &count);
	for (size_t i = 0; count && i < topics[0].n; i++) {
		arena_reset(n->t->scratch);
		struct rq rq = rq_for(n->t, topics[0].accounts[i]);
		if (thread_shows(&rq.c, n->s.id))
			send_own(n, &topics[0], topics[0].accounts[i]);
	}
	return NULL;
}

/* To the author and those it names, each with their own view of the conversation. */
static err to_conversations(struct news *n) {
	struct live_thread *t = n->t;
	struct mention *named;
	struct ids to = {0};
	size_t count;
	TRY(store_mentions_of(t->arena, t->db, n->s.id, &named, &count));
	vec_push(t->arena, &to, n->s.author_id);
	for (size_t i = 0; i < count; i++)
		if (named[i].account_id != n->s.author_id)
			vec_push(t->arena, &to, named[i].account_id);
	for (size_t i = 0; i < to.n; i++) {
		struct rq rq = rq_for(t, to.v[i]);
		BUF_AUTO out = {0};
		if (!live_listens(t->live, to.v[i]) || !view_conversation(&rq, &out, n->s.thread_id))
			continue;
		struct live_event event = {.type = S("conversation"), .data = buf_str(&out)};
		live_send_account(t->live, to.v[i], CHANNEL_DIRECT, 0, &event);
		live_event_free(&event);
	}
	return NULL;
}

static err spread(struct news *n) {
	enum visibility v = status_visibility(&n->s);
	TRY(to_homes(n));
	TRY(to_lists(n));
	if (!(n->s.flags & STATUS_BOOST))
		TRY(to_thread(n));
	if (v == VISIBILITY_DIRECT)
		return to_conversations(n);
	if (v != VISIBILITY_PUBLIC || (n->s.flags & STATUS_BOOST))
		return NULL;
	TRY(to_public(n));
	return n->s.flags & STATUS_HAS_TAGS ? to_hashtags(n) : NULL;
}

static err posted(struct live_thread *t, int64_t status, struct str type) {
	struct news n = {.t = t, .type = type};
	struct rq rq = rq_for(t, 0);
	BUF_AUTO plain = {0};
	bool found;
	TRY(store_status_by_id(t->arena, t->db, status, &n.s, &found));
	if (!found || (n.s.flags & STATUS_IMPORTED) || !view_status_new(&rq, &plain, status))
		return NULL;
	n.event = (struct live_event){.type = type, .data = buf_str(&plain)};
	err e = spread(&n);
	live_event_free(&n.event);
	return e;
}

struct deletion {
	struct live *live;
	struct live_event event;
};

static err from_some_homes(void *deletion, const int64_t *accounts, size_t n) {
	struct deletion *d = deletion;
	for (size_t i = 0; i < n; i++)
		live_send_account(d->live, accounts[i], CHANNEL_USER, 0, &d->event);
	return NULL;
}

/* Nothing tells any more who had it. Its id goes to those who may have, and to all who hear what everybody may. */
static err deleted(struct live_thread *t, const struct journal_entry *e) {
	struct deletion d = {t->live, {.type = S("delete"), .data = arena_printf(t->arena, "%lld", (long long)e->a)}};
	struct live_topic *topics;
	size_t n;
	live_topics(t->live, t->arena, CHANNEL_USER, 0, &topics, &n);
	err failed = n ? concerned(t, e->b, true, &topics[0], from_some_homes, &d) : NULL;
	for (enum channel c = CHANNEL_PUBLIC; c <= CHANNEL_LIST; c++) {
		live_topics(t->live, t->arena, c, -1, &topics, &n);
		for (size_t i = 0; i < n; i++)
			live_send(t->live, c, topics[i].key, &d.event);
	}
	live_event_free(&d.event);
	return failed;
}

/* ── notifications ── */

static err notified(struct live_thread *t, int64_t account, int64_t id) {
	struct notification n;
	bool found;
	if (!live_listens(t->live, account))
		return NULL;
	struct member_row member;
	bool ours;
	TRY(store_notification_get(t->db, account, id, &n, &found));
	TRY(store_member_by_id(t->arena, t->db, account, &member, &ours));
	struct rq rq = rq_for(t, account);
	rq.c.role = ours ? member.role : ROLE_USER; /* the staff sees who waits to be let in */
	BUF_AUTO out = {0};
	if (!found || !view_notification(&rq, &out, &n))
		return NULL;
	struct live_event event = {.type = S("notification"), .data = buf_str(&out)};
	live_send_account(t->live, account, CHANNEL_USER, 0, &event);
	live_send_account(t->live, account, CHANNEL_USER_NOTIFICATION, 0, &event);
	live_event_free(&event);
	return NULL;
}

static err filters_changed(struct live_thread *t, int64_t account) {
	struct live_event event = {.type = S("filters_changed")};
	live_send_account(t->live, account, CHANNEL_USER, 0, &event);
	live_event_free(&event);
	return NULL;
}

/* How far a film is, to the one who uploaded it. */
static err media_changed(struct live_thread *t, int64_t id, int64_t account) {
	struct media m;
	bool found;
	if (!id || !live_listens(t->live, account))
		return NULL;
	TRY(store_media_by_id(t->arena, t->db, id, &m, &found));
	if (!found || !media_is_film(m.kind))
		return NULL;
	BUF_AUTO out = {0};
	view_media_progress(&out, &m);
	struct live_event event = {.type = S("freehold.media"), .data = buf_str(&out)};
	live_send_account(t->live, account, CHANNEL_USER, 0, &event);
	live_event_free(&event);
	return NULL;
}

static err take(struct live_thread *t, const struct journal_entry *e) {
	switch (e->kind) {
	case J_STATUS_CREATED: return posted(t, e->a, S("update"));
	case J_STATUS_EDITED: return posted(t, e->a, S("status.update"));
	case J_STATUS_CARD: return e->c ? posted(t, e->a, S("status.update")) : NULL;
	case J_STATUS_DELETED: return deleted(t, e);
	case J_NOTIFIED: return notified(t, e->a, e->b);
	case J_MEDIA_CHANGED: return media_changed(t, e->a, e->b);
	case J_FILTER_CHANGED: return filters_changed(t, e->a);
	default: return NULL;
	}
}

/* ── the thread ── */

static err work_on(struct live_thread *t, const struct live_work *w) {
	struct ctx c = {.site = live_site(t->live), .db = t->db, .arena = t->arena};
	if (w->entry.kind != JOURNAL_NONE)
		return take(t, &w->entry);
	live_message(t->live, w->listener, &c, str_mem(w->text, w->n));
	return NULL;
}

static err warm_one(struct live_thread *t) { return audience_warm(live_site(t->live)->feed, t->db, t->scratch, t->cold.v[--t->cold.n]); }

static void *run(void *arg) {
	struct live_thread *t = arg;
	struct live_work *w;
	while (live_next(t->live, !t->cold.n, &w)) {
		err e = t->db ? NULL : db_open(&t->db, live_site(t->live)->store);
		if (!e)
			e = w ? work_on(t, w) : warm_one(t);
		if (e)
			log_warn("a live event was lost: %s", e->cause[0] ? e->cause : e->text);
		if (e)
			vec_clear(&t->cold);
		if (t->db)
			db_rest(t->db);
		arena_reset(t->arena);
		arena_reset(t->scratch);
		if (w)
			live_work_free(t->live, &w);
	}
	return NULL;
}

struct live_thread *live_thread_start(struct live *l, struct gate *gate) {
	struct live_thread *t = xcalloc(1, sizeof *t);
	t->live = l;
	t->gate = gate;
	t->arena = arena_new();
	t->scratch = arena_new();
	must(thread_start(&t->thread, "live events", run, t));
	return t;
}

void live_thread_stop(struct live_thread **tp) {
	struct live_thread *t = *tp;
	if (!t)
		return;
	live_end(t->live);
	pthread_join(t->thread, NULL);
	if (t->db)
		db_close(&t->db);
	arena_free(&t->arena);
	arena_free(&t->scratch);
	vec_free(&t->cold);
	free(t);
	*tp = NULL;
}
