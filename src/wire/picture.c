#include "wire/picture.h"

enum picture_type picture_type_of(struct str file) {
	if (str_starts(file, S("\xff\xd8\xff")))
		return PICTURE_JPEG;
	if (str_starts(file, S("\x89PNG\r\n\x1a\n")))
		return PICTURE_PNG;
	if (file.n >= 12 && str_starts(file, S("RIFF")) && memcmp(file.p + 8, "WEBP", 4) == 0)
		return PICTURE_WEBP;
	return PICTURE_NONE;
}

const char *picture_mime(enum picture_type t) {
	static const char *const names[] = {"application/octet-stream", "image/jpeg", "image/png", "image/webp"};
	return names[t];
}

const char *picture_ending(enum picture_type t) {
	static const char *const names[] = {"bin", "jpg", "png", "webp"};
	return names[t];
}

static unsigned byte_at(struct str s, size_t i) { return (unsigned char)s.p[i]; }
static uint32_t big32(struct str s, size_t i) {
	return byte_at(s, i) << 24 | byte_at(s, i + 1) << 16 | byte_at(s, i + 2) << 8 | byte_at(s, i + 3);
}
static uint32_t little32(struct str s, size_t i) {
	return byte_at(s, i + 3) << 24 | byte_at(s, i + 2) << 16 | byte_at(s, i + 1) << 8 | byte_at(s, i);
}

/* ── JPEG ── */

/* Frame headers, tables and scans. JFIF's APP0 says only the pixels' shape, Adobe's APP14 how the colours are meant; we write neither
 * density nor CMYK, so both can go as well. */
static bool jpeg_keeps(unsigned marker) {
	return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc8) || marker == 0xda || marker == 0xdb || marker == 0xdd;
}

/* Where the entropy-coded data from i on ends: the next marker that is neither a stuffed zero nor a restart. */
static size_t jpeg_scan_end(struct str s, size_t i) {
	for (; i + 1 < s.n; i++)
		if (byte_at(s, i) == 0xff && byte_at(s, i + 1) != 0 && (byte_at(s, i + 1) < 0xd0 || byte_at(s, i + 1) > 0xd7))
			return i;
	return s.n;
}

static bool jpeg_bare(struct str s, struct buf *out) {
	buf_lit(out, "\xff\xd8");
	for (size_t i = 2; i + 4 <= s.n;) {
		unsigned marker = byte_at(s, i + 1);
		if (byte_at(s, i) != 0xff || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8))
			return false;
		if (marker == 0xd9)
			break;
		size_t length = (size_t)byte_at(s, i + 2) << 8 | byte_at(s, i + 3);
		if (length < 2 || s.n - i - 2 < length)
			return false;
		size_t end = i + 2 + length;
		if (marker == 0xda && (end = jpeg_scan_end(s, end)) == s.n)
			return false;
		if (jpeg_keeps(marker))
			buf_put(out, str_mem(s.p + i, end - i));
		i = end;
	}
	buf_lit(out, "\xff\xd9");
	return true;
}

/* ── PNG ── */

static bool png_keeps(const char *name) {
	static const char kept[][5] = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"};
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (memcmp(name, kept[i], 4) == 0)
			return true;
	return false;
}

static bool png_bare(struct str s, struct buf *out) {
	buf_put(out, str_first(s, 8));
	for (size_t i = 8; s.n - i >= 12;) {
		size_t length = big32(s, i);
		if (length > s.n - i - 12)
			return false;
		if (png_keeps(s.p + i + 4))
			buf_put(out, str_mem(s.p + i, length + 12));
		if (memcmp(s.p + i + 4, "IEND", 4) == 0)
			return true;
		i += length + 12;
	}
	return false;
}

/* ── WebP ── */

static bool webp_keeps(const char *name) {
	static const char kept[][5] = {"VP8 ", "VP8L", "VP8X", "ALPH"};
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (memcmp(name, kept[i], 4) == 0)
			return true;
	return false;
}

static void put_little32(struct buf *out, uint32_t v) {
	for (int shift = 0; shift < 32; shift += 8)
		buf_byte(out, (char)(v >> shift));
}

static bool webp_bare(struct str s, struct buf *out) {
	enum { WEBP_ALPHA = 0x10 }; /* of VP8X's flags; the others announce ICC, Exif, XMP and animation */
	size_t start = out->n;
	buf_lit(out, "RIFF\0\0\0\0WEBP");
	size_t end = little32(s, 4);
	if (end > s.n - 8 || end < 4)
		return false;
	end += 8;
	for (size_t i = 12; end - i >= 8;) {
		size_t length = little32(s, i + 4);
		if (length > end - i - 8)
			return false;
		if (webp_keeps(s.p + i)) {
			size_t at = out->n;
			buf_put(out, str_mem(s.p + i, 8 + length));
			if (length & 1)
				buf_byte(out, 0);
			if (memcmp(s.p + i, "VP8X", 4) == 0 && length > 0)
				out->p[at + 8] &= WEBP_ALPHA;
		}
		i += 8 + length;
		if (length & 1 && i < end)
			i++;
	}
	struct buf size = {0};
	put_little32(&size, (uint32_t)(out->n - start - 8));
	memcpy(out->p + start + 4, size.p, 4);
	buf_free(&size);
	return out->n - start > 12;
}

bool picture_bare(struct str file, struct buf *out) {
	switch (picture_type_of(file)) {
	case PICTURE_JPEG: return jpeg_bare(file, out);
	case PICTURE_PNG: return png_bare(file, out);
	case PICTURE_WEBP: return webp_bare(file, out);
	case PICTURE_NONE: break;
	}
	return false;
}
