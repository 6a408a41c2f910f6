#include "api/live_message.h"

#include "core/policy.h"
#include "store/list.h"

static err find_thread(struct ctx *c, const struct session *s, struct str status, struct live_place *out) {
	struct ctx as = *c;
	struct status found;
	int64_t id;
	as.viewer = s->account_id;
	if (!str_i64(status, &id) || id <= 0)
		return err_public(ERR_BAD_REQUEST, "Missing status");
	TRY(status_visible(&as, id, &found));
	out->key = found.thread_id;
	out->name = status;
	return NULL;
}

err live_find_place(struct ctx *c, const struct session *s, enum channel channel, const struct live_asked *asked, struct live_place *out) {
	struct list found;
	bool own = false;
	*out = (struct live_place){.channel = channel};
	TRY(session_may(s, USER, channel_scope(channel)));
	switch (channel_needs(channel)) {
	case CHANNEL_NEEDS_NOTHING: return NULL;
	case CHANNEL_NEEDS_TAG:
		if (str_empty(asked->tag) || asked->tag.n > LIVE_NAME_MAX)
			return err_public(ERR_BAD_REQUEST, "Missing tag name");
		out->key = live_tag_key(c->arena, asked->tag);
		out->name = asked->tag;
		return NULL;
	case CHANNEL_NEEDS_STATUS: return find_thread(c, s, asked->status, out);
	case CHANNEL_NEEDS_LIST:
		if (!str_i64(asked->list, &out->key) || out->key <= 0)
			return err_public(ERR_BAD_REQUEST, "Missing list");
		TRY(store_list_get(c->arena, c->db, out->key, s->account_id, &found, &own));
		out->name = asked->list;
		return own ? NULL : err_plain(ERR_NOT_FOUND);
	}
	return NULL;
}

static struct str text_of(const json_t *message, const char *key) {
	json_t *v = json_object_get(message, key);
	return json_is_string(v) ? str_mem(json_string_value(v), json_string_length(v)) : STR_NONE;
}

static err hear(struct live *l, struct listener *li, const struct live_place *place, bool confirm) {
	TRY(live_hear(l, li, place->channel, place->key, place->name));
	if (confirm)
		live_confirm(li, place->channel, place->name);
	return NULL;
}

static err take(struct live *l, struct listener *li, struct ctx *c, const json_t *message) {
	struct str type = text_of(message, "type");
	enum channel channel;
	struct live_place place;
	if (!str_eq(type, S("subscribe")) && !str_eq(type, S("unsubscribe")))
		return err_public(ERR_BAD_REQUEST, "Unknown message type");
	if (!channel_parse(text_of(message, "stream"), &channel))
		return err_public(ERR_BAD_REQUEST, "Unknown stream type");
	const struct live_asked asked = {text_of(message, "tag"), text_of(message, "status"), text_of(message, "list")};
	TRY(live_find_place(c, listener_session(li), channel, &asked, &place));
	if (str_eq(type, S("subscribe")))
		return hear(l, li, &place, json_is_true(json_object_get(message, "confirm")));
	live_unhear(l, li, channel, place.key);
	return NULL;
}

void live_message(struct live *l, struct listener *li, struct ctx *c, struct str text) {
	json_t *message = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	err e = json_is_object(message) ? take(l, li, c, message) : err_public(ERR_BAD_REQUEST, "Messages must be JSON objects");
	if (e)
		live_complain(li, e);
	json_decref(message);
}
