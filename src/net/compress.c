#include "net/compress.h"

#include <brotli/encode.h>
#include <libdeflate.h>
#include <zstd.h>

/* Measured on a 45 KB page of a timeline: zstd 3 and deflate 4 are past the knee of their curves, brotli 4 is its first level that
 * beats both by enough to pay for the time. Its window covers any page we make. */
enum { ZSTD_LEVEL = 3, BROTLI_LEVEL = 4, BROTLI_WINDOW = 18, DEFLATE_LEVEL = 4 };

static _Thread_local ZSTD_CCtx *zstd;
static _Thread_local struct libdeflate_compressor *deflate;

static size_t pack(enum encoding e, struct str in, char *to, size_t room) {
	switch (e) {
	case ENCODING_ZSTD: {
		if (!zstd)
			zstd = ZSTD_createCCtx();
		size_t n = zstd ? ZSTD_compressCCtx(zstd, to, room, in.p, in.n, ZSTD_LEVEL) : 0;
		return ZSTD_isError(n) ? 0 : n;
	}
	case ENCODING_BR: {
		size_t n = room;
		bool done = BrotliEncoderCompress(BROTLI_LEVEL, BROTLI_WINDOW, BROTLI_MODE_TEXT, in.n, (const uint8_t *)in.p, &n, (uint8_t *)to);
		return done ? n : 0;
	}
	case ENCODING_GZIP:
		if (!deflate)
			deflate = libdeflate_alloc_compressor(DEFLATE_LEVEL);
		return deflate ? libdeflate_gzip_compress(deflate, in.p, in.n, to, room) : 0;
	case ENCODING_NONE: break;
	}
	return 0;
}

bool compress_body(enum encoding e, struct str in, struct buf *out) {
	buf_reserve(out, in.n);
	size_t n = pack(e, in, out->p + out->n, in.n);
	out->n += n;
	return n > 0;
}

void compress_thread_end(void) {
	ZSTD_freeCCtx(zstd);
	libdeflate_free_compressor(deflate);
	zstd = NULL;
	deflate = NULL;
}
