#include "move/tarball.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/must.h"
#include "wire/tar.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

enum { LEVEL = 3 };

struct tarball {
	struct arena *arena;
	struct str file, part; /* empty: fd is the caller's */
	int fd;
	ZSTD_CCtx *zstd;
	char *out;
	size_t out_n;
	int64_t written;
	int64_t left; /* of the entry */
	size_t filling;
	crypto_hash_sha256_state digest;
};

static err unwritable(const struct tarball *t) {
	return err_public(ERR_UNAVAILABLE, "%s cannot be written: %s", t->part.n ? t->part.p : "the archive", strerror(errno));
}

void tarball_into(struct tarball **out, int fd) {
	struct tarball *t = *out = xcalloc(1, sizeof *t);
	t->arena = arena_new();
	t->fd = fd;
	t->zstd = ZSTD_createCCtx();
	t->out_n = ZSTD_CStreamOutSize();
	t->out = xmalloc(t->out_n);
	crypto_hash_sha256_init(&t->digest);
	must(t->zstd && !ZSTD_isError(ZSTD_CCtx_setParameter(t->zstd, ZSTD_c_compressionLevel, LEVEL)) &&
	     !ZSTD_isError(ZSTD_CCtx_setParameter(t->zstd, ZSTD_c_checksumFlag, 1)));
}

err tarball_create(struct tarball **out, struct str file) {
	tarball_into(out, -1);
	struct tarball *t = *out;
	t->file = arena_str(t->arena, file);
	t->part = arena_printf(t->arena, "%s.part", t->file.p);
	err e = NULL;
	if (access(t->file.p, F_OK) == 0)
		e = err_public(ERR_CONFLICT, "%s is there already", t->file.p);
	else if ((t->fd = open(t->part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) < 0)
		e = unwritable(t);
	if (!e)
		return NULL;
	struct err kept = *e;
	tarball_drop(out);
	return err_copy(&kept);
}

static err put(struct tarball *t, const char *p, size_t n) {
	while (n) {
		ssize_t w = write(t->fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return unwritable(t);
		p += w;
		n -= (size_t)w;
		t->written += w;
	}
	return NULL;
}

static err pack(struct tarball *t, struct str bytes, ZSTD_EndDirective how) {
	ZSTD_inBuffer in = {bytes.p, bytes.n, 0};
	size_t more;
	crypto_hash_sha256_update(&t->digest, (const unsigned char *)bytes.p, bytes.n);
	do {
		ZSTD_outBuffer out = {t->out, t->out_n, 0};
		more = ZSTD_compressStream2(t->zstd, &out, &in, how);
		must(!ZSTD_isError(more));
		TRY(put(t, t->out, out.pos));
	} while (in.pos < in.size || (how == ZSTD_e_end && more));
	return NULL;
}

static const char zeros[2 * TAR_BLOCK];

static err end_entry(struct tarball *t) {
	must(!t->left);
	TRY(pack(t, str_mem(zeros, t->filling), ZSTD_e_continue));
	t->filling = 0;
	return NULL;
}

err tarball_entry(struct tarball *t, struct str name, int64_t size) {
	char block[TAR_BLOCK];
	TRY(end_entry(t));
	tar_write(block, name, size, clock_ms() / 1000);
	t->left = size;
	t->filling = tar_filling(size);
	return pack(t, str_mem(block, sizeof block), ZSTD_e_continue);
}

err tarball_write(struct tarball *t, struct str bytes) {
	must((int64_t)bytes.n <= t->left);
	t->left -= (int64_t)bytes.n;
	return pack(t, bytes, ZSTD_e_continue);
}

err tarball_digest(struct tarball *t, unsigned char out[32]) {
	TRY(end_entry(t));
	crypto_hash_sha256_state now = t->digest;
	crypto_hash_sha256_final(&now, out);
	return NULL;
}

int64_t tarball_size(const struct tarball *t) { return t->written; }

static void close_tarball(struct tarball **t) {
	if ((*t)->part.n && (*t)->fd >= 0)
		close((*t)->fd);
	ZSTD_freeCCtx((*t)->zstd);
	free((*t)->out);
	arena_free(&(*t)->arena);
	free(*t);
	*t = NULL;
}

/* The name too has to be on stable storage. */
static err settle(struct tarball *t) {
	if (fsync(t->fd) || link(t->part.p, t->file.p) || unlink(t->part.p))
		return unwritable(t);
	struct str copy = arena_str(t->arena, t->file);
	int dir = open(dirname((char *)(uintptr_t)copy.p), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = dir >= 0 && fsync(dir) == 0;
	if (dir >= 0)
		close(dir);
	return ok ? NULL : unwritable(t);
}

static err finish(struct tarball *t) {
	TRY(end_entry(t));
	TRY(pack(t, str_mem(zeros, sizeof zeros), ZSTD_e_end));
	return t->part.n ? settle(t) : NULL;
}

err tarball_finish(struct tarball **t) {
	err e = finish(*t);
	if (e) {
		struct err kept = *e;
		tarball_drop(t);
		return err_copy(&kept);
	}
	close_tarball(t);
	return NULL;
}

void tarball_drop(struct tarball **t) {
	if (!*t)
		return;
	if ((*t)->part.n && (*t)->fd >= 0)
		unlink((*t)->part.p);
	close_tarball(t);
}
