#include "media/film_parts.h"

#include <jansson.h>
#include <math.h>

enum {
	STREAMS_MOST = 32,
	SIDE_LEAST = 16,
	SIDE_MOST = 16384,
	ASPECT_MOST = 20,
	RATE_MOST = 300, /* slow motion of phones is 240 */
	RATE_MADE = 60,
	PROBE_MIB = 32,
};

/* ── what ffprobe said ── */

static struct str text_of(const json_t *o, const char *key) {
	const json_t *v = json_object_get(o, key);
	return str_mem(json_string_value(v), json_string_length(v));
}

/* ffprobe writes most numbers as texts. */
static double number_of(const json_t *o, const char *key) {
	const json_t *v = json_object_get(o, key);
	const char *text = json_string_value(v);
	double d = text ? strtod(text, NULL) : json_number_value(v);
	return isfinite(d) ? d : 0;
}

static bool ratio_of(const json_t *o, const char *key, char sep, int64_t *a, int64_t *b) {
	struct str rest = text_of(o, key), first = str_cut(&rest, sep);
	return str_i64(first, a) && str_i64(rest, b) && *a > 0 && *b > 0 && *a < INT32_MAX && *b < INT32_MAX;
}

static bool is_cover(const json_t *stream) {
	return json_integer_value(json_object_get(json_object_get(stream, "disposition"), "attached_pic")) != 0;
}

static const json_t *stream_of(const json_t *root, const char *type) {
	size_t i;
	json_t *stream;
	json_array_foreach(json_object_get(root, "streams"), i,
	                   stream) if (str_eq(text_of(stream, "codec_type"), str_of(type)) && !is_cover(stream) &&
	                               text_of(stream, "codec_name").n &&
	                               !str_eq(text_of(stream, "codec_name"), S("unknown"))) return stream;
	return NULL;
}

static int index_of(const json_t *stream) { return stream ? (int)json_integer_value(json_object_get(stream, "index")) : -1; }

static int turned(const json_t *stream) {
	size_t i;
	json_t *side;
	json_array_foreach(json_object_get(stream, "side_data_list"), i,
	                   side) if (json_object_get(side, "rotation")) return (int)number_of(side, "rotation");
	return 0;
}

/* ── its pictures ── */

static err check_size(const struct films *f, int64_t w, int64_t h) {
	if (w < SIDE_LEAST || h < SIDE_LEAST)
		return err_public(ERR_INVALID, "The video's pictures are too small");
	if (w > SIDE_MOST || h > SIDE_MOST || w * h > f->pixels)
		return err_public(ERR_INVALID, "The video's pictures are too large");
	if (w > h * ASPECT_MOST || h > w * ASPECT_MOST)
		return err_public(ERR_INVALID, "The video's pictures are too narrow");
	return NULL;
}

/* Upright, with square pixels. */
static err read_size(const struct films *f, const json_t *stream, struct film *out) {
	int64_t w = (int64_t)number_of(stream, "width"), h = (int64_t)number_of(stream, "height"), x, y;
	TRY(check_size(f, w, h));
	if (ratio_of(stream, "sample_aspect_ratio", ':', &x, &y) && x != y && x < y * 8 && y < x * 8)
		w = (w * x + y / 2) / y;
	bool aside = turned(stream) % 180 != 0;
	out->width = (int)(aside ? h : w);
	out->height = (int)(aside ? w : h);
	return check_size(f, out->width, out->height);
}

/* The even pace it will have: a usual one where it is near one, never more than 60. */
static err read_rate(const struct films *f, const json_t *stream, struct film *out) {
	static const int64_t usual[][2] = {{24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}, {50, 1}, {60000, 1001}, {60, 1}};
	int64_t a, b;
	if (!ratio_of(stream, "avg_frame_rate", '/', &a, &b) && !ratio_of(stream, "r_frame_rate", '/', &a, &b)) {
		a = 25;
		b = 1;
	}
	double rate = (double)a / (double)b;
	if (rate > RATE_MOST)
		return err_public(ERR_INVALID, "The video has too many pictures a second");
	if (number_of(stream, "width") * number_of(stream, "height") * rate > (double)f->rate)
		return err_public(ERR_INVALID, "The video has too many pixels a second");
	out->rate = rate > RATE_MADE ? RATE_MADE : rate < 1 ? 1 : a;
	out->per = rate > RATE_MADE || rate < 1 ? 1 : b;
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (fabs(rate * (double)usual[i][1] / (double)usual[i][0] - 1) < 0.004) {
			out->rate = usual[i][0];
			out->per = usual[i][1];
			break;
		}
	return NULL;
}

static bool among(struct str s, const char *const *list) {
	for (; *list; list++)
		if (str_eq(s, str_of(*list)))
			return true;
	return false;
}

/* Whether its own pictures can be played as they are, by everybody, at a rate of bits that suits their size. */
static bool fits(const struct films *f, const json_t *stream, const struct film *film) {
	static const char *const profiles[] = {"Constrained Baseline", "Baseline", "Main", "High", NULL};
	int64_t x = 1, y = 1, side = film->width < film->height ? film->width : film->height;
	double bits = number_of(stream, "bit_rate"), most = 3.0 * 1080 * 1920 * (double)side * (double)side / (1080.0 * 1080.0) + 400000;
	ratio_of(stream, "sample_aspect_ratio", ':', &x, &y);
	return !f->av1 && str_eq(text_of(stream, "codec_name"), S("h264")) && among(text_of(stream, "profile"), profiles) &&
	       str_eq(text_of(stream, "pix_fmt"), S("yuv420p")) && !film->interlaced && !film->hdr && x == y && turned(stream) == 0 &&
	       side <= 1080 && film->width % 2 == 0 && film->height % 2 == 0 && film->rate <= RATE_MADE * film->per && bits > 0 &&
	       bits <= most && (strcmp(film->demuxer, "mov") == 0 || strcmp(film->demuxer, "matroska") == 0);
}

static err read_film(const struct films *f, const json_t *stream, struct film *out) {
	static const char *const interlaced[] = {"tt", "bb", "tb", "bt", NULL};
	static const char *const hdr[] = {"smpte2084", "arib-std-b67", NULL};
	TRY(read_size(f, stream, out));
	TRY(read_rate(f, stream, out));
	out->interlaced = among(text_of(stream, "field_order"), interlaced);
	out->hdr = among(text_of(stream, "color_transfer"), hdr);
	out->fits = fits(f, stream, out);
	return NULL;
}

/* ── its length ── */

/* Of files that do not say: the time of the last packet. Reads all of it, decodes nothing. */
static err measure(struct arena *a, struct films *f, const struct film_place *at, struct film *out) {
	struct words w = {.a = a};
	struct str said;
	words_lit(&w, "-v error -protocol_whitelist file -show_entries packet=pts_time -of csv=p=0 -f");
	word(&w, out->demuxer);
	words_printf(&w, "-select_streams");
	words_printf(&w, "%d", out->film >= 0 ? out->film : out->sound);
	words_printf(&w, "file:%s", film_source_seen(f, at));
	TRY(film_run(&w, f, at, "ffprobe", PROBE_MIB, NULL, &said));
	while (said.n) {
		char line[32] = {0};
		struct str text = str_first(str_cut(&said, '\n'), sizeof line - 1);
		memcpy(line, text.p, text.n);
		double seconds = strtod(line, NULL);
		if (isfinite(seconds) && seconds > out->seconds)
			out->seconds = seconds;
	}
	return NULL;
}

static err read_length(struct arena *a, struct films *f, const struct film_place *at, const json_t *root, struct film *out) {
	out->seconds = number_of(json_object_get(root, "format"), "duration");
	if (out->seconds <= 0)
		TRY(measure(a, f, at, out));
	if (out->seconds > (double)f->duration_s)
		return err_public(ERR_INVALID, "The file is longer than %lld minutes", (long long)(f->duration_s / 60));
	return out->seconds > 0 ? NULL : err_public(ERR_INVALID, "The file has no length");
}

static err read_all(struct arena *a, struct films *f, const struct film_place *at, const json_t *root, struct film *out) {
	double streams = number_of(json_object_get(root, "format"), "nb_streams");
	if (streams > STREAMS_MOST)
		return err_public(ERR_INVALID, "The file has too many streams: %.0f", streams);
	const json_t *film = stream_of(root, "video"), *sound = stream_of(root, "audio");
	out->film = index_of(film);
	out->sound = index_of(sound);
	if (!film && !sound)
		return err_public(ERR_INVALID, "There is neither a video nor a sound in the file that can be read");
	if (film)
		TRY(read_film(f, film, out));
	return read_length(a, f, at, root, out);
}

err film_probe(struct arena *a, struct films *f, const struct film_place *at, const char *demuxer, struct film *out) {
	static const char what[] =
	    "format=duration,nb_streams:stream=index,codec_type,codec_name,profile,width,height,pix_fmt,field_order,avg_frame_rate,"
	    "r_frame_rate,bit_rate,color_transfer,sample_aspect_ratio:stream_disposition=attached_pic:stream_side_data=rotation";
	struct words w = {.a = a};
	struct str said;
	*out = (struct film){.demuxer = demuxer, .film = -1, .sound = -1};
	words_lit(&w, "-v error -protocol_whitelist file -probesize 20M -of json=compact=1 -show_entries");
	word(&w, what);
	word(&w, "-f");
	word(&w, demuxer);
	words_printf(&w, "file:%s", film_source_seen(f, at));
	TRY(film_run(&w, f, at, "ffprobe", PROBE_MIB, NULL, &said));
	json_t *root = json_loadb(said.p ? said.p : "", said.n, 0, NULL);
	err e = root ? read_all(a, f, at, root, out) : err_public(ERR_INVALID, "The file cannot be read");
	struct err kept = e ? *e : (struct err){0};
	json_decref(root);
	return e ? err_copy(&kept) : NULL;
}
