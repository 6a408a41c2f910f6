#include "ops/film_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static err io(const char *what) { return err_private(ERR_UNAVAILABLE, "media: %s: %s", what, strerror(errno)); }

/* ── the folder ── */

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at) { return remove(path); }

static void remove_all(const char *path) { nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS); }

static err top_folder(const struct site *site, char out[PATH_MAX]) {
	char data[PATH_MAX], real[PATH_MAX];
	snprintf(data, sizeof data, "%.*s", S_ARG(site->data_dir));
	if (!realpath(data, real) || (size_t)snprintf(out, PATH_MAX, "%s/work", real) >= PATH_MAX - 64)
		return io("the work folder");
	return NULL;
}

void film_folders_clear(const struct site *site) {
	char top[PATH_MAX];
	if (!top_folder(site, top))
		remove_all(top);
}

err film_folder_make(const struct site *site, int64_t id, struct film_folder *out) {
	char top[PATH_MAX];
	TRY(top_folder(site, top));
	if (mkdir(top, 0700) != 0 && errno != EEXIST)
		return io("making the work folder");
	snprintf(out->path, sizeof out->path, "%.*s/%lld", PATH_MAX - 64, top, (long long)id);
	remove_all(out->path);
	snprintf(out->source, sizeof out->source, "%.*s/source", PATH_MAX - 32, out->path);
	snprintf(out->made, sizeof out->made, "%.*s/made", PATH_MAX - 32, out->path);
	out->at = (struct film_place){out->source, out->made};
	return mkdir(out->path, 0700) != 0 || mkdir(out->made, 0700) != 0 ? io("making the work folder") : NULL;
}

void film_folder_remove(struct film_folder *f) {
	if (f->path[0])
		remove_all(f->path);
	f->path[0] = 0;
}

static err copy(int from, int64_t size, const char *path) {
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return io("making a file to work on");
	off_t at = 0;
	while (at < size && sendfile(to, from, &at, (size_t)(size - at)) > 0)
		;
	int failed = close(to) || at < size;
	return failed ? io("copying a file to work on") : NULL;
}

err film_folder_fetch(const struct site *site, const struct blob_name *name, const char *path) {
	int fd;
	int64_t size;
	char link[64];
	err lost = blob_open(site->blobs, name, &fd, &size);
	if (lost)
		return lost->code == ERR_NOT_FOUND ? err_private(ERR_UNAVAILABLE, "media: the store has lost a film's bytes") : lost;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	err e = linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? NULL : copy(fd, size, path);
	close(fd);
	return e;
}

void film_folder_path(const struct film_folder *f, const char *name, char *out) {
	snprintf(out, PATH_MAX, "%.*s/%s", PATH_MAX - 64, f->made, name);
}

/* ── what was made ── */

bool film_made_open(const struct film_folder *f, const char *name, struct film_made *out) {
	char path[PATH_MAX];
	struct stat st;
	film_folder_path(f, name, path);
	*out = (struct film_made){.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
	if (out->fd < 0)
		return false;
	void *p = fstat(out->fd, &st) == 0 && st.st_size > 0 && S_ISREG(st.st_mode)
	              ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, out->fd, 0)
	              : MAP_FAILED;
	if (p != MAP_FAILED)
		out->map = str_mem(p, (size_t)st.st_size);
	return out->map.p != NULL;
}

void film_made_close(struct film_made *m) {
	if (m->map.p)
		munmap((void *)(uintptr_t)m->map.p, m->map.n);
	if (m->fd >= 0)
		close(m->fd);
	*m = (struct film_made)FILM_MADE_NONE;
}
