/* Opening live streams: server-sent events at one address per channel, and the WebSocket that carries any number of them. */
#include "api/routes.h"

#include "api/live_message.h"
#include "core/site.h"
#include "store/account.h"
#include "store/member.h"
#include "store/token.h"

enum handled api_streaming_health(struct rq *rq) {
	buf_lit(rq_out(rq), "OK");
	rq->x->reply.status = 200;
	rq->x->reply.type = "text/plain; charset=utf-8";
	return DONE;
}

/* Browsers' EventSource and WebSocket cannot send an Authorization header: the token may stand in the query, or be the WebSocket's
 * subprotocol. */
static err find_session(struct rq *rq, struct str *subprotocol) {
	struct str secret = param(rq, "access_token"), offered = rq_header(rq, S("Sec-WebSocket-Protocol"));
	struct str first = str_trim(str_cut(&offered, ','));
	*subprotocol = first;
	if (rq->session.token_id && rq->session.kind != TOKEN_SESSION)
		return NULL;
	if (str_empty(secret))
		secret = first;
	if (secret.n) {
		TRY(session_find(rq->gate, &rq->c, secret, &rq->session));
		if (rq->session.kind == TOKEN_SESSION)
			rq->session = (struct session){0};
	}
	if (!rq->session.token_id)
		return err_plain(ERR_UNAUTHORIZED);
	rq->c.viewer = rq->session.account_id;
	return NULL;
}

/* A cookie goes along from any page; the Origin says from which (RFC 6455 §10.2). */
static err check_origin(struct rq *rq) {
	struct str origin = rq_header(rq, S("Origin"));
	if (rq->session.kind != TOKEN_SESSION || str_eq(origin, rq->c.site->base_url))
		return NULL;
	struct str host = rq_header(rq, S("Host"));
	struct str same = arena_printf(rq->c.arena, "%s://%.*s", rq->x->secure ? "https" : "http", S_ARG(host));
	return str_eq(origin, same) ? NULL : err_public(ERR_FORBIDDEN, "A browser session cannot be used from another site");
}

/* The session was read before the listener stood in the hub's books: what was revoked between would go unnoticed. */
static void recheck(struct rq *rq, struct listener *li) {
	const struct session *s = listener_session(li);
	struct session_row now;
	bool found;
	db_rest(rq->c.db);
	err e = store_session_by_hash(rq->c.db, str_mem(s->hash, sizeof s->hash), &now, &found);
	if (e || !found || (now.account_flags & ACCOUNT_GONE) || (now.member_flags & MEMBER_DISABLED))
		live_close(rq->c.site->live, li);
}

static err asked_place(struct rq *rq, enum channel channel, struct live_place *out) {
	const struct live_asked asked = {param(rq, "tag"), param(rq, "status"), param(rq, "list")};
	return live_find_place(&rq->c, &rq->session, channel, &asked, out);
}

static enum handled open_stream(struct rq *rq, enum stream_kind kind, struct str subprotocol, const struct live_place *place) {
	struct live *live = rq->c.site->live;
	struct listener *li;
	TRY_RQ(rq, live_open(live, rq->x, kind, subprotocol, &rq->session, &li));
	if (place)
		live_hear(live, li, place->channel, place->key, place->name);
	recheck(rq, li);
	return DONE;
}

static enum handled open_sse(struct rq *rq, enum channel channel) {
	struct str subprotocol;
	struct live_place place;
	TRY_RQ(rq, find_session(rq, &subprotocol));
	TRY_RQ(rq, asked_place(rq, channel, &place));
	return open_stream(rq, STREAM_SSE, STR_NONE, &place);
}

/* "?only_media=true" on the public streams is a channel of its own. */
static enum handled open_public(struct rq *rq, enum channel all, enum channel media) {
	bool only_media;
	TRY_RQ(rq, param_bool(rq, "only_media", false, &only_media));
	return open_sse(rq, only_media ? media : all);
}

enum handled api_streaming_user(struct rq *rq) { return open_sse(rq, CHANNEL_USER); }
enum handled api_streaming_user_notification(struct rq *rq) { return open_sse(rq, CHANNEL_USER_NOTIFICATION); }
enum handled api_streaming_public(struct rq *rq) { return open_public(rq, CHANNEL_PUBLIC, CHANNEL_PUBLIC_MEDIA); }
enum handled api_streaming_public_local(struct rq *rq) { return open_public(rq, CHANNEL_LOCAL, CHANNEL_LOCAL_MEDIA); }
enum handled api_streaming_public_remote(struct rq *rq) { return open_public(rq, CHANNEL_REMOTE, CHANNEL_REMOTE_MEDIA); }
enum handled api_streaming_hashtag(struct rq *rq) { return open_sse(rq, CHANNEL_HASHTAG); }
enum handled api_streaming_hashtag_local(struct rq *rq) { return open_sse(rq, CHANNEL_HASHTAG_LOCAL); }
enum handled api_streaming_list(struct rq *rq) { return open_sse(rq, CHANNEL_LIST); }
enum handled api_streaming_direct(struct rq *rq) { return open_sse(rq, CHANNEL_DIRECT); }

/* The WebSocket; with "?stream=" it hears that channel from the start. Asked for plainly, the same address streams events. */
enum handled api_streaming(struct rq *rq) {
	struct str subprotocol, word = param(rq, "stream");
	struct live_place place;
	enum channel channel;
	if (word.n && !channel_parse(word, &channel))
		return reply_err(rq, err_public(ERR_BAD_REQUEST, "Unknown stream type"));
	if (str_empty(rq_header(rq, S("Upgrade"))))
		return word.n ? open_sse(rq, channel)
		              : reply_err(rq, err_public(ERR_BAD_REQUEST, "Say which stream, or ask for a WebSocket"));
	TRY_RQ(rq, find_session(rq, &subprotocol));
	TRY_RQ(rq, check_origin(rq));
	TRY_RQ(rq, session_may(&rq->session, USER, 0));
	if (word.n)
		TRY_RQ(rq, asked_place(rq, channel, &place));
	return open_stream(rq, STREAM_WEBSOCKET, subprotocol, word.n ? &place : NULL);
}
