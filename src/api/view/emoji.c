#include "api/view/emoji.h"

#include "api/view/media.h"
#include "core/text.h"

void view_emoji(struct buf *out, const struct site *site, const struct emoji *e) {
	buf_lit(out, "{\"shortcode\":");
	buf_json_string(out, e->shortcode);
	buf_lit(out, ",\"url\":\"");
	view_media_url(out, site, e->key);
	buf_lit(out, "\",\"static_url\":\"");
	view_media_url(out, site, e->key);
	buf_lit(out, "\",\"visible_in_picker\":");
	buf_put(out, e->visible ? S("true") : S("false"));
	buf_lit(out, ",\"category\":");
	if (e->category.n)
		buf_json_string(out, e->category);
	else
		buf_lit(out, "null");
	buf_byte(out, '}');
}

static bool among(struct str name, const struct str *before, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (str_eq(before[i], name))
			return true;
	return false;
}

err view_emojis_in(struct arena *a, struct db *db, struct buf *out, const struct site *site, const struct str *texts, size_t n) {
	struct str done[32];
	size_t done_n = 0;
	buf_byte(out, '[');
	for (size_t t = 0; t < n; t++) {
		struct str *names;
		size_t name_n;
		if (str_chr(texts[t], ':') < 0)
			continue;
		text_shortcodes(a, texts[t], &names, &name_n);
		for (size_t i = 0; i < name_n && done_n < sizeof done / sizeof *done; i++) {
			struct emoji e;
			bool found;
			if (among(names[i], done, done_n))
				continue;
			TRY(store_emoji_by_shortcode(a, db, names[i], &e, &found));
			if (!found)
				continue;
			if (done_n)
				buf_byte(out, ',');
			done[done_n++] = names[i];
			view_emoji(out, site, &e);
		}
	}
	buf_byte(out, ']');
	return NULL;
}
