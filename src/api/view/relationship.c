#include "api/view/relationship.h"

#include "store/follow.h"

static void put_bool(struct buf *out, const char *key, bool value) { buf_printf(out, ",\"%s\":%s", key, value ? "true" : "false"); }

static void put_languages(struct buf *out, struct str languages) {
	buf_lit(out, ",\"languages\":");
	if (str_empty(languages)) {
		buf_lit(out, "null");
		return;
	}
	char before = '[';
	while (languages.n) {
		buf_byte(out, before);
		buf_json_string(out, str_cut(&languages, ','));
		before = ',';
	}
	buf_byte(out, ']');
}

void view_relation(struct buf *out, const struct relation *r) {
	bool related = r->following || r->requested;
	buf_printf(out, "{\"id\":\"%lld\"", (long long)r->target_id);
	put_bool(out, "following", r->following);
	put_bool(out, "showing_reblogs", related && !(r->follow_flags & FOLLOW_NO_BOOSTS));
	put_bool(out, "notifying", related && (r->follow_flags & FOLLOW_NOTIFY));
	put_languages(out, r->languages);
	put_bool(out, "followed_by", r->followed_by);
	put_bool(out, "blocking", r->blocking);
	put_bool(out, "blocked_by", r->blocked_by);
	put_bool(out, "muting", r->muting);
	put_bool(out, "muting_notifications", r->muting_notifications);
	buf_lit(out, ",\"muting_expires_at\":");
	if (r->mute_expires_at) {
		buf_byte(out, '"');
		buf_iso8601(out, r->mute_expires_at);
		buf_byte(out, '"');
	} else {
		buf_lit(out, "null");
	}
	put_bool(out, "requested", r->requested);
	put_bool(out, "requested_by", r->requested_by);
	buf_lit(out, ",\"domain_blocking\":false,\"endorsed\":false,\"note\":");
	buf_json_string(out, r->note);
	buf_byte(out, '}');
}
