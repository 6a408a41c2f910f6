#include "api/view/media.h"

#include "core/film.h"

void view_media_url(struct buf *out, const struct site *site, struct str key) {
	buf_put(out, site->base_url);
	buf_lit(out, "/media/");
	buf_put(out, key);
}

/* Of what is behind BASE/media/; null where that is empty. */
static void put_url(struct buf *out, const struct site *site, const struct buf *address) {
	if (!address->n) {
		buf_lit(out, "null");
		return;
	}
	buf_byte(out, '"');
	view_media_url(out, site, buf_str(address));
	buf_byte(out, '"');
}

static void put_urls(struct buf *out, const struct site *site, const struct media *m) {
	BUF_AUTO address = {0};
	BUF_AUTO preview = {0};
	media_address(&address, m);
	media_preview_address(&preview, m);
	buf_lit(out, "\"url\":");
	put_url(out, site, &address);
	buf_lit(out, ",\"preview_url\":");
	put_url(out, site, &preview);
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

/* ── what Mastodon has for films ── */

static double pace(const struct media *m) {
	struct str text = str_of(m->rate), first = str_cut(&text, '/');
	int64_t a, b;
	return str_i64(first, &a) && str_i64(text, &b) && b > 0 ? (double)a / (double)b : 0;
}

static void put_length(struct buf *out, double seconds) {
	int64_t hundredths = (int64_t)(seconds * 100 + 0.5), s = hundredths / 100;
	buf_printf(out, "\"length\":\"%lld:%02lld:%02lld.%02lld\",\"duration\":%.3f", (long long)(s / 3600), (long long)(s / 60 % 60),
	           (long long)(s % 60), (long long)(hundredths % 100), seconds);
}

static int64_t bitrate(const struct media *m) { return m->rendition_count ? m->renditions[m->rendition_count - 1].average : 0; }

static void put_film_meta(struct buf *out, const struct media *m) {
	/* Nobody has looked inside yet. */
	if (m->seconds <= 0) {
		buf_lit(out, "null");
		return;
	}
	buf_byte(out, '{');
	put_length(out, m->seconds);
	if (m->kind != MEDIA_AUDIO) {
		buf_printf(out, ",\"fps\":%.0f,\"size\":\"%dx%d\",\"width\":%d,\"height\":%d,\"aspect\":%.6f", pace(m), m->width, m->height,
		           m->width, m->height, m->height ? (double)m->width / m->height : 0.0);
		buf_printf(out, ",\"original\":{\"width\":%d,\"height\":%d,\"frame_rate\":\"%s\",\"duration\":%.3f,\"bitrate\":%lld}",
		           m->width, m->height, m->rate, m->seconds, (long long)bitrate(m));
	} else {
		buf_printf(out, ",\"original\":{\"duration\":%.3f,\"bitrate\":%lld}", m->seconds, (long long)bitrate(m));
	}
	if (m->has & MEDIA_HAS_POSTER) {
		buf_lit(out, ",\"small\":");
		put_size(out, m->small_width, m->small_height);
	}
	buf_printf(out, ",\"focus\":{\"x\":%.4f,\"y\":%.4f}}", m->focus_x, m->focus_y);
}

static void put_picture_meta(struct buf *out, const struct media *m) {
	buf_lit(out, "{\"original\":");
	put_size(out, m->width, m->height);
	buf_lit(out, ",\"small\":");
	put_size(out, m->small_width, m->small_height);
	buf_printf(out, ",\"focus\":{\"x\":%.4f,\"y\":%.4f}}", m->focus_x, m->focus_y);
}

/* ── what we have besides ── */

static void put_file_url(struct buf *out, const struct site *site, const struct media *m, const char *name, bool there) {
	BUF_AUTO address = {0};
	if (there)
		buf_printf(&address, "%.*s/%s", S_ARG(media_stem(m->key)), name);
	put_url(out, site, &address);
}

static void put_captions(struct buf *out, const struct site *site, const struct media *m) {
	for (size_t i = 0; i < m->caption_count; i++) {
		BUF_AUTO name = {0};
		buf_put(out, i ? S(",{\"language\":") : S("{\"language\":"));
		buf_json_string(out, m->captions[i].language);
		buf_lit(out, ",\"label\":");
		buf_json_string(out, m->captions[i].label);
		buf_lit(out, ",\"url\":");
		buf_printf(&name, "captions-%.*s.vtt%c", S_ARG(m->captions[i].language), 0);
		put_file_url(out, site, m, name.p, true);
		buf_byte(out, '}');
	}
}

/* "processing":…,"error":… */
static void put_progress(struct buf *out, const struct media *m) {
	buf_lit(out, "\"processing\":");
	if (m->state == MEDIA_WAITING || m->state == MEDIA_WORKING) {
		buf_lit(out, "{\"stage\":");
		buf_json_string(out, m->stage);
		buf_printf(out, ",\"percent\":%d}", m->percent);
	} else {
		buf_lit(out, "null");
	}
	buf_lit(out, ",\"error\":");
	put_text_or_null(out, m->error);
}

static void put_one_size(struct buf *out, const struct site *site, struct str address, struct str type, int width, int height) {
	buf_printf(out, "{\"width\":%d,\"height\":%d,\"type\":\"%.*s\",\"url\":\"", width, height, S_ARG(type));
	view_media_url(out, site, address);
	buf_lit(out, "\"}");
}

/* The picture itself, then its sizes. */
static void put_sizes(struct buf *out, const struct site *site, const struct media *m) {
	put_one_size(out, site, m->key, m->type, m->width, m->height);
	for (size_t i = 0; i < m->size_count; i++) {
		BUF_AUTO address = {0};
		media_file_address(&address, m->key, m->sizes[i].name);
		buf_byte(out, ',');
		put_one_size(out, site, buf_str(&address), media_size_type(&m->sizes[i]), m->sizes[i].width, m->sizes[i].height);
	}
}

static void put_freehold(struct buf *out, const struct site *site, const struct media *m) {
	buf_lit(out, "{\"hls\":");
	put_file_url(out, site, m, "hls.m3u8", m->rendition_count > 0);
	buf_lit(out, ",\"poster\":");
	put_file_url(out, site, m, "poster.webp", m->has & MEDIA_HAS_POSTER);
	buf_lit(out, ",\"storyboard\":");
	put_file_url(out, site, m, "storyboard.vtt", m->has & MEDIA_HAS_STORYBOARD);
	buf_lit(out, ",\"captions\":[");
	put_captions(out, site, m);
	buf_lit(out, "],");
	put_progress(out, m);
	buf_lit(out, ",\"sizes\":[");
	if (!media_is_film(m->kind))
		put_sizes(out, site, m);
	buf_lit(out, "]}");
}

void view_media_progress(struct buf *out, const struct media *m) {
	buf_printf(out, "{\"id\":\"%lld\",", (long long)m->id);
	put_progress(out, m);
	buf_byte(out, '}');
}

static const char *type_of(const struct media *m) {
	switch (m->kind) {
	case MEDIA_VIDEO: return "video";
	case MEDIA_GIFV: return "gifv";
	case MEDIA_AUDIO: return "audio";
	default: return "image";
	}
}

void view_media_attachment(struct buf *out, const struct site *site, const struct media *m) {
	bool film = media_is_film(m->kind);
	buf_printf(out, "{\"id\":\"%lld\",\"type\":\"%s\",", (long long)m->id, type_of(m));
	put_urls(out, site, m);
	buf_lit(out, ",\"remote_url\":null,\"preview_remote_url\":null,\"text_url\":null,\"meta\":");
	(film ? put_film_meta : put_picture_meta)(out, m);
	buf_lit(out, ",\"description\":");
	put_text_or_null(out, m->description);
	buf_lit(out, ",\"blurhash\":");
	put_text_or_null(out, str_of(m->blurhash));
	buf_lit(out, ",\"freehold\":");
	if (film || m->size_count)
		put_freehold(out, site, m);
	else
		buf_lit(out, "null");
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
