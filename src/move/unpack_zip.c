#include "base/must.h"
#include "move/unpack_inside.h"
#include "wire/zip.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <unistd.h>

/* A directory names each entry in some hundred bytes: enough for half a million of them. */
enum { DIRECTORY_MAX = 64 << 20 };

static err read_at(struct unpack *u, int64_t at, void *to, size_t n) {
	for (char *p = to; n;) {
		ssize_t got = pread(u->fd, p, n, at);
		if (got < 0)
			return err_private(ERR_UNAVAILABLE, "an archive cannot be read: %m");
		if (!got)
			return unpack_damaged(u, "it ends too early");
		p += got;
		at += got;
		n -= (size_t)got;
	}
	return NULL;
}

static err find_directory(struct unpack *u, char *tail, struct zip_directory *d) {
	char record[ZIP64_END];
	size_t n = u->file_size < ZIP_TAIL_MAX ? (size_t)u->file_size : ZIP_TAIL_MAX;
	TRY(read_at(u, u->file_size - (int64_t)n, tail, n));
	TRY(zip_end(str_mem(tail, n), u->file_size, d));
	if (d->zip64_at < 0)
		return NULL;
	TRY(read_at(u, d->zip64_at, record, sizeof record));
	return zip_end64(str_mem(record, sizeof record), u->file_size, d);
}

err unpack_zip_open(struct unpack *u) {
	struct zip_directory d;
	char *tail = xmalloc(ZIP_TAIL_MAX);
	err e = find_directory(u, tail, &d);
	free(tail);
	TRY(e);
	if (d.size > DIRECTORY_MAX)
		return err_public(ERR_TOO_LARGE, "The archive has too many entries");
	u->directory = xmalloc((size_t)d.size + 1);
	u->rest = str_mem(u->directory, (size_t)d.size);
	u->entries_left = d.entries;
	return read_at(u, d.at, u->directory, (size_t)d.size);
}

static err open_entry(struct unpack *u, const struct zip_entry *e) {
	char local[ZIP_LOCAL];
	int64_t skip;
	if (e->encrypted)
		return unpack_damaged(u, "it is encrypted");
	if (e->method != ZIP_STORED && e->method != ZIP_DEFLATED)
		return unpack_damaged(u, "it is compressed in a way that is not known here");
	if (e->method == ZIP_STORED && e->packed != e->size)
		return unpack_damaged(u, "it has two sizes");
	TRY(read_at(u, e->at, local, sizeof local));
	TRY(zip_local(str_mem(local, sizeof local), &skip));
	u->at = e->at + skip;
	u->in_at = u->in_n = 0;
	u->left = e->size;
	u->packed_left = e->packed;
	u->method = e->method;
	u->crc = e->crc;
	u->crc_now = 0;
	if (u->z_open)
		inflateEnd(&u->z);
	u->z = (z_stream){0};
	u->z_over = false;
	u->z_open = true;
	must(inflateInit2(&u->z, -15) == Z_OK);
	return NULL;
}

err unpack_zip_next(struct unpack *u, bool *more) {
	struct zip_entry e;
	while (u->entries_left) {
		u->entries_left--;
		TRY(zip_entry(&u->rest, &e));
		u->name_n = e.name.n < UNPACK_NAME_MAX ? e.name.n : UNPACK_NAME_MAX;
		memcpy(u->name, e.name.p, u->name_n);
		if (str_ends(e.name, S("/")))
			continue;
		*more = true;
		return open_entry(u, &e);
	}
	return NULL;
}

err unpack_zip_read(struct unpack *u, void *to, size_t n, size_t *got) {
	if (!n)
		return NULL;
	if (u->method == ZIP_DEFLATED) {
		TRY(unpack_inflate(u, &u->packed_left, to, n, got));
		if (!*got)
			return unpack_damaged(u, "it is shorter than it says");
	} else {
		ssize_t r = pread(u->fd, to, n, u->at);
		if (r <= 0)
			return unpack_damaged(u, "it ends too early");
		*got = (size_t)r;
		u->at += r;
	}
	u->crc_now = libdeflate_crc32(u->crc_now, to, *got);
	u->left -= (int64_t)*got;
	if (!u->left && u->crc_now != u->crc)
		return unpack_damaged(u, "its checksum is wrong");
	return unpack_count(u, *got);
}
