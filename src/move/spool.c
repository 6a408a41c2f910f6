#include "move/spool.h"

#include "base/must.h"
#include "base/vec.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PIECE = 128 * 1024 };
static const int64_t floor_bytes = (int64_t)1 << 30; /* stays free on the disk */

/* Found by the last part of its path, which both Mastodon and X make unique. */
struct file {
	uint64_t hash;
	struct str path;
	int64_t offset, size;
};
struct spool {
	int fd;
	int64_t at;
	struct arena *arena;
	VEC(struct file) files;
};

static struct str last_part(struct str path) {
	size_t at = path.n;
	while (at && path.p[at - 1] != '/')
		at--;
	return str_skip(path, at);
}

static bool is_wanted(const struct unpack_entry *e, int64_t most) {
	return (str_find(e->name, S("_media/")) >= 0 || str_find(e->name, S("media_attachments/")) >= 0) && e->size > 0 && e->size <= most;
}

static err check_room(const struct spool *s, int64_t size) {
	struct statvfs disk;
	if (fstatvfs(s->fd, &disk) == 0 && (int64_t)(disk.f_bavail * disk.f_frsize) < size + floor_bytes)
		return err_public(ERR_UNAVAILABLE, "There is not enough room on the disk");
	return NULL;
}

static err keep(struct spool *s, struct unpack *u, const struct unpack_entry *e) {
	char piece[PIECE];
	size_t got;
	struct file f = {str_hash(last_part(e->name)), arena_str(s->arena, e->name), s->at, e->size};
	TRY(check_room(s, e->size));
	do {
		TRY(unpack_read(u, piece, sizeof piece, &got));
		if (got && pwrite(s->fd, piece, got, s->at) != (ssize_t)got)
			return err_private(ERR_UNAVAILABLE, "a file cannot be put aside: %m");
		s->at += (int64_t)got;
	} while (got);
	vec_push(NULL, &s->files, f);
	return NULL;
}

static int by_hash(const void *a, const void *b) {
	uint64_t x = ((const struct file *)a)->hash, y = ((const struct file *)b)->hash;
	return (x > y) - (x < y);
}

static err fill(struct spool *s, struct unpack *u, int64_t most) {
	struct unpack_entry e;
	bool more;
	for (;;) {
		TRY(unpack_next(u, &e, &more));
		if (!more)
			break;
		if (s->files.n < SPOOL_FILES_MAX && is_wanted(&e, most))
			TRY(keep(s, u, &e));
	}
	if (s->files.n)
		qsort(s->files.v, s->files.n, sizeof *s->files.v, by_hash);
	return NULL;
}

err spool_fill(struct spool **out, struct str dir, struct unpack *u, int64_t most) {
	struct spool *s = xcalloc(1, sizeof *s);
	s->arena = arena_new();
	s->fd = open(arena_str(s->arena, dir).p, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	*out = s;
	err e = s->fd < 0 ? err_private(ERR_UNAVAILABLE, "a file cannot be put aside: %m") : fill(s, u, most);
	if (!e)
		return NULL;
	struct err kept = *e;
	spool_free(out);
	return err_copy(&kept);
}

void spool_free(struct spool **s) {
	if (!*s)
		return;
	if ((*s)->fd >= 0)
		close((*s)->fd);
	vec_free(&(*s)->files);
	arena_free(&(*s)->arena);
	free(*s);
	*s = NULL;
}

bool spool_find(const struct spool *s, struct str path, struct spooled *out) {
	uint64_t hash = str_hash(last_part(path));
	size_t low = 0, high = s->files.n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (s->files.v[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	while (str_starts(path, S("/")))
		path = str_skip(path, 1);
	for (; low < s->files.n && s->files.v[low].hash == hash; low++) {
		if (!str_ends(s->files.v[low].path, path))
			continue;
		*out = (struct spooled){s->fd, s->files.v[low].offset, s->files.v[low].size};
		return true;
	}
	return false;
}
