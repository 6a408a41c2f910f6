#include "blob/parts.h"

#include "base/must.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

struct parts {
	int dir;
};

struct part_name {
	char text[24];
};

static struct part_name name_of(int64_t id) {
	struct part_name name;
	snprintf(name.text, sizeof name.text, "%lld", (long long)id);
	return name;
}

static err disk(const char *what) { return err_private(ERR_UNAVAILABLE, "uploads: %s: %s", what, strerror(errno)); }

/* Another node's job may have forgotten what lies here. */
static void clear_old(struct parts *p, int64_t keep_s) {
	struct arena *a = arena_new();
	struct stat st;
	int64_t *ids;
	size_t n = 0;
	time_t long_ago = time(NULL) - (time_t)keep_s;
	if (parts_list(a, p, &ids, &n))
		n = 0;
	for (size_t i = 0; i < n; i++)
		if (fstatat(p->dir, name_of(ids[i]).text, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_mtime < long_ago)
			(void)parts_drop(p, ids[i]);
	arena_free(&a);
}

err parts_open(struct parts **out, struct str dir, int64_t keep_s) {
	char path[4096];
	if ((size_t)snprintf(path, sizeof path, "%.*s", S_ARG(dir)) >= sizeof path)
		return err_private(ERR_UNAVAILABLE, "uploads: the folder's name is too long");
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return disk(path);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return disk(path);
	*out = xcalloc(1, sizeof **out);
	(*out)->dir = fd;
	clear_old(*out, keep_s);
	return NULL;
}

void parts_close(struct parts **p) {
	if (!*p)
		return;
	close((*p)->dir);
	free(*p);
	*p = NULL;
}

/* A file that is new is named in its folder durably before anything is put into it. */
static err measure(struct parts *p, int fd, int64_t *size) {
	struct stat st;
	if (fstat(fd, &st) != 0)
		return disk("stat");
	*size = st.st_size;
	return *size || fsync(p->dir) == 0 ? NULL : disk("sync the folder");
}

err parts_lock(struct parts *p, int64_t id, int *fd, int64_t *size) {
	*fd = openat(p->dir, name_of(id).text, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd < 0)
		return disk("open");
	err e = NULL;
	if (flock(*fd, LOCK_EX | LOCK_NB) != 0)
		e = errno == EWOULDBLOCK ? err_plain(ERR_LOCKED) : disk("lock");
	if (!e)
		e = measure(p, *fd, size);
	if (e) {
		close(*fd);
		*fd = -1;
	}
	return e;
}

err parts_sync(int fd) { return fsync(fd) == 0 ? NULL : disk("sync"); }

err parts_size(struct parts *p, int64_t id, int64_t *size) {
	struct stat st;
	*size = 0;
	int fd = openat(p->dir, name_of(id).text, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? NULL : disk("open");
	/* Measured first: what comes after it is not yet synced. */
	err e = fstat(fd, &st) == 0 ? parts_sync(fd) : disk("stat");
	close(fd);
	*size = st.st_size;
	return e;
}

err parts_drop(struct parts *p, int64_t id) {
	return unlinkat(p->dir, name_of(id).text, 0) == 0 || errno == ENOENT ? NULL : disk("remove");
}

err parts_list(struct arena *a, struct parts *p, int64_t **ids, size_t *n) {
	VEC(int64_t) found = {0};
	int64_t id;
	int fd = openat(p->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d)
		return disk("read the folder");
	for (struct dirent *entry; (entry = readdir(d));)
		if (str_i64(str_of(entry->d_name), &id))
			vec_push(a, &found, id);
	closedir(d);
	*ids = found.v;
	*n = found.n;
	return NULL;
}

int64_t parts_room(struct parts *p) {
	struct statvfs st;
	return fstatvfs(p->dir, &st) == 0 ? (int64_t)(st.f_bavail * st.f_frsize) : INT64_MAX;
}
