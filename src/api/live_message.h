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
/* Checks that the session's scopes and the list's owner allow it. The ctx's db is used for lists. */
err live_find_place(struct ctx *c, const struct session *s, enum channel channel, struct str tag, struct str list, struct live_place *out);

/* {"type": "subscribe"|"unsubscribe", "stream": …, "tag": …, "list": …}; complaints go to the client. On the hub's thread. */
void live_message(struct live *l, struct listener *li, struct ctx *c, struct str text);

#endif
