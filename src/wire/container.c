#include "wire/container.h"

static unsigned byte_at(struct str s, size_t i) { return (unsigned char)s.p[i]; }

static bool has(struct str s, size_t at, struct str what) { return s.n >= at + what.n && memcmp(s.p + at, what.p, what.n) == 0; }

/* ISO files: a picture's brands are no film. */
static bool is_iso_film(struct str s) {
	static const struct str boxes[] = {{"ftyp", 4}, {"moov", 4}, {"mdat", 4}, {"wide", 4}, {"skip", 4}, {"pnot", 4}};
	static const struct str pictures[] = {{"avif", 4}, {"avis", 4}, {"heic", 4}, {"heix", 4}, {"heim", 4},
	                                      {"heis", 4}, {"mif1", 4}, {"mif2", 4}, {"msf1", 4}};
	if (has(s, 4, S("ftyp")))
		for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
			if (has(s, 8, pictures[i]))
				return false;
	for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++)
		if (has(s, 4, boxes[i]))
			return true;
	return has(s, 4, S("free")) && s.n >= 16;
}

static bool is_gif(struct str s) { return has(s, 0, S("GIF87a")) || has(s, 0, S("GIF89a")); }

/* Transport streams: a sync byte every 188, a "G" as at the beginning of a GIF. */
static bool is_transport(struct str s) {
	if (s.n < 188 * 3 + 1 || is_gif(s))
		return false;
	for (size_t i = 0; i <= 3; i++)
		if (byte_at(s, i * 188) != 0x47)
			return false;
	return true;
}

/* MPEG audio: layer I to III or ADTS AAC, by the sync word of the first frame. */
static const char *mpeg_audio(struct str s) {
	if (s.n < 4 || byte_at(s, 0) != 0xff)
		return NULL;
	unsigned b = byte_at(s, 1);
	if ((b & 0xf6) == 0xf0)
		return "aac";
	bool frame = (b & 0xe0) == 0xe0 && (b & 0x18) != 0x08 && (b & 0x06) != 0 && (byte_at(s, 2) & 0xf0) != 0xf0;
	return frame ? "mp3" : NULL;
}

const char *container_demuxer(struct str s) {
	static const struct {
		struct str mark;
		const char *demuxer;
	} marks[] = {
	    {{"\x1a\x45\xdf\xa3", 4}, "matroska"},
	    {{"OggS", 4}, "ogg"},
	    {{"fLaC", 4}, "flac"},
	    {{"ID3", 3}, "mp3"},
	    {{"FLV\1", 4}, "flv"},
	    {{"#!AMR", 5}, "amr"},
	    {{"caff", 4}, "caf"},
	    {{"\0\0\1\xba", 4}, "mpeg"},
	    {{"\0\0\1\xb3", 4}, "mpegvideo"},
	    {{"\x30\x26\xb2\x75\x8e\x66\xcf\x11", 8}, "asf"},
	    {{"\x06\x0e\x2b\x34\x02\x05\x01\x01", 8}, "mxf"},
	    {{"MAC ", 4}, "ape"},
	    {{"wvpk", 4}, "wv"},
	    {{".RMF", 4}, "rm"},
	    {{".snd", 4}, "au"},
	};
	if (has(s, 0, S("RIFF")) && has(s, 8, S("AVI ")))
		return "avi";
	if (has(s, 0, S("RIFF")) && has(s, 8, S("WAVE")))
		return "wav";
	if (has(s, 0, S("FORM")) && (has(s, 8, S("AIFF")) || has(s, 8, S("AIFC"))))
		return "aiff";
	if (has(s, 0, S("RIFF")) || has(s, 0, S("FORM")))
		return NULL;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (has(s, 0, marks[i].mark))
			return marks[i].demuxer;
	if (is_iso_film(s))
		return "mov";
	if (is_transport(s))
		return "mpegts";
	return mpeg_audio(s);
}

bool container_cut(struct str s, int64_t size) {
	if (s.n < 12 || !has(s, 0, S("RIFF")))
		return false;
	int64_t said = (int64_t)byte_at(s, 7) << 24 | byte_at(s, 6) << 16 | byte_at(s, 5) << 8 | byte_at(s, 4);
	/* Who could not go back to write it left everything set. */
	return said != 0xffffffff && said + 8 > size;
}

/* ── pictures that move ── */

/* Past the sub-blocks that begin at i; the file's length when they do not end. */
static size_t gif_blocks_end(struct str s, size_t i) {
	while (i < s.n && byte_at(s, i))
		i += 1 + byte_at(s, i);
	return i < s.n ? i + 1 : s.n;
}

static size_t gif_table(unsigned flags) { return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0; }

static bool gif_moves(struct str s) {
	int pictures = 0;
	if (s.n < 13)
		return false;
	for (size_t i = 13 + gif_table(byte_at(s, 10)); i < s.n && pictures < 2;) {
		if (byte_at(s, i) == 0x21) {
			i = gif_blocks_end(s, i + 2);
		} else if (byte_at(s, i) == 0x2c && s.n - i > 10) {
			pictures++;
			i = gif_blocks_end(s, i + 10 + gif_table(byte_at(s, i + 9)) + 1);
		} else {
			break;
		}
	}
	return pictures > 1;
}

bool container_moves(struct str file) {
	if (is_gif(file))
		return gif_moves(file);
	return has(file, 0, S("RIFF")) && has(file, 8, S("WEBPVP8X")) && file.n > 20 && byte_at(file, 20) & 0x02;
}
