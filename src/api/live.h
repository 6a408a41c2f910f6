/* Live streams: who listens to what on this node, and how events get to them.
 *
 * A listener is one open connection (SSE or WebSocket) of one session. It hears channels; a channel with something of its own to name
 * (a hashtag, a thread, a list) is kept apart by a key. Any thread may call; nothing here blocks but on the hub's own short lock.
 *
 * What happens comes from the journal: live_follow takes each entry from the follower and leaves it to the hub's thread
 * (api/live_events.h), which decides for each receiver against current state. A revoked token, a suspension and a deleted account close
 * their streams in live_revoke, before the answer to whoever caused it. */
#ifndef API_LIVE_H
#define API_LIVE_H

#include "gate/gate.h"
#include "net/stream.h"
#include "store/tx.h"

enum channel {
#define CHANNEL(name, word, scope, needs) name,
#include "api/live.def"
#undef CHANNEL
	CHANNELS
};
enum channel_needs { CHANNEL_NEEDS_NOTHING, CHANNEL_NEEDS_TAG, CHANNEL_NEEDS_STATUS, CHANNEL_NEEDS_LIST };
int64_t channel_scope(enum channel c);
enum channel_needs channel_needs(enum channel c);
bool channel_parse(struct str word, enum channel *out);

struct live;
struct live *live_new(struct site *site);
void live_free(struct live **l);

/* ── listening ── */

enum { LIVE_PER_ACCOUNT = 64, LIVE_CHANNELS_PER_LISTENER = 128, LIVE_NAME_MAX = 256 };

struct listener;

/* Makes the exchange's reply a stream of this session. ERR_THROTTLED when the account has too many, ERR_UNAVAILABLE once the network moved.
 * The listener lives until its connection is gone; the caller may use it until it returns to the gate. */
err live_open(struct live *l, struct exchange *x, enum stream_kind kind, struct str subprotocol, const struct session *s,
              struct listener **out);
int64_t listener_account(const struct listener *l);
const struct session *listener_session(const struct listener *l);
/* name: the hashtag as asked for, or the post's or the list's id as text; key tells topics of a channel apart (live_tag_key, the thread's
 * or the list's id, 0). Hearing twice is hearing once. */
err live_hear(struct live *l, struct listener *li, enum channel c, int64_t key, struct str name);
void live_unhear(struct live *l, struct listener *li, enum channel c, int64_t key);
/* Tells a WebSocket that it hears this from here on: {"stream": …, "event": "freehold.subscribed"}. */
void live_confirm(struct listener *li, enum channel c, struct str name);
int64_t live_tag_key(struct arena *a, struct str tag);
/* An error message on a WebSocket: {"error": …, "status": …}. */
void live_complain(struct listener *li, err e);
void live_close(struct live *l, struct listener *li);
/* Everybody's: clients open them anew, where the network is then. */
void live_close_all(struct live *l);

/* ── speaking ── */

/* Something that happened: framed once per kind of connection and channel, however many hear it. data is a single line. */
struct live_event {
	struct str type, data;
	struct payload *sse, *websocket[CHANNELS];
};
void live_event_free(struct live_event *e);

/* A topic and who hears it. */
struct live_topic {
	enum channel channel;
	int64_t key;
	int64_t *accounts; /* ascending, each once */
	size_t n;
};
/* The topics of a channel that somebody hears; key -1: all of them. */
void live_topics(struct live *l, struct arena *a, enum channel c, int64_t key, struct live_topic **out, size_t *n);
/* To all who hear the topic; to those of one account. */
void live_send(struct live *l, enum channel c, int64_t key, struct live_event *e);
void live_send_account(struct live *l, int64_t account, enum channel c, int64_t key, struct live_event *e);
/* Whether the account has any listener. */
bool live_listens(struct live *l, int64_t account);

/* ── what the journal tells ── */

/* Both have the type of commit_fn. live_revoke also runs for this node's own commits. */
void live_revoke(void *live, struct db *db, const struct journal_entry *e);
void live_follow(void *live, struct db *db, const struct journal_entry *e);

/* The hub's thread takes work from here: entries, and messages of WebSockets, in order. Where there is none it waits, or *out is NULL.
 * False: the hub ends. */
struct live_work {
	struct live_work *next;
	struct journal_entry entry; /* kind JOURNAL_NONE: a message */
	struct listener *listener;
	size_t n;
	char text[];
};
bool live_next(struct live *l, bool wait, struct live_work **out);
void live_work_free(struct live *l, struct live_work **w);
void live_end(struct live *l); /* wakes the hub's thread for good */
struct site *live_site(const struct live *l);

#endif
