#include "net/program.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID_MOST = 8192 };

char *program_word(struct arena *a, struct str s) { return memcpy(arena_zero(a, s.n + 1), s.p, s.n); }

struct running {
	pid_t pid;
	int in, out; /* our ends of its input and output; -1: closed */
	struct str rest;
	struct buf *said;
};

static void shut(int *fd) {
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int spawn(const struct program *c, const int in[2], const int out[2], pid_t *pid) {
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	if (out[1] >= 0) {
		posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
		posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
	}
	int why = posix_spawn(pid, c->path, &actions, NULL, c->argv, c->env ? c->env : environ);
	posix_spawn_file_actions_destroy(&actions);
	return why;
}

static err start(const struct program *c, struct running *r) {
	int in[2], out[2] = {-1, -1};
	if (pipe2(in, O_CLOEXEC) != 0)
		return err_private(ERR_UNAVAILABLE, "cannot run %s: %s", c->path, strerror(errno));
	int why = r->said && pipe2(out, O_CLOEXEC) != 0 ? errno : spawn(c, in, out, &r->pid);
	r->in = in[1];
	r->out = out[0];
	shut(&in[0]);
	shut(&out[1]);
	if (why == 0) {
		fcntl(r->in, F_SETFL, O_NONBLOCK);
		if (r->out >= 0)
			fcntl(r->out, F_SETFL, O_NONBLOCK);
		return NULL;
	}
	shut(&r->in);
	shut(&r->out);
	return err_private(ERR_UNAVAILABLE, "cannot run %s: %s", c->path, strerror(why));
}

/* Whoever does not read what we say is told so by the end of it. */
static void give(struct running *r) {
	while (r->rest.n) {
		ssize_t n = write(r->in, r->rest.p, r->rest.n);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			break;
		r->rest = str_skip(r->rest, (size_t)n);
	}
	shut(&r->in);
}

static void take(struct running *r) {
	char text[1024];
	ssize_t n;
	while ((n = read(r->out, text, sizeof text)) > 0)
		if (r->said->n + (size_t)n <= SAID_MOST)
			buf_put(r->said, str_mem(text, (size_t)n));
	if (n == 0 || errno != EAGAIN)
		shut(&r->out);
}

/* False: the deadline came first. What a grandchild still holds open is not waited for. */
static bool follow(struct running *r, int pidfd, int64_t deadline) {
	for (;;) {
		struct pollfd fds[] = {{.fd = pidfd, .events = POLLIN}, {.fd = r->in, .events = POLLOUT}, {.fd = r->out, .events = POLLIN}};
		int64_t left = deadline - clock_mono_ms();
		if (left <= 0 || (poll(fds, 3, (int)left) < 0 && errno != EINTR))
			return false;
		if (fds[1].revents)
			give(r);
		if (fds[2].revents || (fds[0].revents && r->out >= 0))
			take(r);
		if (fds[0].revents)
			return true;
	}
}

/* Its last line, which is where programs say what ailed them. */
static struct str last_line(const struct buf *said) {
	struct str rest = str_trim(said ? buf_str(said) : STR_NONE), line = rest;
	while (rest.n)
		line = str_cut(&rest, '\n');
	return str_trim(line);
}

err program_run(const struct program *c, struct buf *said) {
	struct running r = {.rest = c->input, .said = said};
	int status = 0;
	TRY(start(c, &r));
	int pidfd = pidfd_open(r.pid, 0);
	bool ended = pidfd >= 0 && follow(&r, pidfd, clock_mono_ms() + c->timeout_ms);
	if (!ended)
		kill(r.pid, SIGKILL);
	shut(&pidfd);
	shut(&r.in);
	shut(&r.out);
	while (waitpid(r.pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_private(ERR_UNAVAILABLE, "%s cannot be waited for", c->path);
	if (!ended)
		return err_private(ERR_UNAVAILABLE, "%s was stopped after %lld s", c->path, (long long)c->timeout_ms / 1000);
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	struct str last = last_line(said);
	return code == 0 ? NULL : err_private(ERR_UNAVAILABLE, "%s ended with %d%s%.*s", c->path, code, last.n ? ": " : "", S_ARG(last));
}
