#include "api/view/media.h"

#include "core/media.h"

void view_media_url(struct buf *out, const struct site *site, struct str key) {
	buf_put(out, site->base_url);
	buf_lit(out, "/media/");
	buf_put(out, key);
}

static void put_preview_url(struct buf *out, const struct site *site, const struct media *m) {
	if (!m->has_preview) {
		view_media_url(out, site, m->key);
		return;
	}
	buf_put(out, site->base_url);
	buf_lit(out, "/media/");
	media_preview_name(out, m->key);
}

static void put_size(struct buf *out, int width, int height) {
	buf_printf(out, "{\"width\":%d,\"height\":%d,\"size\":\"%dx%d\",\"aspect\":%.6f}", width, height, width, height,
	           height ? (double)width / height : 0.0);
}

static void put_text_or_null(struct buf *out, struct str s) {
	if (s.n)
		buf_json_string(out, s);
	else
		buf_lit(out, "null");
}

void view_media_attachment(struct buf *out, const struct site *site, const struct media *m) {
	buf_printf(out, "{\"id\":\"%lld\",\"type\":\"image\",\"url\":\"", (long long)m->id);
	view_media_url(out, site, m->key);
	buf_lit(out, "\",\"preview_url\":\"");
	put_preview_url(out, site, m);
	buf_lit(out, "\",\"remote_url\":null,\"preview_remote_url\":null,\"text_url\":null,\"meta\":{\"original\":");
	put_size(out, m->width, m->height);
	buf_lit(out, ",\"small\":");
	put_size(out, m->small_width, m->small_height);
	buf_printf(out, ",\"focus\":{\"x\":%.4f,\"y\":%.4f}},\"description\":", m->focus_x, m->focus_y);
	put_text_or_null(out, m->description);
	buf_lit(out, ",\"blurhash\":");
	put_text_or_null(out, str_of(m->blurhash));
	buf_byte(out, '}');
}

void view_media_attachments(struct buf *out, const struct site *site, const struct media *all, size_t n) {
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		view_media_attachment(out, site, &all[i]);
	}
	buf_byte(out, ']');
}
