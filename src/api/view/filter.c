#include "api/view/filter.h"

static const struct {
	enum filter_context bit;
	struct str text;
} contexts[] = {
    {FILTER_HOME, {"home", 4}},       {FILTER_NOTIFICATIONS, {"notifications", 13}},
    {FILTER_PUBLIC, {"public", 6}},   {FILTER_THREAD, {"thread", 6}},
    {FILTER_ACCOUNT, {"account", 7}},
};

static void put_id(struct buf *out, const char *key, int64_t id) { buf_printf(out, "\"%s\":\"%lld\"", key, (long long)id); }

static void put_context_and_expiry(struct buf *out, const struct filter *f) {
	buf_lit(out, ",\"context\":[");
	bool first = true;
	for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
		if (!(f->contexts & contexts[i].bit))
			continue;
		if (!first)
			buf_byte(out, ',');
		first = false;
		buf_json_string(out, contexts[i].text);
	}
	buf_lit(out, "],\"expires_at\":");
	if (!f->expires_at) {
		buf_lit(out, "null");
		return;
	}
	buf_byte(out, '"');
	buf_iso8601(out, f->expires_at);
	buf_byte(out, '"');
}

void view_filter_keyword(struct buf *out, const struct filter_keyword *k) {
	buf_byte(out, '{');
	put_id(out, "id", k->id);
	buf_lit(out, ",\"keyword\":");
	buf_json_string(out, k->keyword);
	buf_printf(out, ",\"whole_word\":%s}", k->whole_word ? "true" : "false");
}

void view_filter_status(struct buf *out, const struct filter_status *s) {
	buf_byte(out, '{');
	put_id(out, "id", s->id);
	buf_byte(out, ',');
	put_id(out, "status_id", s->status_id);
	buf_byte(out, '}');
}

void view_filter(struct buf *out, const struct filter *f, bool full) {
	static const char *const actions[] = {"warn", "hide", "blur"};
	buf_byte(out, '{');
	put_id(out, "id", f->id);
	buf_lit(out, ",\"title\":");
	buf_json_string(out, f->title);
	put_context_and_expiry(out, f);
	buf_printf(out, ",\"filter_action\":\"%s\"", actions[f->action]);
	if (full) {
		buf_lit(out, ",\"keywords\":[");
		for (size_t i = 0; i < f->keyword_count; i++) {
			if (i)
				buf_byte(out, ',');
			view_filter_keyword(out, &f->keywords[i]);
		}
		buf_lit(out, "],\"statuses\":[");
		for (size_t i = 0; i < f->status_count; i++) {
			if (i)
				buf_byte(out, ',');
			view_filter_status(out, &f->statuses[i]);
		}
		buf_byte(out, ']');
	}
	buf_byte(out, '}');
}

void view_filter_v1(struct buf *out, const struct filter *f, const struct filter_keyword *k) {
	buf_byte(out, '{');
	put_id(out, "id", k->id);
	buf_lit(out, ",\"phrase\":");
	buf_json_string(out, k->keyword);
	put_context_and_expiry(out, f);
	buf_printf(out, ",\"whole_word\":%s,\"irreversible\":%s}", k->whole_word ? "true" : "false",
	           f->action == FILTER_HIDE ? "true" : "false");
}
