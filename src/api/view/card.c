#include "api/view/card.h"

static void put_text(struct buf *b, const char *name, struct str s) {
	buf_printf(b, ",\"%s\":", name);
	buf_json_string(b, s);
}

static void put_text_or_null(struct buf *b, const char *name, struct str s) {
	if (s.n)
		put_text(b, name, s);
	else
		buf_printf(b, ",\"%s\":null", name);
}

/* "2024-05-01T12:00:00+02:00": clients read it as a time, so nothing else is handed on. */
static bool is_time(struct str s) {
	static const char form[] = "0000-00-00T00:00";
	if (s.n < sizeof form - 1 || s.n > 35)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool digit = s.p[i] >= '0' && s.p[i] <= '9';
		if (i < sizeof form - 1 ? form[i] == '0' ? !digit : s.p[i] != form[i] : !digit && !strchr(":.+-Z", s.p[i]))
			return false;
	}
	return true;
}

static void put_author(struct buf *b, const struct card *k) {
	put_text(b, "author_name", k->author);
	put_text(b, "author_url", k->author_url);
	buf_lit(b, ",\"authors\":[");
	if (k->author.n) {
		buf_lit(b, "{\"name\":");
		buf_json_string(b, k->author);
		put_text(b, "url", k->author_url);
		buf_lit(b, ",\"account\":null}");
	}
	buf_byte(b, ']');
}

static void put_image(struct buf *b, const struct site *site, const struct card *k) {
	buf_printf(b, ",\"html\":\"\",\"width\":%lld,\"height\":%lld,\"image\":", (long long)k->image_width, (long long)k->image_height);
	if (k->image_key.n)
		buf_printf(b, "\"%.*s/media/remote/%.*s\"", S_ARG(site->base_url), S_ARG(k->image_key));
	else
		buf_lit(b, "null");
	put_text(b, "image_description", k->image_alt);
	buf_lit(b, ",\"embed_url\":\"\"");
	put_text_or_null(b, "blurhash", k->blurhash);
}

void view_card(struct buf *b, const struct site *site, const struct card *k) {
	buf_lit(b, "{\"url\":");
	buf_json_string(b, k->url);
	put_text(b, "title", k->title);
	put_text(b, "description", k->description);
	put_text_or_null(b, "language", k->language);
	buf_lit(b, ",\"type\":\"link\"");
	put_author(b, k);
	put_text(b, "provider_name", k->provider);
	buf_lit(b, ",\"provider_url\":\"\"");
	put_image(b, site, k);
	put_text_or_null(b, "published_at", is_time(k->published) ? k->published : STR_NONE);
	buf_byte(b, '}');
}
