#include "base/must.h"
#include "move/unpack_inside.h"
#include "wire/tar.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW_LOG_MAX = 27, RECORDS_MAX = 64 * 1024 };

err unpack_damaged(const struct unpack *u, const char *why) {
	if (u->name_n)
		return err_public(ERR_INVALID, "The archive is damaged in %.*s: %s", (int)(u->name_n < 100 ? u->name_n : 100), u->name,
		                  why);
	return err_public(ERR_INVALID, "The archive is damaged: %s", why);
}

err unpack_count(struct unpack *u, size_t n) {
	u->given += (int64_t)n;
	if (u->given > u->limit)
		return err_public(ERR_TOO_LARGE, "The archive unpacks to more than %lld MB", (long long)(u->limit >> 20));
	return NULL;
}

err unpack_fill(struct unpack *u, int64_t most) {
	if (u->in_at < u->in_n)
		return NULL;
	ssize_t n = pread(u->fd, u->in, most < UNPACK_PIECE ? (size_t)most : UNPACK_PIECE, u->at);
	if (n < 0)
		return err_private(ERR_UNAVAILABLE, "an archive cannot be read: %m");
	u->at += n;
	u->in_at = 0;
	u->in_n = (size_t)n;
	return NULL;
}

/* ── the bytes of a tar, whatever it is packed in ── */

err unpack_inflate(struct unpack *u, int64_t *packed_left, void *to, size_t n, size_t *got) {
	u->z.next_out = to;
	u->z.avail_out = (uInt)n;
	while (u->z.avail_out == n && !u->z_over) {
		bool empty = u->in_at >= u->in_n;
		TRY(unpack_fill(u, packed_left ? *packed_left : UNPACK_PIECE));
		if (packed_left && empty)
			*packed_left -= (int64_t)u->in_n;
		if (!u->in_n)
			return unpack_damaged(u, "it ends too early");
		u->z.next_in = (Bytef *)u->in + u->in_at;
		u->z.avail_in = (uInt)(u->in_n - u->in_at);
		int rc = inflate(&u->z, Z_NO_FLUSH);
		u->in_at = u->in_n - u->z.avail_in;
		u->z_over = rc == Z_STREAM_END;
		if (rc != Z_OK && rc != Z_STREAM_END)
			return unpack_damaged(u, "its compression makes no sense");
	}
	*got = n - u->z.avail_out;
	return NULL;
}

static err unzstd(struct unpack *u, char *to, size_t n, size_t *got) {
	ZSTD_outBuffer out = {to, n, 0};
	while (!out.pos) {
		TRY(unpack_fill(u, UNPACK_PIECE));
		if (!u->in_n && u->zstd_hint)
			return unpack_damaged(u, "it ends too early");
		if (!u->in_n)
			break;
		ZSTD_inBuffer in = {u->in, u->in_n, u->in_at};
		u->zstd_hint = ZSTD_decompressStream(u->zstd, &out, &in);
		u->in_at = in.pos;
		if (ZSTD_isError(u->zstd_hint))
			return unpack_damaged(u, ZSTD_getErrorName(u->zstd_hint));
	}
	*got = out.pos;
	return NULL;
}

static err plain(struct unpack *u, char *to, size_t n, size_t *got) {
	TRY(unpack_fill(u, UNPACK_PIECE));
	*got = u->in_n - u->in_at < n ? u->in_n - u->in_at : n;
	memcpy(to, u->in + u->in_at, *got);
	u->in_at += *got;
	return NULL;
}

static err some(struct unpack *u, char *to, size_t n, size_t *got) {
	*got = 0;
	if (n)
		TRY(u->packing == PACKED_GZIP   ? unpack_inflate(u, NULL, to, n, got)
		    : u->packing == PACKED_ZSTD ? unzstd(u, to, n, got)
		                                : plain(u, to, n, got));
	crypto_hash_sha256_update(&u->digest, (unsigned char *)to, *got);
	return unpack_count(u, *got);
}

static err all(struct unpack *u, char *to, size_t n) {
	for (size_t got; n; to += got, n -= got) {
		TRY(some(u, to, n, &got));
		if (!got)
			return unpack_damaged(u, "it ends too early");
	}
	return NULL;
}

static err pass(struct unpack *u, int64_t n) {
	char waste[16 * 1024];
	while (n) {
		size_t take = n < (int64_t)sizeof waste ? (size_t)n : sizeof waste;
		TRY(all(u, waste, take));
		n -= (int64_t)take;
	}
	return NULL;
}

/* ── tar ── */

static void set_name(struct unpack *u, struct str name) {
	u->name_n = name.n < UNPACK_NAME_MAX ? name.n : UNPACK_NAME_MAX;
	memcpy(u->name, name.p, u->name_n);
}

/* What an extra header says of the entry behind it. */
static err extra(struct unpack *u, const struct tar_entry *e, struct str *name, char *bytes, int64_t *size) {
	int64_t pax_size = -1;
	if (e->size > RECORDS_MAX)
		return unpack_damaged(u, "a header is too long");
	TRY(all(u, bytes, (size_t)e->size));
	TRY(pass(u, (int64_t)tar_filling(e->size)));
	struct str path = str_mem(bytes, strnlen(bytes, (size_t)e->size));
	if (e->kind == TAR_PAX)
		TRY(tar_pax(str_mem(bytes, (size_t)e->size), &path, &pax_size));
	if (path.n)
		*name = path;
	if (pax_size >= 0)
		*size = pax_size;
	return NULL;
}

static err tar_next(struct unpack *u, bool *more) {
	char block[TAR_BLOCK], *bytes = xmalloc(RECORDS_MAX + 1);
	struct str name = STR_NONE;
	struct tar_entry e;
	int64_t size = -1;
	err failed = pass(u, u->left + (int64_t)u->filling);
	u->left = 0;
	u->filling = 0;
	*more = false;
	while (!failed) {
		u->digest_before = u->digest;
		failed = all(u, block, sizeof block);
		if (!failed)
			failed = tar_read(block, &e);
		if (!failed && ++u->entries > UNPACK_ENTRIES)
			failed = err_public(ERR_TOO_LARGE, "The archive has more than %d entries", UNPACK_ENTRIES);
		if (failed || e.kind == TAR_END)
			break;
		if (e.kind == TAR_PAX || e.kind == TAR_LONG_NAME) {
			failed = extra(u, &e, &name, bytes, &size);
			continue;
		}
		e.size = size >= 0 ? size : e.size;
		set_name(u, name.n ? name : str_mem(e.name, e.name_n));
		if (e.kind == TAR_FILE && !(u->name_n && u->name[u->name_n - 1] == '/')) {
			u->left = e.size;
			u->filling = tar_filling(e.size);
			*more = true;
			break;
		}
		failed = pass(u, e.size + (int64_t)tar_filling(e.size));
		name = STR_NONE;
		size = -1;
	}
	free(bytes);
	return failed;
}

/* ── all kinds ── */

static err begin(struct unpack *u) {
	unsigned char magic[4] = {0};
	struct stat st;
	if (fstat(u->fd, &st) || pread(u->fd, magic, sizeof magic, 0) < 0)
		return err_private(ERR_UNAVAILABLE, "an archive cannot be read: %m");
	u->file_size = st.st_size;
	u->in = xmalloc(UNPACK_PIECE);
	crypto_hash_sha256_init(&u->digest);
	if (memcmp(magic, "PK\3\4", 4) == 0) {
		u->packing = PACKED_ZIP;
		return unpack_zip_open(u);
	}
	if (magic[0] == 0x1f && magic[1] == 0x8b) {
		u->packing = PACKED_GZIP;
		u->z_open = true;
		must(inflateInit2(&u->z, 15 + 16) == Z_OK);
	} else if (memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0) {
		u->packing = PACKED_ZSTD;
		u->zstd = ZSTD_createDStream();
		must(u->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)));
	} else if (st.st_size < TAR_BLOCK) {
		return err_public(ERR_INVALID, "The file is no archive: neither zip nor tar");
	}
	return NULL;
}

err unpack_open(struct unpack **out, int fd, int64_t limit) {
	struct unpack *u = xcalloc(1, sizeof *u);
	u->fd = fd;
	u->limit = limit;
	*out = u;
	err e = begin(u);
	if (!e)
		return NULL;
	struct err kept = *e;
	unpack_close(out);
	return err_copy(&kept);
}

void unpack_close(struct unpack **u) {
	if (!*u)
		return;
	if ((*u)->z_open)
		inflateEnd(&(*u)->z);
	ZSTD_freeDStream((*u)->zstd);
	free((*u)->directory);
	free((*u)->in);
	free(*u);
	*u = NULL;
}

err unpack_next(struct unpack *u, struct unpack_entry *out, bool *more) {
	*more = false;
	if (u->ended)
		return NULL;
	TRY(u->packing == PACKED_ZIP ? unpack_zip_next(u, more) : tar_next(u, more));
	u->ended = !*more;
	*out = (struct unpack_entry){str_mem(u->name, u->name_n), u->left};
	return NULL;
}

err unpack_read(struct unpack *u, void *to, size_t n, size_t *got) {
	*got = 0;
	if ((int64_t)n > u->left)
		n = (size_t)u->left;
	if (u->packing == PACKED_ZIP)
		return unpack_zip_read(u, to, n, got);
	if (!n)
		return NULL;
	TRY(some(u, to, n, got));
	u->left -= (int64_t)*got;
	return *got ? NULL : unpack_damaged(u, "it ends too early");
}

int64_t unpack_position(const struct unpack *u) { return u->at; }

void unpack_digest(const struct unpack *u, unsigned char out[32]) {
	crypto_hash_sha256_state at = u->digest_before;
	crypto_hash_sha256_final(&at, out);
}
