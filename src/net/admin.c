#include "net/admin.h"

#include "base/arena.h"
#include "base/must.h"
#include "base/thread.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A client that stalls in the middle of its request must not hold up the next. */
enum { STALL_SECONDS = 5 };

struct admin {
	char *path;
	int fd, stop;
	pthread_t thread;
	admin_fn fn;
	void *ctx;
};

/* A path in sun_path is short; through the folder's descriptor any path is. The folder stays open in *folder. */
static err socket_name(struct str path, int *folder, struct sockaddr_un *name) {
	size_t slash = path.n;
	while (slash > 0 && path.p[slash - 1] != '/')
		slash--;
	char dir[4096];
	int n = snprintf(dir, sizeof dir, "%.*s", S_ARG(slash ? str_first(path, slash) : S(".")));
	*folder = (size_t)n < sizeof dir ? open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	if (*folder < 0)
		return err_private(ERR_NOT_FOUND, "no folder of %.*s: %s", S_ARG(path), strerror(errno));
	name->sun_family = AF_UNIX;
	struct str file = str_skip(path, slash);
	if ((size_t)snprintf(name->sun_path, sizeof name->sun_path, "/proc/self/fd/%d/%.*s", *folder, S_ARG(file)) >= sizeof name->sun_path)
		return err_private(ERR_INVALID, "the name %.*s is too long for a socket", S_ARG(file));
	return NULL;
}

static bool read_all(int fd, void *to, size_t n) {
	for (char *p = to; n;) {
		ssize_t got = recv(fd, p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static bool write_all(int fd, struct str bytes) {
	while (bytes.n) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

static void put_number(struct buf *b, uint32_t n) {
	n = htonl(n);
	buf_put(b, str_mem(&n, sizeof n));
}

static void put_bytes(struct buf *b, struct str s) {
	put_number(b, (uint32_t)s.n);
	buf_put(b, s);
}

static bool read_number(int fd, uint32_t *n) {
	if (!read_all(fd, n, sizeof *n))
		return false;
	*n = ntohl(*n);
	return true;
}

/* ── the server's side ── */

static bool may_command(int fd) {
	struct ucred who;
	socklen_t n = sizeof who;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 && (who.uid == 0 || who.uid == geteuid());
}

static bool read_words(int fd, struct arena *a, uint32_t *argc, char ***argv) {
	uint32_t total = 0;
	if (!read_number(fd, argc) || *argc == 0 || *argc > ADMIN_MAX_WORDS)
		return false;
	*argv = arena_many(a, char *, *argc + 1);
	for (uint32_t i = 0; i < *argc; i++) {
		uint32_t n;
		if (!read_number(fd, &n) || n > ADMIN_MAX_BYTES || (total += n) > ADMIN_MAX_BYTES)
			return false;
		char *word = arena_zero(a, n + 1);
		if (!read_all(fd, word, n))
			return false;
		(*argv)[i] = word;
	}
	return true;
}

static void serve_one(struct admin *a, int fd) {
	struct timeval stall = {.tv_sec = STALL_SECONDS};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof stall);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
	struct arena *memory = arena_new();
	uint32_t argc;
	char **argv;
	if (may_command(fd) && read_words(fd, memory, &argc, &argv)) {
		BUF_AUTO out = {0};
		BUF_AUTO errors = {0};
		BUF_AUTO answer = {0};
		put_number(&answer, (uint32_t)a->fn(a->ctx, (int)argc, argv, &out, &errors));
		put_bytes(&answer, buf_str(&out));
		put_bytes(&answer, buf_str(&errors));
		write_all(fd, buf_str(&answer));
	}
	arena_free(&memory);
}

static void *run(void *arg) {
	struct admin *a = arg;
	struct pollfd p[2] = {{.fd = a->fd, .events = POLLIN}, {.fd = a->stop, .events = POLLIN}};
	while (poll(p, 2, -1) >= 0 || errno == EINTR) {
		if (p[1].revents)
			break;
		int fd = accept4(a->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		serve_one(a, fd);
		close(fd);
	}
	return NULL;
}

static err listen_at(struct str path, int *fd) {
	struct sockaddr_un name = {0};
	int folder = -1;
	err e = socket_name(path, &folder, &name);
	if (!e) {
		*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		unlink(name.sun_path);
		mode_t before = umask(0177);
		bool bound = *fd >= 0 && bind(*fd, (struct sockaddr *)&name, sizeof name) == 0 && listen(*fd, 16) == 0;
		umask(before);
		if (!bound)
			e = err_private(ERR_UNAVAILABLE, "cannot listen on %.*s: %s", S_ARG(path), strerror(errno));
	}
	if (folder >= 0)
		close(folder);
	return e;
}

err admin_start(struct admin **out, struct str path, admin_fn fn, void *ctx) {
	struct admin *a = xcalloc(1, sizeof *a);
	*a = (struct admin){.fd = -1, .stop = eventfd(0, EFD_CLOEXEC), .fn = fn, .ctx = ctx, .path = strndup(path.p, path.n)};
	err e = listen_at(path, &a->fd);
	if (!e && (a->stop < 0 || !thread_start(&a->thread, "admin socket", run, a)))
		e = err_private(ERR_UNAVAILABLE, "cannot start the admin socket's thread");
	if (!e) {
		*out = a;
		return NULL;
	}
	if (a->fd >= 0)
		close(a->fd);
	if (a->stop >= 0)
		close(a->stop);
	free(a->path);
	free(a);
	return e;
}

void admin_stop(struct admin **ap) {
	struct admin *a = *ap;
	if (!a)
		return;
	eventfd_write(a->stop, 1);
	pthread_join(a->thread, NULL);
	unlink(a->path);
	close(a->fd);
	close(a->stop);
	free(a->path);
	free(a);
	*ap = NULL;
}

/* ── the client's side ── */

static err connect_to(struct str path, int *fd) {
	struct sockaddr_un name = {0};
	int folder = -1;
	err e = socket_name(path, &folder, &name);
	if (!e) {
		*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (*fd < 0 || connect(*fd, (struct sockaddr *)&name, sizeof name) != 0)
			e = err_private(ERR_NOT_FOUND, "no server listens on %.*s: %s", S_ARG(path), strerror(errno));
	}
	if (folder >= 0)
		close(folder);
	return e;
}

static bool read_bytes(int fd, struct buf *to) {
	uint32_t n;
	if (!read_number(fd, &n))
		return false;
	buf_reserve(to, n);
	if (!read_all(fd, to->p + to->n, n))
		return false;
	to->n += n;
	return true;
}

err admin_call(struct str path, int argc, char **argv, int *status, struct buf *out, struct buf *errors) {
	int fd = -1;
	uint32_t code;
	BUF_AUTO request = {0};
	err e = connect_to(path, &fd);
	put_number(&request, (uint32_t)argc);
	for (int i = 0; i < argc; i++)
		put_bytes(&request, str_of(argv[i]));
	if (!e && !(write_all(fd, buf_str(&request)) && read_number(fd, &code) && read_bytes(fd, out) && read_bytes(fd, errors)))
		e = err_public(ERR_UNAVAILABLE, "The server ended the connection before the command was done");
	if (!e)
		*status = (int)code;
	if (fd >= 0)
		close(fd);
	return e;
}
