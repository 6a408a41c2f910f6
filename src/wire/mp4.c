#include "wire/mp4.h"

#include "base/vec.h"

#include <stdio.h>

enum { DEPTH_MOST = 8, TRACKS_MOST = 4 };

struct box {
	uint32_t type;
	struct str body;
	size_t whole; /* with its header */
};

#define FOUR(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

static uint32_t big32(struct str s, size_t at) {
	const unsigned char *p = (const unsigned char *)s.p + at;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static uint64_t big64(struct str s, size_t at) { return (uint64_t)big32(s, at) << 32 | big32(s, at + 4); }

/* Takes the first box off *rest; false at the end and when it does not fit. */
static bool next_box(struct str *rest, struct box *out) {
	size_t head = 8;
	if (rest->n < head)
		return false;
	uint64_t size = big32(*rest, 0);
	if (size == 1) {
		head = 16;
		if (rest->n < head)
			return false;
		size = big64(*rest, 8);
	}
	if (size < head || size > rest->n)
		return false;
	*out = (struct box){big32(*rest, 4), str_mem(rest->p + head, (size_t)size - head), (size_t)size};
	*rest = str_skip(*rest, (size_t)size);
	return true;
}

/* ── what may be in there ── */

enum nature { FOREIGN, LEAF, FOLDER };

static enum nature nature_of(uint32_t type) {
	static const struct {
		const char name[5];
		enum nature nature;
	} known[] = {
	    {"ftyp", LEAF},   {"styp", LEAF},   {"moov", FOLDER}, {"mvhd", LEAF},   {"trak", FOLDER}, {"tkhd", LEAF},   {"edts", FOLDER},
	    {"elst", LEAF},   {"mdia", FOLDER}, {"mdhd", LEAF},   {"hdlr", LEAF},   {"minf", FOLDER}, {"vmhd", LEAF},   {"smhd", LEAF},
	    {"dinf", FOLDER}, {"dref", LEAF},   {"stbl", FOLDER}, {"stsd", LEAF},   {"stts", LEAF},   {"ctts", LEAF},   {"stss", LEAF},
	    {"stsc", LEAF},   {"stsz", LEAF},   {"stco", LEAF},   {"co64", LEAF},   {"sgpd", LEAF},   {"sbgp", LEAF},   {"sdtp", LEAF},
	    {"mvex", FOLDER}, {"mehd", LEAF},   {"trex", LEAF},   {"moof", FOLDER}, {"mfhd", LEAF},   {"traf", FOLDER}, {"tfhd", LEAF},
	    {"udta", FOLDER}, {"tfdt", LEAF},   {"trun", LEAF},   {"mdat", LEAF},   {"cslg", LEAF},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (type == FOUR(known[i].name[0], known[i].name[1], known[i].name[2], known[i].name[3]))
			return known[i].nature;
	return FOREIGN;
}

static bool all_zero(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i])
			return false;
	return true;
}

/* The list of texts about a film, which muxers write even when it is empty: empty it must be. */
static bool says_nothing(struct str meta) {
	struct str rest = str_skip(meta, 4);
	struct box b;
	while (rest.n)
		if (!next_box(&rest, &b) || (b.type != FOUR('h', 'd', 'l', 'r') && (b.type != FOUR('i', 'l', 's', 't') || b.body.n)))
			return false;
	return true;
}

static bool clean(struct str rest, int depth) {
	struct box b;
	if (depth == DEPTH_MOST)
		return false;
	while (rest.n) {
		if (!next_box(&rest, &b))
			return false;
		enum nature n = nature_of(b.type);
		/* Room that was left open, and is empty. */
		bool room = b.type == FOUR('f', 'r', 'e', 'e') && b.body.n <= 64 && all_zero(b.body);
		bool empty = b.type == FOUR('m', 'e', 't', 'a') && says_nothing(b.body);
		if ((n == FOREIGN && !room && !empty) || (n == FOLDER && !clean(b.body, depth + 1)))
			return false;
	}
	return true;
}

bool mp4_clean(struct str file) { return file.n && clean(file, 0); }

/* ── its tracks ── */

struct track {
	uint32_t id, timescale, default_duration;
	bool film, sound;
	int width, height;
	char codec[32];
	int64_t decode_time; /* where its last fragment began */
	double end;
};

struct tracks {
	struct track v[TRACKS_MOST];
	size_t n;
};

/* The box of this type inside a folder's body: the first. */
static bool find(struct str body, uint32_t type, struct str *out) {
	struct box b;
	while (next_box(&body, &b))
		if (b.type == type) {
			*out = b.body;
			return true;
		}
	return false;
}

static bool read_codec_film(struct str entry, struct track *t) {
	struct str config, boxes;
	if (entry.n < 86)
		return false;
	uint32_t name = big32(entry, 4);
	t->width = (int)(big32(entry, 32) >> 16);
	t->height = (int)(big32(entry, 32) & 0xffff);
	boxes = str_skip(entry, 86);
	if (name == FOUR('a', 'v', 'c', '1') && find(boxes, FOUR('a', 'v', 'c', 'C'), &config) && config.n >= 4) {
		const unsigned char *p = (const unsigned char *)config.p;
		snprintf(t->codec, sizeof t->codec, "avc1.%02x%02x%02x", p[1], p[2], p[3]);
		return true;
	}
	if (name == FOUR('a', 'v', '0', '1') && find(boxes, FOUR('a', 'v', '1', 'C'), &config) && config.n >= 4) {
		const unsigned char *p = (const unsigned char *)config.p;
		snprintf(t->codec, sizeof t->codec, "av01.%d.%02d%c.%s", p[1] >> 5, p[1] & 31, p[2] & 0x80 ? 'H' : 'M',
		         p[2] & 0x40 ? "10" : "08");
		return true;
	}
	return false;
}

static bool read_codec_sound(struct str entry, struct track *t) {
	struct str boxes = str_skip(entry, 36), config;
	if (entry.n < 36 || big32(entry, 4) != FOUR('m', 'p', '4', 'a') || !find(boxes, FOUR('e', 's', 'd', 's'), &config))
		return false;
	snprintf(t->codec, sizeof t->codec, "mp4a.40.2");
	return true;
}

/* A media's description: its kind, its clock, its codec. */
static bool read_media(struct str mdia, struct track *t) {
	struct str mdhd, hdlr, minf, stbl, stsd;
	if (!find(mdia, FOUR('m', 'd', 'h', 'd'), &mdhd) || !find(mdia, FOUR('h', 'd', 'l', 'r'), &hdlr) ||
	    !find(mdia, FOUR('m', 'i', 'n', 'f'), &minf) || !find(minf, FOUR('s', 't', 'b', 'l'), &stbl) ||
	    !find(stbl, FOUR('s', 't', 's', 'd'), &stsd) || mdhd.n < 24 || hdlr.n < 12 || stsd.n < 16 || big32(stsd, 4) != 1)
		return false;
	t->timescale = mdhd.p[0] == 1 ? big32(mdhd, 20) : big32(mdhd, 12);
	t->film = big32(hdlr, 8) == FOUR('v', 'i', 'd', 'e');
	t->sound = big32(hdlr, 8) == FOUR('s', 'o', 'u', 'n');
	struct str entry = str_skip(stsd, 8);
	return t->timescale && ((t->film && read_codec_film(entry, t)) || (t->sound && read_codec_sound(entry, t)));
}

static bool read_track(struct str trak, struct track *t) {
	struct str tkhd, mdia;
	if (!find(trak, FOUR('t', 'k', 'h', 'd'), &tkhd) || !find(trak, FOUR('m', 'd', 'i', 'a'), &mdia) || tkhd.n < 24)
		return false;
	t->id = tkhd.p[0] == 1 ? big32(tkhd, 20) : big32(tkhd, 12);
	return read_media(mdia, t);
}

static struct track *track_of(struct tracks *all, uint32_t id) {
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].id == id)
			return &all->v[i];
	return NULL;
}

static bool read_tracks(struct str moov, struct tracks *all) {
	struct str rest = moov, mvex;
	struct box b;
	while (next_box(&rest, &b))
		if (b.type == FOUR('t', 'r', 'a', 'k')) {
			if (all->n == TRACKS_MOST || !read_track(b.body, &all->v[all->n]))
				return false;
			all->n++;
		}
	if (!all->n || !find(moov, FOUR('m', 'v', 'e', 'x'), &mvex))
		return false;
	while (next_box(&mvex, &b))
		if (b.type == FOUR('t', 'r', 'e', 'x') && b.body.n >= 24) {
			struct track *t = track_of(all, big32(b.body, 4));
			if (t)
				t->default_duration = big32(b.body, 12);
		}
	return true;
}

/* ── its fragments ── */

/* The time a run's samples take, in the track's clock. */
static bool run_ticks(struct str trun, uint32_t each, int64_t *out) {
	if (trun.n < 8)
		return false;
	uint32_t flags = big32(trun, 0) & 0xffffff, count = big32(trun, 4);
	size_t at = 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0), step = 0;
	for (uint32_t bit = 0x100; bit <= 0x800; bit <<= 1)
		step += flags & bit ? 4 : 0;
	if (trun.n < at || (step ? count > (trun.n - at) / step : count > 1u << 24))
		return false;
	for (uint32_t i = 0; i < count; i++)
		*out += flags & 0x100 ? big32(trun, at + i * step) : each;
	return true;
}

/* Sets when the track's fragment begins, and how long it is. */
static bool read_traf(struct str traf, struct tracks *all, struct track **track, double *seconds) {
	struct str tfhd, tfdt;
	struct box b;
	int64_t ticks = 0;
	if (!find(traf, FOUR('t', 'f', 'h', 'd'), &tfhd) || !find(traf, FOUR('t', 'f', 'd', 't'), &tfdt) || tfhd.n < 8 || tfdt.n < 8)
		return false;
	struct track *t = *track = track_of(all, big32(tfhd, 4));
	uint32_t flags = big32(tfhd, 0) & 0xffffff;
	size_t at = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
	if (!t || (flags & 8 && tfhd.n < at + 4) || (tfdt.p[0] == 1 && tfdt.n < 12))
		return false;
	uint32_t each = flags & 8 ? big32(tfhd, at) : t->default_duration;
	t->decode_time = tfdt.p[0] == 1 ? (int64_t)(big64(tfdt, 4) & INT64_MAX) : big32(tfdt, 4);
	while (next_box(&traf, &b))
		if (b.type == FOUR('t', 'r', 'u', 'n') && !run_ticks(b.body, each, &ticks))
			return false;
	*seconds = (double)ticks / t->timescale;
	t->end = (double)t->decode_time / t->timescale + *seconds;
	return true;
}

/* The track whose fragments count: the film's, or the sound's where there is no film. */
static const struct track *leading(const struct tracks *all) {
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].film)
			return &all->v[i];
	return &all->v[0];
}

static bool read_moof(struct str moof, struct tracks *all, struct mp4_fragment *f) {
	struct box b;
	struct track *t;
	double seconds;
	bool led = false;
	while (next_box(&moof, &b)) {
		if (b.type != FOUR('t', 'r', 'a', 'f'))
			continue;
		if (!read_traf(b.body, all, &t, &seconds))
			return false;
		if (t != leading(all))
			continue;
		led = true;
		f->at = (double)t->decode_time / t->timescale;
		f->seconds = seconds;
	}
	return led;
}

static void sum_up(const struct tracks *all, struct mp4_film *out) {
	const struct track *lead = leading(all);
	int64_t bytes = 0;
	out->width = lead->film ? lead->width : 0;
	out->height = lead->film ? lead->height : 0;
	snprintf(out->codecs, sizeof out->codecs, "%s", lead->codec);
	for (size_t i = 0; i < all->n; i++) {
		out->sound |= all->v[i].sound;
		if (all->v[i].end > out->end)
			out->end = all->v[i].end;
		if (&all->v[i] != lead)
			snprintf(out->codecs + strlen(out->codecs), sizeof out->codecs - strlen(out->codecs), ",%s", all->v[i].codec);
	}
	for (size_t i = 0; i < out->n; i++) {
		struct mp4_fragment *f = &out->fragments[i];
		/* Gaps between fragments belong to the one before. */
		if (i + 1 < out->n && f[1].at > f->at)
			f->seconds = f[1].at - f->at;
		bytes += f->size;
		out->seconds += f->seconds;
		double rate = f->seconds > 0.2 ? (double)f->size * 8 / f->seconds : 0;
		if (rate > (double)out->peak && rate < 1e12)
			out->peak = (int64_t)rate;
	}
	double average = out->seconds > 0.01 ? (double)bytes * 8 / out->seconds : 0;
	out->average = average < 1e12 ? (int64_t)average : 0;
	if (out->peak < out->average)
		out->peak = out->average;
}

bool mp4_read(struct arena *a, struct str file, struct mp4_film *out) {
	VEC(struct mp4_fragment) all = {0};
	struct tracks tracks = {0};
	struct mp4_fragment f = {0};
	struct str rest = file;
	struct box b;
	*out = (struct mp4_film){0};
	if (!mp4_clean(file))
		return false;
	while (next_box(&rest, &b)) {
		int64_t offset = b.body.p + b.body.n - file.p - (int64_t)b.whole;
		if (b.type == FOUR('m', 'o', 'o', 'v')) {
			if (tracks.n || !read_tracks(b.body, &tracks))
				return false;
			out->init = offset + (int64_t)b.whole;
		} else if (b.type == FOUR('m', 'o', 'o', 'f')) {
			f.offset = offset;
			if (f.size || !tracks.n || !read_moof(b.body, &tracks, &f))
				return false;
			f.size = (int64_t)b.whole;
		} else if (b.type == FOUR('m', 'd', 'a', 't')) {
			if (!f.size)
				return false;
			f.size += (int64_t)b.whole;
			vec_push(a, &all, f);
			f.size = 0;
		} else if (tracks.n) {
			return false;
		}
	}
	out->fragments = all.v;
	out->n = all.n;
	if (!all.n || f.size || all.v[0].offset != out->init)
		return false;
	sum_up(&tracks, out);
	return true;
}
