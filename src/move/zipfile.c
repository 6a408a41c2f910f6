#include "move/zipfile.h"

#include "base/buf.h"
#include "base/must.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

enum {
	OUT = 64 * 1024,
	LEVEL = 6,
	VERSION = 45,
	UTF8 = 1 << 11,
	LOCAL = 30,
	EXTRA = 20,
	DATE = 0x21 /* 1980-01-01: they are told inside */
};

struct zipfile {
	int fd;
	int64_t at; /* the end of what is written */
	bool open, packed;
	int64_t entry_at, entry_size, entry_packed;
	uint32_t crc;
	struct buf name;
	z_stream z;
	char out[OUT];
	struct buf directory;
	int64_t entries;
};

struct zipfile *zipfile_new(int fd) {
	struct zipfile *z = xcalloc(1, sizeof *z);
	z->fd = fd;
	must(deflateInit2(&z->z, LEVEL, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	return z;
}

void zipfile_free(struct zipfile **z) {
	if (!*z)
		return;
	deflateEnd(&(*z)->z);
	buf_free(&(*z)->name);
	buf_free(&(*z)->directory);
	free(*z);
	*z = NULL;
}

static void put16(struct buf *b, uint32_t v) {
	buf_byte(b, (char)v);
	buf_byte(b, (char)(v >> 8));
}
static void put32(struct buf *b, uint32_t v) {
	put16(b, v & 0xffff);
	put16(b, v >> 16);
}
static void put64(struct buf *b, int64_t v) {
	put32(b, (uint32_t)v);
	put32(b, (uint32_t)((uint64_t)v >> 32));
}

static err write_at(struct zipfile *z, int64_t at, struct str bytes) {
	while (bytes.n) {
		ssize_t n = pwrite(z->fd, bytes.p, bytes.n, at);
		if (n < 0)
			return err_private(ERR_UNAVAILABLE, "an archive cannot be written: %m");
		bytes = str_skip(bytes, (size_t)n);
		at += n;
	}
	return NULL;
}

static err append(struct zipfile *z, struct str bytes) {
	TRY(write_at(z, z->at, bytes));
	z->at += (int64_t)bytes.n;
	return NULL;
}

/* What the local header and the directory's have in common (§4.3.7, §4.3.12), sizes in the zip64 extra field (§4.5.3). */
static void put_common(struct zipfile *z, struct buf *b, uint32_t extra) {
	put16(b, VERSION);
	put16(b, UTF8);
	put16(b, z->packed ? 8 : 0);
	put32(b, DATE << 16);
	put32(b, z->crc);
	put32(b, UINT32_MAX);
	put32(b, UINT32_MAX);
	put16(b, (uint32_t)z->name.n);
	put16(b, extra);
}

static void put_sizes(struct zipfile *z, struct buf *b, uint32_t extra) {
	put16(b, 1);
	put16(b, extra - 4);
	put64(b, z->entry_size);
	put64(b, z->entry_packed);
}

static err put_local(struct zipfile *z, int64_t at) {
	BUF_AUTO b = {0};
	put32(&b, 0x04034b50);
	put_common(z, &b, EXTRA);
	buf_put(&b, buf_str(&z->name));
	put_sizes(z, &b, EXTRA);
	return write_at(z, at, buf_str(&b));
}

static void put_directory(struct zipfile *z) {
	struct buf *b = &z->directory;
	put32(b, 0x02014b50);
	put16(b, VERSION);
	put_common(z, b, EXTRA + 8);
	put16(b, 0); /* comment */
	put16(b, 0); /* disk */
	put16(b, 0);
	put32(b, 0);
	put32(b, UINT32_MAX);
	buf_put(b, buf_str(&z->name));
	put_sizes(z, b, EXTRA + 8);
	put64(b, z->entry_at);
}

static err pack(struct zipfile *z, struct str bytes, int how) {
	int rc;
	z->z.next_in = (Bytef *)(uintptr_t)bytes.p;
	z->z.avail_in = (uInt)bytes.n;
	do {
		z->z.next_out = (Bytef *)z->out;
		z->z.avail_out = OUT;
		rc = deflate(&z->z, how);
		must(rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR);
		z->entry_packed += OUT - (int64_t)z->z.avail_out;
		TRY(append(z, str_mem(z->out, OUT - z->z.avail_out)));
	} while (how == Z_FINISH ? rc != Z_STREAM_END : z->z.avail_in > 0);
	return NULL;
}

static err end_entry(struct zipfile *z) {
	if (!z->open)
		return NULL;
	if (z->packed)
		TRY(pack(z, STR_NONE, Z_FINISH));
	z->open = false;
	z->entries++;
	put_directory(z);
	return put_local(z, z->entry_at);
}

err zipfile_entry(struct zipfile *z, struct str name, bool packed) {
	TRY(end_entry(z));
	must(name.n && name.n <= UINT16_MAX);
	buf_clear(&z->name);
	buf_put(&z->name, name);
	z->open = true;
	z->packed = packed;
	z->entry_at = z->at;
	z->entry_size = z->entry_packed = 0;
	z->crc = 0;
	must(deflateReset(&z->z) == Z_OK);
	TRY(put_local(z, z->at));
	z->at += LOCAL + (int64_t)name.n + EXTRA;
	return NULL;
}

err zipfile_write(struct zipfile *z, struct str bytes) {
	must(z->open);
	z->crc = libdeflate_crc32(z->crc, bytes.p, bytes.n);
	z->entry_size += (int64_t)bytes.n;
	for (; bytes.n; bytes = str_skip(bytes, 1 << 20)) {
		struct str piece = str_first(bytes, 1 << 20);
		if (z->packed) {
			TRY(pack(z, piece, Z_NO_FLUSH));
			continue;
		}
		TRY(append(z, piece));
		z->entry_packed += (int64_t)piece.n;
	}
	return NULL;
}

/* §4.3.14 to 4.3.16: the zip64 end, where it is, and the old end that points to it. */
err zipfile_finish(struct zipfile *z, int64_t *size) {
	BUF_AUTO b = {0};
	TRY(end_entry(z));
	const int64_t at = z->at, n = (int64_t)z->directory.n;
	TRY(append(z, buf_str(&z->directory)));
	put32(&b, 0x06064b50);
	put64(&b, 44);
	put16(&b, VERSION);
	put16(&b, VERSION);
	put32(&b, 0);
	put32(&b, 0);
	put64(&b, z->entries);
	put64(&b, z->entries);
	put64(&b, n);
	put64(&b, at);
	put32(&b, 0x07064b50);
	put32(&b, 0);
	put64(&b, at + n);
	put32(&b, 1);
	put32(&b, 0x06054b50);
	put32(&b, 0);
	put16(&b, UINT16_MAX);
	put16(&b, UINT16_MAX);
	put32(&b, UINT32_MAX);
	put32(&b, UINT32_MAX);
	put16(&b, 0);
	TRY(append(z, buf_str(&b)));
	*size = z->at;
	return NULL;
}
