#include "blob/files.h"

#include "base/id.h"
#include "base/must.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

struct files {
	struct blobs blobs;
	int dir;
	int fresh; /* DIR/new */
};

/* "ab/cd/abcd…": room for the name, its two folders, their slashes and the NUL. */
struct place {
	char path[3 + 3 + 2 * BLOB_NAME + 1];
};

static struct files *of(struct blobs *b) { return (struct files *)(void *)b; }

static struct place place_of(const struct blob_name *n) {
	static const char hex[] = "0123456789abcdef";
	struct place at;
	char *p = at.path;
	for (int i = 0; i < 2; i++) {
		*p++ = hex[n->b[i] >> 4];
		*p++ = hex[n->b[i] & 15];
		*p++ = '/';
	}
	for (int i = 0; i < BLOB_NAME; i++) {
		*p++ = hex[n->b[i] >> 4];
		*p++ = hex[n->b[i] & 15];
	}
	*p = 0;
	return at;
}

static err disk(const char *what) {
	if (errno == ENOSPC || errno == EDQUOT)
		return err_private(ERR_UNAVAILABLE, "blobs: the disk is full (%s)", what);
	return err_private(ERR_UNAVAILABLE, "blobs: %s: %s", what, strerror(errno));
}

static bool write_all(int fd, struct str s) {
	while (s.n) {
		ssize_t w = write(fd, s.p, s.n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		s = str_skip(s, (size_t)w);
	}
	return true;
}

static err sync_folder(struct files *f, const char *path) {
	int fd = openat(f->dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return disk("open a folder");
	int r = fsync(fd);
	close(fd);
	return r ? disk("sync a folder") : NULL;
}

/* The folders "ab" and "ab/cd" of a place, durable before anything is put into them. */
static err make_folders(struct files *f, const struct place *at) {
	char path[6];
	memcpy(path, at->path, 5);
	path[5] = 0;
	path[2] = 0;
	if (mkdirat(f->dir, path, 0700) == 0)
		TRY(sync_folder(f, "."));
	else if (errno != EEXIST)
		return disk("make a folder");
	path[2] = '/';
	if (mkdirat(f->dir, path, 0700) == 0) {
		path[2] = 0;
		TRY(sync_folder(f, path));
	} else if (errno != EEXIST) {
		return disk("make a folder");
	}
	return NULL;
}

static err files_has(struct blobs *b, const struct blob_name *n, bool *out) {
	struct place at = place_of(n);
	struct stat st;
	*out = fstatat(of(b)->dir, at.path, &st, 0) == 0;
	return *out || errno == ENOENT ? NULL : disk("look up");
}

/* What is put: bytes in memory, or so many from the beginning of a file. */
struct content {
	struct str bytes;
	int fd;
	int64_t size;
};

static bool copy_all(int to, int from, int64_t size) {
	off_t at = 0;
	while (at < size) {
		ssize_t n = copy_file_range(from, &at, to, NULL, (size_t)(size - at), 0);
		if (n < 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP))
			n = sendfile(to, from, &at, (size_t)(size - at));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n ? errno : EIO;
			return false;
		}
	}
	return true;
}

static err put(struct blobs *b, const struct blob_name *n, const struct content *c) {
	struct files *f = of(b);
	struct place at = place_of(n);
	bool there;
	TRY(files_has(b, n, &there));
	if (there)
		return NULL;
	TRY(make_folders(f, &at));

	uint64_t random;
	char aside[24];
	random_bytes(&random, sizeof random);
	snprintf(aside, sizeof aside, "%016llx", (unsigned long long)random);
	int fd = openat(f->fresh, aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return disk("create");
	bool written = (c->bytes.p ? write_all(fd, c->bytes) : copy_all(fd, c->fd, c->size)) && fdatasync(fd) == 0;
	err e = written ? NULL : disk("write");
	close(fd);
	if (!e && renameat(f->fresh, aside, f->dir, at.path) != 0)
		e = disk("rename");
	if (e) {
		unlinkat(f->fresh, aside, 0);
		return e;
	}
	char folder[6];
	memcpy(folder, at.path, 5);
	folder[5] = 0;
	return sync_folder(f, folder);
}

static err files_put(struct blobs *b, const struct blob_name *n, struct str bytes) {
	return put(b, n, &(struct content){.bytes = bytes.p ? bytes : S("")});
}

static err files_put_file(struct blobs *b, const struct blob_name *n, int fd, int64_t size) {
	return put(b, n, &(struct content){.fd = fd, .size = size});
}

static err files_open(struct blobs *b, const struct blob_name *n, int *fd, int64_t *size) {
	struct place at = place_of(n);
	struct stat st;
	*fd = openat(of(b)->dir, at.path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return errno == ENOENT ? err_plain(ERR_NOT_FOUND) : disk("open");
	if (fstat(*fd, &st) != 0) {
		err e = disk("stat");
		close(*fd);
		return e;
	}
	*size = st.st_size;
	return NULL;
}

static err files_drop(struct blobs *b, const struct blob_name *n) {
	struct place at = place_of(n);
	return unlinkat(of(b)->dir, at.path, 0) == 0 || errno == ENOENT ? NULL : disk("remove");
}

/* ── listing ── */

static int by_name(const void *a, const void *b) { return memcmp(a, b, sizeof(struct blob_name)); }

struct listing {
	struct files *f;
	struct arena *a; /* for one folder */
	const struct blob_name *after;
	blob_seen seen;
	void *ctx;
};

/* The names in "ab/cd", sorted. */
static err read_folder(struct listing *l, const char *path, struct blob_name **out, size_t *n) {
	VEC(struct blob_name) names = {0};
	int fd = openat(l->f->dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	*n = 0;
	if (!d)
		return errno == ENOENT ? NULL : disk("list a folder");
	for (const struct dirent *entry; (entry = readdir(d));) {
		struct blob_name name;
		if (blob_name_read_hex(str_of(entry->d_name), &name) && (!l->after || by_name(&name, l->after) > 0))
			vec_push(l->a, &names, name);
	}
	closedir(d);
	if (names.n)
		qsort(names.v, names.n, sizeof *names.v, by_name);
	*out = names.v;
	*n = names.n;
	return NULL;
}

static err list_folder(struct listing *l, const char *path) {
	struct blob_name *names;
	size_t n;
	TRY(read_folder(l, path, &names, &n));
	for (size_t i = 0; i < n; i++) {
		struct place at = place_of(&names[i]);
		struct stat st;
		if (fstatat(l->f->dir, at.path, &st, 0) == 0)
			TRY(l->seen(l->ctx, &(struct blob_item){names[i], st.st_size, (int64_t)st.st_mtime * 1000}));
		else if (errno != ENOENT)
			return disk("look up");
	}
	return NULL;
}

static err files_list(struct blobs *b, const struct blob_name *after, blob_seen seen, void *ctx) {
	struct listing l = {of(b), arena_new(), after, seen, ctx};
	err e = NULL;
	for (int i = after ? after->b[0] << 8 | after->b[1] : 0; i < 65536 && !e; i++) {
		char path[6];
		snprintf(path, sizeof path, "%02x", i >> 8);
		if (faccessat(l.f->dir, path, F_OK, 0) != 0 && errno == ENOENT) {
			i |= 255;
			continue;
		}
		snprintf(path, sizeof path, "%02x/%02x", i >> 8, i & 255);
		e = list_folder(&l, path);
		arena_reset(l.a);
	}
	arena_free(&l.a);
	return e;
}

static int64_t files_room(struct blobs *b) {
	struct statvfs disk;
	return fstatvfs(of(b)->dir, &disk) == 0 ? (int64_t)(disk.f_bavail * disk.f_frsize) : INT64_MAX;
}

static void files_close(struct blobs *b) {
	close(of(b)->fresh);
	close(of(b)->dir);
	free(b);
}

/* Only what is old: another node may be writing into the same folder. */
static void clear_fresh(int fresh) {
	int fd = dup(fresh);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d)
		return;
	rewinddir(d);
	time_t long_ago = time(NULL) - 3600;
	struct stat st;
	for (struct dirent *entry; (entry = readdir(d));)
		if (fstatat(fresh, entry->d_name, &st, 0) == 0 && S_ISREG(st.st_mode) && st.st_mtime < long_ago)
			unlinkat(fresh, entry->d_name, 0);
	closedir(d);
}

err blob_files_open(struct blobs **out, struct str dir) {
	static const struct blob_ops ops = {files_put, files_put_file, files_has, files_open, files_drop, files_list, files_room, files_close};
	char path[4096];
	if (dir.n >= sizeof path)
		return err_private(ERR_UNAVAILABLE, "blobs: the folder's name is too long");
	memcpy(path, dir.p, dir.n);
	path[dir.n] = 0;
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return disk(path);
	int top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top < 0)
		return disk(path);
	if (mkdirat(top, "new", 0700) != 0 && errno != EEXIST) {
		err e = disk("make the folder for new files");
		close(top);
		return e;
	}
	int fresh = openat(top, "new", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fresh < 0) {
		err e = disk("open the folder for new files");
		close(top);
		return e;
	}
	clear_fresh(fresh);
	struct files *f = xcalloc(1, sizeof *f);
	*f = (struct files){{&ops}, top, fresh};
	*out = &f->blobs;
	return NULL;
}
