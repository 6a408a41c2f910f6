#include "api/live_events.h"

#include "api/live_message.h"
#include "api/view/conversation.h"
#include "api/view/notification.h"
#include "api/view/status.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "base/vec.h"
#include "core/site.h"
#include "feed/merge.h"
#include "store/account.h"
#include "store/follow.h"
#include "store/member.h"
#include "store/mention.h"
#include "store/notification.h"
#include "store/status.h"
#include "store/tag.h"

#include <pthread.h>
#include <stdlib.h>

enum { PAGE = 1000 };

struct live_thread {
	struct live *live;
	struct gate *gate;
	pthread_t thread;
	struct db *db;
	struct arena *arena;   /* for one entry */
	struct arena *scratch; /* for one receiver of it */
};

struct ids {
	int64_t *v;
	size_t n, cap;
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

/* Of those that listen, the ones that follow the author: from whichever side is shorter. */
static err following(struct live_thread *t, int64_t author, const struct live_topic *topic, struct ids *out) {
	struct account_row row;
	bool found;
	TRY(store_account_by_id(t->arena, t->db, author, &row, &found));
	if (!found)
		return NULL;
	if (row.followers > (int64_t)topic->n) {
		for (size_t i = 0; i < topic->n; i++) {
			struct reader_glance glance;
			bool follows;
			if (feed_glance(live_site(t->live)->feed, topic->accounts[i], author, &glance))
				follows = glance.follows;
			else
				TRY(store_follow_is(t->db, topic->accounts[i], author, &follows));
			if (follows)
				vec_push(t->arena, out, topic->accounts[i]);
		}
		return NULL;
	}
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
	return NULL;
}

static err follows_hashtags(struct live_thread *t, int64_t account, bool *out) {
	struct reader_glance glance;
	struct placed_ids tags;
	if (feed_glance(live_site(t->live)->feed, account, 0, &glance)) {
		*out = glance.tags;
		return NULL;
	}
	arena_reset(t->scratch);
	TRY(store_tags_followed(t->scratch, t->db, account, range_of(1, 0, 0, 0), &tags));
	*out = tags.n != 0;
	return NULL;
}

/* Those in whose home a post of the author may be: the author, followers, followers of hashtags. Ascending. */
static err concerned(struct live_thread *t, int64_t author, bool tagged, const struct live_topic *topic, struct ids *out) {
	TRY(following(t, author, topic, out));
	if (among(topic->accounts, topic->n, author))
		vec_push(t->arena, out, author);
	for (size_t i = 0; tagged && i < topic->n; i++) {
		bool follows;
		TRY(follows_hashtags(t, topic->accounts[i], &follows));
		if (follows)
			vec_push(t->arena, out, topic->accounts[i]);
	}
	qsort(out->v, out->n, sizeof *out->v, by_id);
	size_t n = 0;
	for (size_t i = 0; i < out->n; i++)
		if (!n || out->v[n - 1] != out->v[i])
			out->v[n++] = out->v[i];
	out->n = n;
	return NULL;
}

/* ── posts ── */

/* One post on its way to all who may have it. */
struct news {
	struct live_thread *t;
	struct str type; /* "update" or "status.update" */
	struct status s;
	struct str shared; /* its JSON, the same for all; empty: each receiver has its own */
	struct live_event event;
};

/* The JSON this viewer sees, as long as its turn lasts (nobody's: as long as the entry's); empty when it may not be seen. */
static struct str written(struct live_thread *t, int64_t viewer, int64_t status) {
	struct rq rq = rq_for(t, viewer);
	BUF_AUTO out = {0};
	return view_status(&rq, &out, status) ? arena_str(viewer ? t->scratch : t->arena, buf_str(&out)) : STR_NONE;
}

/* To one account that hears the topic, if it wants the post there. */
static void offer(struct news *n, const struct live_topic *topic, int64_t account, enum feed_kind kind, int64_t id) {
	struct live_thread *t = n->t;
	struct feed *feed = live_site(t->live)->feed;
	struct reader_glance glance;
	arena_reset(t->scratch);
	if (!feed_wants(feed, t->db, t->scratch, kind, account, id, n->s.id))
		return;
	/* The decision brought the reader into memory; one that has gone from there again is written for alone, which is never wrong. */
	if (n->shared.n && feed_glance(feed, account, 0, &glance) && !glance.filters) {
		live_send_account(t->live, account, topic->channel, topic->key, &n->event);
		return;
	}
	struct live_event own = {.type = n->type, .data = written(t, account, n->s.id)};
	if (own.data.n)
		live_send_account(t->live, account, topic->channel, topic->key, &own);
	live_event_free(&own);
}

static err to_homes(struct news *n) {
	struct live_topic *topics;
	struct ids maybe = {0};
	size_t count;
	live_topics(n->t->live, n->t->arena, CHANNEL_USER, 0, &topics, &count);
	if (!count)
		return NULL;
	TRY(concerned(n->t, n->s.author_id, n->s.flags & STATUS_HAS_TAGS, &topics[0], &maybe));
	for (size_t i = 0; i < maybe.n; i++)
		offer(n, &topics[0], maybe.v[i], FEED_HOME, 0);
	return NULL;
}

static void to_lists(struct news *n) {
	struct live_topic *topics;
	size_t count;
	live_topics(n->t->live, n->t->arena, CHANNEL_LIST, -1, &topics, &count);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < topics[i].n; k++)
			offer(n, &topics[i], topics[i].accounts[k], FEED_LIST, topics[i].key);
}

static void to_everybody(struct news *n, enum channel channel, int64_t key, enum feed_kind kind, int64_t id) {
	struct live_topic *topics;
	size_t count;
	live_topics(n->t->live, n->t->arena, channel, key, &topics, &count);
	for (size_t i = 0; count && i < topics[0].n; i++)
		offer(n, &topics[0], topics[0].accounts[i], kind, id);
}

/* Everything is from here, so what is local is all and what is remote nothing. */
static void to_public(struct news *n) {
	to_everybody(n, CHANNEL_PUBLIC, 0, FEED_PUBLIC, 0);
	to_everybody(n, CHANNEL_LOCAL, 0, FEED_PUBLIC, 0);
	if (!(n->s.flags & STATUS_HAS_MEDIA))
		return;
	to_everybody(n, CHANNEL_PUBLIC_MEDIA, 0, FEED_PUBLIC, 0);
	to_everybody(n, CHANNEL_LOCAL_MEDIA, 0, FEED_PUBLIC, 0);
}

static err to_hashtags(struct news *n) {
	struct tag *tags;
	size_t count;
	TRY(store_tags_of_status(n->t->arena, n->t->db, n->s.id, &tags, &count));
	for (size_t i = 0; i < count; i++) {
		int64_t key = live_tag_key(n->t->arena, tags[i].name);
		to_everybody(n, CHANNEL_HASHTAG, key, FEED_TAGS, tags[i].id);
		to_everybody(n, CHANNEL_HASHTAG_LOCAL, key, FEED_TAGS, tags[i].id);
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
	/* Nobody has done anything with a new post yet. A boosted or edited one some have favoured or kept, and see so. */
	bool fresh = !(n->s.flags & (STATUS_BOOST | STATUS_EDITED));
	if (fresh && (v == VISIBILITY_PUBLIC || v == VISIBILITY_UNLISTED)) {
		n->shared = written(n->t, 0, n->s.id);
		n->event = (struct live_event){.type = n->type, .data = n->shared};
		if (!n->shared.n)
			return NULL;
	}
	TRY(to_homes(n));
	to_lists(n);
	if (v == VISIBILITY_DIRECT)
		return to_conversations(n);
	if (v != VISIBILITY_PUBLIC || (n->s.flags & STATUS_BOOST))
		return NULL;
	to_public(n);
	return n->s.flags & STATUS_HAS_TAGS ? to_hashtags(n) : NULL;
}

static err posted(struct live_thread *t, int64_t status, struct str type) {
	struct news n = {.t = t, .type = type};
	bool found;
	TRY(store_status_by_id(t->arena, t->db, status, &n.s, &found));
	if (!found || (n.s.flags & STATUS_IMPORTED))
		return NULL;
	err e = spread(&n);
	live_event_free(&n.event);
	return e;
}

/* Nothing tells any more who had it. Its id goes to those who may have, and to all who hear what everybody may. */
static err deleted(struct live_thread *t, const struct journal_entry *e) {
	struct live_event event = {.type = S("delete"), .data = arena_printf(t->arena, "%lld", (long long)e->a)};
	struct live_topic *topics;
	struct ids to = {0};
	size_t n;
	live_topics(t->live, t->arena, CHANNEL_USER, 0, &topics, &n);
	err failed = n ? concerned(t, e->b, true, &topics[0], &to) : NULL;
	for (size_t i = 0; i < to.n; i++)
		live_send_account(t->live, to.v[i], CHANNEL_USER, 0, &event);
	for (enum channel c = CHANNEL_PUBLIC; c <= CHANNEL_LIST; c++) {
		live_topics(t->live, t->arena, c, -1, &topics, &n);
		for (size_t i = 0; i < n; i++)
			live_send(t->live, c, topics[i].key, &event);
	}
	live_event_free(&event);
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

static err take(struct live_thread *t, const struct journal_entry *e) {
	switch (e->kind) {
	case J_STATUS_CREATED: return posted(t, e->a, S("update"));
	case J_STATUS_EDITED: return posted(t, e->a, S("status.update"));
	case J_STATUS_DELETED: return deleted(t, e);
	case J_NOTIFIED: return notified(t, e->a, e->b);
	case J_FILTER_CHANGED: return filters_changed(t, e->a);
	default: return NULL;
	}
}

/* ── the thread ── */

static void *run(void *arg) {
	struct live_thread *t = arg;
	struct live_work *w;
	while (live_next(t->live, &w)) {
		err e = t->db ? NULL : db_open(&t->db, live_site(t->live)->store);
		struct ctx c = {.site = live_site(t->live), .db = t->db, .arena = t->arena};
		if (!e && w->entry.kind != JOURNAL_NONE)
			e = take(t, &w->entry);
		else if (!e)
			live_message(t->live, w->listener, &c, str_mem(w->text, w->n));
		if (e)
			log_warn("a live event was lost: %s", e->cause[0] ? e->cause : e->text);
		if (t->db)
			db_rest(t->db);
		arena_reset(t->arena);
		arena_reset(t->scratch);
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
	free(t);
	*tp = NULL;
}
