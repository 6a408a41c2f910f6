/* What clients ask of a stream: by the query when they connect, or by messages on a WebSocket. */
#ifndef API_LIVE_MESSAGE_H
#define API_LIVE_MESSAGE_H

#include "api/live.h"

/* Where a channel is heard: the topic's key, and what events say it is called. */
struct live_place {
	enum channel channel;
	int64_t key;
	struct str name;
};
/* What a channel may need to be told: a hashtag, the id of any post of a thread, the id of a list. Empty where it was not. */
struct live_asked {
	struct str tag, status, list;
};
/* Checks that the session's scopes allow it, that it may see the post, that the list is its own. The ctx's db is used for both. */
err live_find_place(struct ctx *c, const struct session *s, enum channel channel, const struct live_asked *asked, struct live_place *out);

/* {"type": "subscribe"|"unsubscribe", "stream": …, "tag": …, "status": …, "list": …, "confirm": true}; complaints
 * and the confirmation asked for go to the client. On the hub's thread. */
void live_message(struct live *l, struct listener *li, struct ctx *c, struct str text);

#endif
