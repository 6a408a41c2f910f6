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
	bool has_secret;
	char secret[32];
};

/* "ab/cd/abcd…": room for the name, its two folders, their slashes and the NUL. */
struct place {
	char path[3 + 3 + 2 * BLOB_NAME + 1];
};

enum { BLOCK = 256 * 1024 };

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
static err make_folders(struct files *f, const struct place *at, bool durable) {
	char path[6];
	memcpy(path, at->path, 5);
	path[5] = 0;
	path[2] = 0;
	if (mkdirat(f->dir, path, 0700) == 0)
		TRY(durable ? sync_folder(f, ".") : NULL);
	else if (errno != EEXIST)
		return disk("make a folder");
	path[2] = '/';
	if (mkdirat(f->dir, path, 0700) == 0) {
		path[2] = 0;
		TRY(durable ? sync_folder(f, path) : NULL);
	} else if (errno != EEXIST) {
		return disk("make a folder");
	}
	return NULL;
}

static err files_look(struct blobs *b, const struct blob_name *n, bool *there, int64_t *size) {
	struct place at = place_of(n);
	struct stat st = {0};
	*there = fstatat(of(b)->dir, at.path, &st, 0) == 0;
	*size = st.st_size;
	return *there || errno == ENOENT ? NULL : disk("look up");
}

/* ── seals ── */

/* The nanoseconds of a file's time say that nobody wrote to it since it was put: any write changes them. */
static long seal_of(const struct blob_name *n, int64_t seconds, int64_t size) {
	char text[BLOB_NAME + 16];
	memcpy(text, n->b, BLOB_NAME);
	memcpy(text + BLOB_NAME, &seconds, 8);
	memcpy(text + BLOB_NAME + 8, &size, 8);
	return (long)(str_hash(str_mem(text, sizeof text)) % 1000000000);
}

static bool seal(int fd, const struct blob_name *n, int64_t seconds, int64_t size) {
	const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {seconds, seal_of(n, seconds, size)}};
	return futimens(fd, times) == 0;
}

/* A broken seal may be a backup's doing: then the bytes themselves are asked, and the seal is made anew. */
static err check(struct files *f, const struct blob_name *n, int fd, const struct stat *st) {
	struct blob_name name;
	int64_t size;
	if (st->st_mtim.tv_nsec == seal_of(n, st->st_mtim.tv_sec, st->st_size) || !f->has_secret)
		return NULL;
	TRY(blob_name_of_file(f->secret, fd, &name, &size));
	if (memcmp(name.b, n->b, BLOB_NAME) != 0)
		return err_private(ERR_STORE, "blobs: %s holds other bytes than its name says", place_of(n).path);
	seal(fd, n, st->st_mtim.tv_sec, size);
	return NULL;
}

/* ── putting ── */

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

static err write_content(int fd, const struct blob_name *n, const struct blob_content *c) {
	bool written = (c->bytes.p ? write_all(fd, c->bytes) : copy_all(fd, c->fd, c->size)) && seal(fd, n, time(NULL), c->size) &&
	               (c->loose || fsync(fd) == 0);
	return written ? NULL : disk("write");
}

/* Into a file without a name, in the folder where it will stand: nothing is left of it when the process dies, and threads do not meet in
 * one folder. *done is false where the system has no such files, or the name is taken: then it is written aside. */
static err put_nameless(struct files *f, const struct place *at, const struct blob_name *n, const struct blob_content *c, bool *done) {
	char folder[6], itself[40];
	snprintf(folder, sizeof folder, "%.5s", at->path);
	int fd = openat(f->dir, folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0 && errno == ENOENT) {
		TRY(make_folders(f, at, !c->loose));
		fd = openat(f->dir, folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	}
	*done = false;
	if (fd < 0)
		return NULL;
	err e = write_content(fd, n, c);
	snprintf(itself, sizeof itself, "/proc/self/fd/%d", fd);
	*done = !e && linkat(AT_FDCWD, itself, f->dir, at->path, AT_SYMLINK_FOLLOW) == 0;
	close(fd);
	return e;
}

static err put_aside(struct files *f, const struct place *at, const struct blob_name *n, const struct blob_content *c) {
	uint64_t random;
	char aside[24];
	TRY(make_folders(f, at, !c->loose));
	random_bytes(&random, sizeof random);
	snprintf(aside, sizeof aside, "%016llx", (unsigned long long)random);
	int fd = openat(f->fresh, aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return disk("create");
	err e = write_content(fd, n, c);
	close(fd);
	if (!e && renameat(f->fresh, aside, f->dir, at->path) != 0)
		e = disk("rename");
	if (e)
		unlinkat(f->fresh, aside, 0);
	return e;
}

static err files_put(struct blobs *b, const struct blob_name *n, const struct blob_content *c) {
	struct files *f = of(b);
	struct place at = place_of(n);
	bool there = false;
	int64_t size;
	TRY(c->absent ? NULL : files_look(b, n, &there, &size));
	if (there && size == c->size)
		return NULL;
	TRY(put_nameless(f, &at, n, c, &there));
	TRY(there ? NULL : put_aside(f, &at, n, c));
	if (c->loose)
		return NULL;
	at.path[5] = 0;
	return sync_folder(f, at.path);
}

static err files_settle(struct blobs *b) { return syncfs(of(b)->dir) == 0 ? NULL : disk("sync"); }

/* ── reading ── */

static err files_open(struct blobs *b, const struct blob_name *n, int *fd, int64_t *size) {
	struct place at = place_of(n);
	struct stat st;
	*fd = openat(of(b)->dir, at.path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return errno == ENOENT ? err_plain(ERR_NOT_FOUND) : disk("open");
	err e = fstat(*fd, &st) == 0 ? check(of(b), n, *fd, &st) : disk("stat");
	*size = st.st_size;
	if (e)
		close(*fd);
	return e;
}

static err files_serve(struct blobs *b, const struct blob_name *n, struct blob_served *out) {
	*out = (struct blob_served){.fd = -1};
	return files_open(b, n, &out->fd, &out->size);
}

/* A broken seal is for whoever has time to read the whole file. */
static bool files_serve_now(struct blobs *b, const struct blob_name *n, struct blob_served *out) {
	struct place at = place_of(n);
	struct stat st;
	*out = (struct blob_served){.fd = openat(of(b)->dir, at.path, O_RDONLY | O_CLOEXEC)};
	if (out->fd < 0)
		return false;
	out->size = fstat(out->fd, &st) == 0 ? st.st_size : -1;
	if (out->size >= 0 && (st.st_mtim.tv_nsec == seal_of(n, st.st_mtim.tv_sec, st.st_size) || !of(b)->has_secret))
		return true;
	close(out->fd);
	return false;
}

static err push(int fd, int64_t offset, int64_t end, blob_sink sink, void *ctx) {
	char *block = xmalloc(BLOCK);
	err e = NULL;
	while (offset < end && !e) {
		ssize_t n = pread(fd, block, end - offset < BLOCK ? (size_t)(end - offset) : BLOCK, offset);
		if (n < 0 && errno == EINTR)
			continue;
		e = n > 0 ? sink(ctx, (struct str){block, (size_t)n})
		    : n   ? disk("read")
		          : err_private(ERR_STORE, "blobs: a file became shorter");
		offset += n > 0 ? n : 0;
	}
	free(block);
	return e;
}

static err files_read(struct blobs *b, const struct blob_name *n, int64_t offset, int64_t length, blob_sink sink, void *ctx) {
	int fd;
	int64_t size;
	TRY(files_open(b, n, &fd, &size));
	int64_t end = length < 0 || length > size - offset ? size : offset + length;
	err e = offset < 0 || offset > size ? err_private(ERR_RANGE, "blobs: a range outside") : push(fd, offset, end, sink, ctx);
	close(fd);
	return e;
}

static bool files_address(struct blobs *b, const struct blob_name *n, struct str type, int64_t seconds, struct buf *out) { return false; }

static bool files_clone(struct blobs *b, struct blobs *from, const struct blob_item *item, err *e) { return false; }

static err files_drop(struct blobs *b, const struct blob_name *n, size_t count) {
	for (size_t i = 0; i < count; i++) {
		struct place at = place_of(&n[i]);
		if (unlinkat(of(b)->dir, at.path, 0) != 0 && errno != ENOENT)
			return disk("remove");
	}
	return NULL;
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

static const struct blob_ops ops = {
    .put = files_put,
    .look = files_look,
    .read = files_read,
    .open = files_open,
    .serve = files_serve,
    .serve_now = files_serve_now,
    .address = files_address,
    .drop = files_drop,
    .list = files_list,
    .clone = files_clone,
    .settle = files_settle,
    .room = files_room,
    .close = files_close,
};

err blob_files_open(struct blobs **out, struct str dir, const char *secret) {
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
	*f = (struct files){.blobs = {&ops}, .dir = top, .fresh = fresh, .has_secret = secret != NULL};
	if (secret)
		memcpy(f->secret, secret, sizeof f->secret);
	*out = &f->blobs;
	return NULL;
}
