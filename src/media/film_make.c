#include "base/buf.h"
#include "base/must.h"
#include "media/film_parts.h"

#include <math.h>

enum {
	KEY_SECONDS = 4,
	POSTER_WIDTH = 1280,
	POSTER_HEIGHT = 720,
	TILES_A_ROW = 15,
	SPARE_MIB = 64,
};

/* What a rendition may cost, by its short side: bits a second at its busiest, at 30 pictures a second. */
static const struct { int side, kbits; } costs[] = {{360, 800}, {480, 1400}, {720, 2800}, {1080, 5000}};
enum { COSTS = sizeof costs / sizeof *costs };

/* ── which renditions ── */

static int short_side(const struct film *film) { return film->width < film->height ? film->width : film->height; }

static int even(double v) { return (int)(v / 2 + 0.5) * 2; }

static struct film_rung rung_of(const struct film *film, int side) {
	double scale = (double)side / short_side(film);
	struct film_rung r = {.name = side, .width = even(film->width * scale), .height = even(film->height * scale)};
	if (r.width < 2)
		r.width = 2;
	if (r.height < 2)
		r.height = 2;
	return r;
}

size_t film_rungs(const struct film *film, bool keep, struct film_rung out[FILM_RUNGS]) {
	size_t n = 0;
	int side = short_side(film);
	for (size_t i = 0; i < COSTS; i++)
		if (costs[i].side < side || (costs[i].side == side && !keep))
			out[n++] = rung_of(film, costs[i].side);
	if (keep)
		out[n++] = (struct film_rung){side, film->width, film->height, true};
	else if (!n)
		out[n++] = rung_of(film, side / 2 * 2);
	return n;
}

/* ── the command ── */

static double rate_of(const struct film *film) { return (double)film->rate / (double)film->per; }

static int kbits_of(const struct film *film, const struct film_rung *r) {
	size_t i = 0;
	while (i + 1 < COSTS && costs[i].side < r->name)
		i++;
	return (int)(costs[i].kbits * (rate_of(film) > 35 ? 1.5 : 1.0));
}

static int64_t output_mib(const struct film *film, const struct film_order *o) {
	int most = 400;
	for (size_t i = 0; i < o->n; i++)
		if (kbits_of(film, &o->rungs[i]) > most)
			most = kbits_of(film, &o->rungs[i]);
	return (int64_t)(film->seconds * most * 2 / 8 / 1024) + SPARE_MIB;
}

static void put_source(struct words *w, const struct films *f, const struct film_place *at, const struct film *film) {
	words_lit(w, "-nostdin -hide_banner -v error -y -progress pipe:1 -stats_period 1 -protocol_whitelist file -threads");
	words_printf(w, "%d", f->threads);
	word(w, "-filter_complex_threads");
	words_printf(w, "%d", f->threads);
	word(w, "-max_pixels");
	words_printf(w, "%lld", (long long)f->pixels);
	/* Whatever length it claims. */
	word(w, "-t");
	words_printf(w, "%.3f", film->seconds + 2);
	word(w, "-f");
	word(w, film->demuxer);
	word(w, "-i");
	words_printf(w, "file:%s", film_source_seen(f, at));
}

/* Nothing of what the file says about itself goes on, nor what encoded it. */
static void put_bare(struct words *w) {
	words_lit(
	    w, "-metadata:s encoder=- -map_metadata -1 -map_chapters -1 -dn -sn -fflags +bitexact -flags:v +bitexact -flags:a +bitexact");
}

static void put_fragments(struct words *w, const struct films *f, const struct film_place *at, const struct film_rung *r) {
	if (r) {
		words_lit(w, "-movflags +frag_keyframe+delay_moov+default_base_moof+skip_trailer -f mp4");
		words_printf(w, "file:%s/%d.mp4", film_folder_seen(f, at), r->name);
	} else {
		words_lit(w, "-movflags +delay_moov+default_base_moof+skip_trailer -frag_duration 4000000 -f mp4");
		words_printf(w, "file:%s/audio.mp4", film_folder_seen(f, at));
	}
}

/* first_pts: sound that begins late begins with silence. */
static void put_sound(struct words *w, const struct film *film) {
	if (film->sound < 0)
		return;
	word(w, "-map");
	words_printf(w, "0:%d", film->sound);
	words_lit(w, "-c:a aac -b:a 128k -ac 2 -ar 48000 -af aresample=async=1:first_pts=0");
}

/* ── pictures: one decoder, its pictures passed from the largest rendition to the smallest ── */

static const char to_sdr[] = ",zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv";

static void put_head(struct buf *g, const struct film *film, const struct film_order *o) {
	buf_printf(g, "[0:%d]", film->film);
	if (film->interlaced)
		buf_lit(g, "yadif=deint=interlaced,");
	if (!o->keys)
		buf_printf(g, "fps=%lld/%lld,", (long long)film->rate, (long long)film->per);
}

static void put_scale(struct buf *g, const struct film *film, int width, int height, bool first) {
	buf_printf(g, "scale=%d:%d,setsar=1%s,format=yuv420p", width, height, film->hdr && first ? to_sdr : "");
}

static void put_poster(struct buf *g, const struct film *film) {
	double at = film->seconds * 0.1 < 3 ? film->seconds * 0.1 : 3;
	double scale = fmin(1, fmin((double)POSTER_WIDTH / film->width, (double)POSTER_HEIGHT / film->height));
	buf_printf(g, "select='gte(t,%.3f)',", at);
	put_scale(g, film, (int)fmax(2, even(film->width * scale)), (int)fmax(2, even(film->height * scale)), true);
	buf_lit(g, "[poster]");
}

static void put_storyboard(struct buf *g, const struct film *film) {
	struct film_tiles t = film_tiles(film);
	buf_printf(g, "fps=1/%.3f,scale=%d:%d,tile=%dx%d[story]", t.every, t.width, t.height, t.columns, t.rows);
}

static const char *graph_of(struct arena *a, const struct film *film, const struct film_order *o) {
	BUF_AUTO g = {0};
	put_head(&g, film, o);
	if (o->poster) {
		buf_lit(&g, "split=2[in][p];[p]");
		put_poster(&g, film);
		buf_lit(&g, ";[in]");
	}
	for (size_t i = o->n; i-- > 0;) {
		put_scale(&g, film, o->rungs[i].width, o->rungs[i].height, i + 1 == o->n);
		if (i)
			buf_printf(&g, ",split=2[v%zu][r%zu];[r%zu]", i, i, i);
		else if (o->storyboard)
			buf_lit(&g, ",split=2[v0][s];[s]");
		else
			buf_lit(&g, "[v0]");
	}
	if (o->storyboard) {
		if (!o->n && film->hdr) {
			put_scale(&g, film, film_tiles(film).width, film_tiles(film).height, true);
			buf_byte(&g, ',');
		}
		put_storyboard(&g, film);
	}
	return arena_str(a, buf_str(&g)).p;
}

static void put_keys(struct words *w, const struct film *film, const struct film_order *o) {
	BUF_AUTO keys = {0};
	if (!o->keys) {
		int64_t pictures = (int64_t)(KEY_SECONDS * film->rate / film->per);
		word(w, "-g");
		words_printf(w, "%lld", (long long)pictures);
		word(w, "-keyint_min");
		words_printf(w, "%lld", (long long)pictures);
		return;
	}
	/* The first picture at or after each; a little early, against rounding. */
	for (size_t i = 0; i < o->key_count; i++)
		buf_printf(&keys, "%s%.3f", i ? "," : "", o->keys[i] > 0.002 ? o->keys[i] - 0.002 : 0.0);
	words_lit(w, "-g 100000 -fps_mode passthrough -force_key_frames");
	word(w, arena_str(w->a, buf_str(&keys)).p);
}

static void put_codec(struct words *w, const struct films *f, const struct film *film, const struct film_rung *r) {
	int kbits = kbits_of(film, r);
	if (f->av1) {
		words_lit(w, "-c:v libsvtav1 -preset 8 -crf 36 -svtav1-params scd=0:irefresh-type=2");
		return;
	}
	words_lit(w, "-c:v libx264 -profile:v high -crf 23 -sc_threshold 0 -bsf:v filter_units=remove_types=6 -preset");
	word(w, f->preset);
	words_lit(w, "-maxrate");
	words_printf(w, "%dk", kbits);
	word(w, "-bufsize");
	words_printf(w, "%dk", kbits * 2);
}

static void put_picture(struct words *w, const struct films *f, const struct film_place *at, const char *name, int quality) {
	word(w, "-map");
	words_printf(w, "[%s]", name);
	words_lit(w, "-frames:v 1 -c:v libwebp -compression_level 2 -quality");
	words_printf(w, "%d", quality);
	put_bare(w);
	words_lit(w, "-f image2 -update 1");
	words_printf(w, "file:%s/%s.webp", film_folder_seen(f, at), strcmp(name, "story") == 0 ? "storyboard" : name);
}

err film_make(struct arena *a, struct films *f, const struct film_place *at, const struct film *film, const struct film_order *o) {
	struct words w = {.a = a};
	put_source(&w, f, at, film);
	if (film->film < 0) {
		put_sound(&w, film);
		put_bare(&w);
		put_fragments(&w, f, at, NULL);
		return film_run(&w, f, at, "ffmpeg", output_mib(film, o), o, NULL);
	}
	must(o->n <= FILM_RUNGS && (o->n || (o->poster && o->storyboard)));
	word(&w, "-filter_complex");
	word(&w, graph_of(a, film, o));
	for (size_t i = 0; i < o->n; i++) {
		word(&w, "-map");
		words_printf(&w, "[v%zu]", i);
		put_codec(&w, f, film, &o->rungs[i]);
		put_keys(&w, film, o);
		put_sound(&w, film);
		put_bare(&w);
		put_fragments(&w, f, at, &o->rungs[i]);
	}
	if (o->poster)
		put_picture(&w, f, at, "poster", 92);
	if (o->storyboard)
		put_picture(&w, f, at, "story", 85);
	return film_run(&w, f, at, "ffmpeg", output_mib(film, o), o, NULL);
}

err film_keep_own(struct arena *a, struct films *f, const struct film_place *at, const struct film *film, const struct film_rung *rung) {
	struct words w = {.a = a};
	put_source(&w, f, at, film);
	word(&w, "-map");
	words_printf(&w, "0:%d", film->film);
	words_lit(&w, "-c:v copy -bsf:v filter_units=remove_types=6");
	put_sound(&w, film);
	put_bare(&w);
	put_fragments(&w, f, at, rung);
	return film_run(&w, f, at, "ffmpeg", (f->size >> 20) + SPARE_MIB, NULL, NULL);
}

err film_lay(struct arena *a, struct films *f, const struct film_place *at, const char *from, const char *to) {
	struct words w = {.a = a};
	words_lit(&w, "-nostdin -hide_banner -v error -y -protocol_whitelist file -f mov -i");
	words_printf(&w, "file:%s/%s", film_folder_seen(f, at), from);
	words_lit(&w, "-map 0 -c copy");
	put_bare(&w);
	words_lit(&w, "-movflags +faststart -f mp4");
	words_printf(&w, "file:%s/%s", film_folder_seen(f, at), to);
	return film_run(&w, f, at, "ffmpeg", (f->size >> 20) + SPARE_MIB, NULL, NULL);
}

/* A new tile each second, or less often so that all of a long film fits. */
struct film_tiles film_tiles(const struct film *film) {
	struct film_tiles t = {.every = fmax(1, film->seconds / FILM_TILES)};
	t.n = (int)fmin(FILM_TILES, fmax(1, ceil(film->seconds / t.every)));
	t.columns = t.n < TILES_A_ROW ? t.n : TILES_A_ROW;
	t.rows = (t.n + t.columns - 1) / t.columns;
	double scale = (double)FILM_TILE_WIDTH / (film->width > film->height ? film->width : film->height);
	t.width = (int)fmax(2, even(film->width * scale));
	t.height = (int)fmax(2, even(film->height * scale));
	return t;
}
