#include "api/live.h"

#include "base/must.h"
#include "base/vec.h"
#include "core/site.h"
#include "store/account.h"
#include "store/member.h"
#include "wire/text.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/queue.h>

#define uthash_fatal(text) must(!text)
#include <uthash.h>

enum { WORK_MOST = 100000 };

static const struct {
	struct str word;
	int64_t scope;
	enum channel_needs needs;
} channels[] = {
#define CHANNEL(name, word, scope, needs) {{word, sizeof word - 1}, scope, CHANNEL_NEEDS_##needs},
#include "api/live.def"
#undef CHANNEL
};

int64_t channel_scope(enum channel c) { return channels[c].scope; }
enum channel_needs channel_needs(enum channel c) { return channels[c].needs; }

bool channel_parse(struct str word, enum channel *out) {
	for (int i = 0; i < CHANNELS; i++)
		if (str_eq(word, channels[i].word)) {
			*out = (enum channel)i;
			return true;
		}
	return false;
}

/* One listener hears one topic. */
struct hearing {
	struct listener *listener;
	struct topic *topic;
	struct str name; /* of the hashtag or list, as asked for; allocated behind the struct */
	LIST_ENTRY(hearing) of_topic, of_listener;
};

struct topic_key {
	int64_t channel, key;
};
struct topic {
	struct topic_key id;
	LIST_HEAD(topic_hearings, hearing) hearings;
	UT_hash_handle hh;
};

struct account {
	int64_t id;
	size_t count;
	LIST_HEAD(own_listeners, listener) listeners;
	UT_hash_handle hh;
};

struct listener {
	_Atomic int refs;
	bool linked; /* false once it is closed: then it hears nothing any more */
	struct live *live;
	struct stream *stream;
	enum stream_kind kind;
	struct session session;
	struct account *account;
	size_t hearing_count;
	LIST_HEAD(hearing_list, hearing) hearings;
	LIST_ENTRY(listener) of_account;
};

struct live {
	struct site *site;
	pthread_mutex_t lock;
	pthread_cond_t work_came;
	struct topic *topics;
	struct account *accounts;
	int64_t count;
	struct live_work *first, **last;
	size_t work_count;
	bool ended;
};

struct live *live_new(struct site *site) {
	struct live *l = xcalloc(1, sizeof *l);
	l->site = site;
	l->last = &l->first;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->work_came, NULL);
	return l;
}

static void listener_unref(struct listener *li) {
	if (atomic_fetch_sub_explicit(&li->refs, 1, memory_order_acq_rel) != 1)
		return;
	stream_unref(&li->stream);
	free(li);
}

void live_free(struct live **lp) {
	struct live *l = *lp;
	if (!l)
		return;
	while (l->first) {
		struct live_work *w = l->first;
		l->first = w->next;
		live_work_free(l, &w);
	}
	must(!l->count);
	pthread_mutex_destroy(&l->lock);
	pthread_cond_destroy(&l->work_came);
	free(l);
	*lp = NULL;
}

struct site *live_site(const struct live *l) {
	return l->site;
}

/* ── topics. Under the lock. ── */

static struct topic *topic_find(struct live *l, enum channel c, int64_t key) {
	struct topic_key id = {c, key};
	struct topic *t;
	HASH_FIND(hh, l->topics, &id, sizeof id, t);
	return t;
}

static void hearing_end(struct live *l, struct hearing *h) {
	struct topic *t = h->topic;
	LIST_REMOVE(h, of_topic);
	LIST_REMOVE(h, of_listener);
	h->listener->hearing_count--;
	free(h);
	if (!LIST_EMPTY(&t->hearings))
		return;
	HASH_DEL(l->topics, t);
	free(t);
}

static void unlink_listener(struct live *l, struct listener *li) {
	if (!li->linked)
		return;
	li->linked = false;
	l->count--;
	while (!LIST_EMPTY(&li->hearings))
		hearing_end(l, LIST_FIRST(&li->hearings));
	LIST_REMOVE(li, of_account);
	if (--li->account->count)
		return;
	HASH_DEL(l->accounts, li->account);
	free(li->account);
}

static struct account *account_find(struct live *l, int64_t id) {
	struct account *a;
	HASH_FIND(hh, l->accounts, &id, sizeof id, a);
	return a;
}

/* ── listening ── */

static void on_close(void *ctx, struct stream *s) {
	struct listener *li = ctx;
	pthread_mutex_lock(&li->live->lock);
	unlink_listener(li->live, li);
	pthread_mutex_unlock(&li->live->lock);
	listener_unref(li);
}

static void put_work(struct live *l, struct live_work *w) {
	pthread_mutex_lock(&l->lock);
	/* A hub so far behind has lost its listeners' patience: they reconnect and read what they missed. */
	if (l->ended || l->work_count >= WORK_MOST) {
		pthread_mutex_unlock(&l->lock);
		live_work_free(l, &w);
		return;
	}
	*l->last = w;
	l->last = &w->next;
	l->work_count++;
	pthread_cond_signal(&l->work_came);
	pthread_mutex_unlock(&l->lock);
}

static void on_message(void *ctx, struct stream *s, struct str text) {
	struct listener *li = ctx;
	struct live_work *w = xcalloc(1, sizeof *w + text.n);
	w->listener = li;
	w->n = text.n;
	memcpy(w->text, text.p, text.n);
	atomic_fetch_add_explicit(&li->refs, 1, memory_order_relaxed);
	put_work(li->live, w);
}

static const struct stream_events events = {on_message, on_close};

/* Under the lock. False: the account has as many as it may. */
static bool link_listener(struct live *l, struct listener *li) {
	struct account *a = account_find(l, li->session.account_id);
	if (a && a->count >= LIVE_PER_ACCOUNT)
		return false;
	if (!a) {
		a = xcalloc(1, sizeof *a);
		a->id = li->session.account_id;
		HASH_ADD(hh, l->accounts, id, sizeof a->id, a);
	}
	a->count++;
	LIST_INSERT_HEAD(&a->listeners, li, of_account);
	li->account = a;
	li->linked = true;
	l->count++;
	return true;
}

err live_open(struct live *l, struct exchange *x, enum stream_kind kind, struct str subprotocol, const struct session *s,
              struct listener **out) {
	struct listener *li = xcalloc(1, sizeof *li);
	atomic_init(&li->refs, 1);
	li->live = l;
	li->kind = kind;
	li->session = *s;
	struct stream *stream = NULL;
	pthread_mutex_lock(&l->lock);
	bool moving = l->site->moving, fits = !moving && link_listener(l, li);
	pthread_mutex_unlock(&l->lock);
	err e = moving  ? err_public(ERR_UNAVAILABLE, "This network is moving to another machine: nothing new is heard here")
	        : !fits ? err_public(ERR_THROTTLED, "Too many open streams")
	                : stream_open(x, kind, subprotocol, &events, li, &stream);
	pthread_mutex_lock(&l->lock);
	li->stream = stream;
	if (e)
		unlink_listener(l, li);
	else if (!li->linked)
		stream_close(stream); /* revoked meanwhile */
	pthread_mutex_unlock(&l->lock);
	if (e) {
		listener_unref(li);
		return e;
	}
	*out = li;
	return NULL;
}

const struct session *listener_session(const struct listener *li) { return &li->session; }

static struct hearing *hearing_find(struct listener *li, const struct topic *t) {
	struct hearing *h;
	LIST_FOREACH (h, &li->hearings, of_listener)
		if (h->topic == t)
			return h;
	return NULL;
}

err live_hear(struct live *l, struct listener *li, enum channel c, int64_t key, struct str name) {
	err e = NULL;
	if (name.n > LIVE_NAME_MAX)
		return err_public(ERR_BAD_REQUEST, "This name is too long");
	pthread_mutex_lock(&l->lock);
	struct topic *t = topic_find(l, c, key);
	if (li->hearing_count >= LIVE_CHANNELS_PER_LISTENER) {
		e = err_public(ERR_THROTTLED, "Too many streams on one connection");
	} else if (li->linked && !(t && hearing_find(li, t))) {
		if (!t) {
			t = xcalloc(1, sizeof *t);
			t->id = (struct topic_key){c, key};
			HASH_ADD(hh, l->topics, id, sizeof t->id, t);
		}
		struct hearing *h = xcalloc(1, sizeof *h + name.n);
		if (name.n)
			memcpy(h + 1, name.p, name.n);
		h->listener = li;
		h->topic = t;
		h->name = str_mem(h + 1, name.n);
		LIST_INSERT_HEAD(&t->hearings, h, of_topic);
		LIST_INSERT_HEAD(&li->hearings, h, of_listener);
		li->hearing_count++;
	}
	pthread_mutex_unlock(&l->lock);
	return e;
}

void live_unhear(struct live *l, struct listener *li, enum channel c, int64_t key) {
	pthread_mutex_lock(&l->lock);
	struct topic *t = topic_find(l, c, key);
	struct hearing *h = t ? hearing_find(li, t) : NULL;
	if (h)
		hearing_end(l, h);
	pthread_mutex_unlock(&l->lock);
}

int64_t live_tag_key(struct arena *a, struct str tag) { return (int64_t)(str_hash(text_tag_fold(a, tag)) >> 1); }

/* {"stream":["hashtag","cats"],"event":"update","payload":"…"} */
static struct payload *frame_websocket(const struct live_event *e, enum channel c, struct str name) {
	BUF_AUTO text = {0};
	buf_lit(&text, "{\"stream\":[");
	buf_json_string(&text, channels[c].word);
	if (name.n) {
		buf_byte(&text, ',');
		buf_json_string(&text, name);
	}
	buf_lit(&text, "],\"event\":");
	buf_json_string(&text, e->type);
	if (e->data.n) {
		buf_lit(&text, ",\"payload\":");
		buf_json_string(&text, e->data);
	}
	buf_byte(&text, '}');
	return stream_frame_websocket(buf_str(&text));
}

void live_confirm(struct listener *li, enum channel c, struct str name) {
	const struct live_event confirmed = {.type = S("freehold.subscribed")};
	if (li->kind != STREAM_WEBSOCKET)
		return;
	struct payload *p = frame_websocket(&confirmed, c, name);
	stream_send(li->stream, p);
	payload_unref(&p);
}

void live_complain(struct listener *li, err e) {
	if (li->kind != STREAM_WEBSOCKET)
		return;
	BUF_AUTO text = {0};
	buf_lit(&text, "{\"error\":");
	buf_json_string(&text, str_of(e->text));
	buf_printf(&text, ",\"status\":%d}", err_http_status(e->code));
	struct payload *p = stream_frame_websocket(buf_str(&text));
	stream_send(li->stream, p);
	payload_unref(&p);
}

void live_close(struct live *l, struct listener *li) {
	pthread_mutex_lock(&l->lock);
	unlink_listener(l, li);
	stream_close(li->stream);
	pthread_mutex_unlock(&l->lock);
}

/* ── speaking ── */

void live_event_free(struct live_event *e) {
	payload_unref(&e->sse);
	for (int i = 0; i < CHANNELS; i++)
		payload_unref(&e->websocket[i]);
}

static void hear(const struct hearing *h, struct live_event *e) {
	enum channel c = (enum channel)h->topic->id.channel;
	if (h->listener->kind == STREAM_SSE) {
		if (!e->sse)
			e->sse = stream_frame_sse(e->type, e->data.n ? e->data : S("{}"));
		stream_send(h->listener->stream, e->sse);
		return;
	}
	if (h->name.n) {
		struct payload *own = frame_websocket(e, c, h->name);
		stream_send(h->listener->stream, own);
		payload_unref(&own);
		return;
	}
	if (!e->websocket[c])
		e->websocket[c] = frame_websocket(e, c, STR_NONE);
	stream_send(h->listener->stream, e->websocket[c]);
}

static int by_id(const void *a, const void *b) {
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static struct live_topic topic_copy(struct arena *a, const struct topic *t) {
	VEC(int64_t) accounts = {0};
	struct hearing *h;
	LIST_FOREACH (h, &t->hearings, of_topic)
		vec_push(a, &accounts, h->listener->session.account_id);
	qsort(accounts.v, accounts.n, sizeof *accounts.v, by_id);
	size_t n = 0;
	for (size_t i = 0; i < accounts.n; i++)
		if (!n || accounts.v[n - 1] != accounts.v[i])
			accounts.v[n++] = accounts.v[i];
	return (struct live_topic){(enum channel)t->id.channel, t->id.key, accounts.v, n};
}

void live_topics(struct live *l, struct arena *a, enum channel c, int64_t key, struct live_topic **out, size_t *n) {
	VEC(struct live_topic) found = {0};
	pthread_mutex_lock(&l->lock);
	struct topic *t, *next;
	if (key >= 0) {
		t = topic_find(l, c, key);
		if (t)
			vec_push(a, &found, topic_copy(a, t));
	} else {
		HASH_ITER (hh, l->topics, t, next)
			if (t->id.channel == c)
				vec_push(a, &found, topic_copy(a, t));
	}
	pthread_mutex_unlock(&l->lock);
	*out = found.v;
	*n = found.n;
}

void live_send(struct live *l, enum channel c, int64_t key, struct live_event *e) {
	pthread_mutex_lock(&l->lock);
	struct topic *t = topic_find(l, c, key);
	struct hearing *h;
	if (t)
		LIST_FOREACH (h, &t->hearings, of_topic)
			hear(h, e);
	pthread_mutex_unlock(&l->lock);
}

void live_send_account(struct live *l, int64_t account, enum channel c, int64_t key, struct live_event *e) {
	pthread_mutex_lock(&l->lock);
	struct account *a = account_find(l, account);
	struct listener *li;
	struct hearing *h;
	if (a)
		LIST_FOREACH (li, &a->listeners, of_account)
			LIST_FOREACH (h, &li->hearings, of_listener)
				if (h->topic->id.channel == c && h->topic->id.key == key)
					hear(h, e);
	pthread_mutex_unlock(&l->lock);
}

bool live_listens(struct live *l, int64_t account) {
	pthread_mutex_lock(&l->lock);
	bool any = account_find(l, account) != NULL;
	pthread_mutex_unlock(&l->lock);
	return any;
}

/* ── what the journal tells ── */

/* token 0: all of the account. */
static void close_all(struct live *l, int64_t account, int64_t token) {
	pthread_mutex_lock(&l->lock);
	struct account *a = account_find(l, account);
	struct listener *li = a ? LIST_FIRST(&a->listeners) : NULL, *next;
	for (; li; li = next) {
		next = LIST_NEXT(li, of_account); /* the account itself goes with its last listener */
		if (token && li->session.token_id != token)
			continue;
		unlink_listener(l, li);
		if (li->stream)
			stream_close(li->stream);
	}
	pthread_mutex_unlock(&l->lock);
}

static bool may_listen(struct db *db, int64_t account) {
	struct arena *a = arena_new();
	struct member_row member;
	int64_t flags;
	bool found, ours;
	bool may = !store_account_flags(db, account, &flags, &found) && found && !(flags & ACCOUNT_GONE) &&
	           !store_member_by_id(a, db, account, &member, &ours) && ours && !(member.flags & MEMBER_DISABLED);
	arena_free(&a);
	return may;
}

void live_close_all(struct live *l) {
	struct account *a;
	do {
		pthread_mutex_lock(&l->lock);
		a = l->accounts;
		int64_t id = a ? a->id : 0;
		pthread_mutex_unlock(&l->lock);
		if (a)
			close_all(l, id, 0);
	} while (a);
}

void live_revoke(void *live, struct db *db, const struct journal_entry *e) {
	struct live *l = live;
	if (!e) {
		live_close_all(l); /* entries were missed */
		return;
	}
	int64_t account = e->kind == J_MODERATED ? e->b : e->a;
	switch (e->kind) {
	case J_TOKEN_REVOKED: close_all(l, account, e->b); break;
	case J_ACCOUNT_DELETED: close_all(l, account, 0); break;
	case J_MODERATED:
	case J_MEMBER_CHANGED:
	case J_ACCOUNT_CHANGED:
		if (live_listens(l, account) && !may_listen(db, account))
			close_all(l, account, 0);
		break;
	default: break;
	}
}

void live_follow(void *live, struct db *db, const struct journal_entry *e) {
	struct live *l = live;
	(void)db;
	pthread_mutex_lock(&l->lock);
	const bool heard = l->topics != NULL;
	pthread_mutex_unlock(&l->lock);
	if (!e || !heard)
		return;
	struct live_work *w = xcalloc(1, sizeof *w);
	w->entry = *e;
	put_work(l, w);
}

bool live_next(struct live *l, bool wait, struct live_work **out) {
	pthread_mutex_lock(&l->lock);
	while (wait && !l->first && !l->ended)
		pthread_cond_wait(&l->work_came, &l->lock);
	bool ended = l->ended;
	*out = ended ? NULL : l->first;
	if (*out) {
		l->first = (*out)->next;
		if (!l->first)
			l->last = &l->first;
		l->work_count--;
	}
	pthread_mutex_unlock(&l->lock);
	return !ended;
}

void live_work_free(struct live *l, struct live_work **w) {
	if ((*w)->listener)
		listener_unref((*w)->listener);
	free(*w);
	*w = NULL;
}

void live_end(struct live *l) {
	pthread_mutex_lock(&l->lock);
	l->ended = true;
	pthread_cond_broadcast(&l->work_came);
	pthread_mutex_unlock(&l->lock);
}
