#include "core/playlist.h"

#include <math.h>
#include <stdio.h>

struct str rendition_name(const struct media_rendition *r, char out[12]) {
	if (r->name)
		snprintf(out, 12, "%d", r->name);
	else
		snprintf(out, 12, "audio");
	return str_of(out);
}

/* What may stand between quotes in a playlist: no quote, no line. */
static void put_quoted(struct buf *out, struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x20 && s.p[i] != '"')
			buf_byte(out, s.p[i]);
}

static void put_subtitles(struct buf *out, const struct media_caption *c) {
	buf_lit(out, "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"");
	put_quoted(out, c->label);
	buf_lit(out, "\",LANGUAGE=\"");
	put_quoted(out, c->language);
	buf_lit(out, "\",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"captions-");
	put_quoted(out, c->language);
	buf_lit(out, ".m3u8\"\n");
}

static double rate_of(struct str text) {
	int64_t a, b;
	struct str first = str_cut(&text, '/');
	return str_i64(first, &a) && str_i64(text, &b) && b > 0 ? (double)a / (double)b : 0;
}

static void put_stream(struct buf *out, const struct media *m, const struct media_rendition *r) {
	char name[12];
	buf_printf(out, "#EXT-X-STREAM-INF:BANDWIDTH=%lld,AVERAGE-BANDWIDTH=%lld,CODECS=\"%s\"", (long long)r->peak, (long long)r->average,
	           r->codecs);
	if (r->width)
		buf_printf(out, ",RESOLUTION=%dx%d", r->width, r->height);
	if (r->width && rate_of(str_of(m->rate)) > 0)
		buf_printf(out, ",FRAME-RATE=%.3f", rate_of(str_of(m->rate)));
	if (m->caption_count)
		buf_lit(out, ",SUBTITLES=\"captions\"");
	buf_byte(out, '\n');
	buf_put(out, rendition_name(r, name));
	buf_lit(out, ".m3u8\n");
}

void playlist_master(struct buf *out, const struct media *m) {
	buf_lit(out, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
	for (size_t i = 0; i < m->caption_count; i++)
		put_subtitles(out, &m->captions[i]);
	for (size_t i = 0; i < m->rendition_count; i++)
		put_stream(out, m, &m->renditions[i]);
}

void playlist_rendition(struct buf *out, struct str name, const struct mp4_film *film) {
	double longest = 1;
	for (size_t i = 0; i < film->n; i++)
		longest = fmax(longest, film->fragments[i].seconds);
	buf_printf(out,
	           "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%d\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n"
	           "#EXT-X-MAP:URI=\"%.*s.mp4\",BYTERANGE=\"%lld@0\"\n",
	           (int)ceil(longest - 0.001), S_ARG(name), (long long)film->init);
	for (size_t i = 0; i < film->n; i++)
		buf_printf(out, "#EXTINF:%.6f,\n#EXT-X-BYTERANGE:%lld@%lld\n%.*s.mp4\n", film->fragments[i].seconds,
		           (long long)film->fragments[i].size, (long long)film->fragments[i].offset, S_ARG(name));
	buf_lit(out, "#EXT-X-ENDLIST\n");
}

void playlist_captions(struct buf *out, struct str language, double seconds) {
	buf_printf(out,
	           "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%d\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:%.3f,\ncaptions-%.*s.vtt\n"
	           "#EXT-X-ENDLIST\n",
	           (int)ceil(fmax(seconds, 1)), fmax(seconds, 1), S_ARG(language));
}

static void put_time(struct buf *out, double seconds) {
	int64_t ms = (int64_t)(seconds * 1000 + 0.5);
	buf_printf(out, "%02lld:%02lld:%02lld.%03lld", (long long)(ms / 3600000), (long long)(ms / 60000 % 60), (long long)(ms / 1000 % 60),
	           (long long)(ms % 1000));
}

void playlist_storyboard(struct buf *out, const struct storyboard *s) {
	buf_lit(out, "WEBVTT\n");
	for (int i = 0; i < s->n; i++) {
		double from = i * s->every, to = i + 1 == s->n ? fmax(s->seconds, from + 0.001) : from + s->every;
		buf_byte(out, '\n');
		put_time(out, from);
		buf_lit(out, " --> ");
		put_time(out, to);
		buf_printf(out, "\nstoryboard.webp#xywh=%d,%d,%d,%d\n", i % s->columns * s->width, i / s->columns * s->height, s->width,
		           s->height);
	}
}
