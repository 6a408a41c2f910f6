#include "media/walls.h"

#include "base/clock.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRAP_MOST = 64, INNER_FDS = 4, TICK_MS = 1000 };

/* The child sees itself as /freehold-media, wherever it is installed. */
static const char inside[] = "/freehold-media";

/* The libraries of ffmpeg are partly found through /etc/alternatives. */
static const char *const wrap[] = {
    "bwrap",
    "--unshare-all",
    "--unshare-user",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    "--cap-drop",
    "ALL",
    "--hostname",
    "media",
    "--ro-bind",
    "/usr",
    "/usr",
    "--symlink",
    "usr/lib",
    "/lib",
    "--symlink",
    "usr/lib64",
    "/lib64",
    "--ro-bind-try",
    "/etc/ld.so.cache",
    "/etc/ld.so.cache",
    "--ro-bind-try",
    "/etc/alternatives",
    "/etc/alternatives",
    "--size",
    "16777216",
    "--tmpfs",
    "/tmp",
    "--chdir",
    "/",
};

/* argv has room for WRAP_MOST. */
static size_t bubblewrap_args(const char **argv, const struct child_run *run) {
	size_t n = sizeof wrap / sizeof *wrap;
	memcpy(argv, wrap, sizeof wrap);
	const char *const program[] = {"--ro-bind", run->program, inside};
	memcpy(argv + n, program, sizeof program);
	n += 3;
	if (run->input) {
		const char *const files[] = {"--ro-bind", run->input, CHILD_INPUT, "--bind", run->output, CHILD_OUTPUT};
		memcpy(argv + n, files, sizeof files);
		n += 6;
	}
	argv[n++] = "--remount-ro";
	argv[n++] = "/";
	argv[n++] = "--";
	argv[n++] = inside;
	must(n <= WRAP_MOST);
	return n;
}

/* The descriptors 0 to 3, in order, and no other. They are first moved out of each other's way: above all that may be open at 0 to 3. */
static err lay_descriptors(posix_spawn_file_actions_t *actions, const struct child_run *run, int moved[INNER_FDS]) {
	const int from[INNER_FDS] = {run->in, run->line, run->complaint, run->out};
	for (int i = 0; i < INNER_FDS; i++) {
		moved[i] = fcntl(from[i], F_DUPFD_CLOEXEC, 64);
		if (moved[i] < 0)
			return err_private(ERR_UNAVAILABLE, "media: no descriptor left: %s", strerror(errno));
		must(posix_spawn_file_actions_adddup2(actions, moved[i], i) == 0);
	}
	must(posix_spawn_file_actions_addclosefrom_np(actions, INNER_FDS) == 0);
	return NULL;
}

static err start(const struct child_run *run, pid_t *pid) {
	static char *const no_environment[] = {NULL};
	size_t n = 0, count = 0;
	while (run->args[count])
		count++;
	const char **argv = xcalloc(WRAP_MOST + count + 1, sizeof *argv);
	if (run->bubblewrap)
		n = bubblewrap_args(argv, run);
	else
		argv[n++] = run->program;
	memcpy(argv + n, run->args, count * sizeof *argv);

	int moved[INNER_FDS] = {-1, -1, -1, -1};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	must(posix_spawn_file_actions_init(&actions) == 0 && posix_spawnattr_init(&attr) == 0);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	/* A server that may take ports below 1024 hands that right on in its ambient set, and bubblewrap refuses to start with any. */
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	err e = lay_descriptors(&actions, run, moved);
	if (!e) {
		/* posix_spawn wants char *const[], and writes to none of them. */
		union {
			const char **in;
			char **out;
		} args = {argv};
		int failed = posix_spawnp(pid, run->bubblewrap ? "bwrap" : run->program, &actions, &attr, args.out, no_environment);
		if (failed)
			e = err_private(ERR_UNAVAILABLE, "media: %s cannot be started: %s", run->bubblewrap ? "bwrap" : run->program,
			                strerror(failed));
	}
	for (int i = 0; i < INNER_FDS; i++)
		if (moved[i] >= 0)
			close(moved[i]);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	free(argv);
	return e;
}

/* 0: it ended by itself; otherwise why it must end. */
static int await(int fd, const struct child_run *run) {
	int64_t until = clock_mono_ms() + run->timeout_ms;
	struct pollfd p = {fd, POLLIN, 0};
	for (;;) {
		int64_t left = until - clock_mono_ms(), step = run->tick && left > TICK_MS ? TICK_MS : left;
		int ready = left > 0 ? poll(&p, 1, (int)(step < INT_MAX ? step : INT_MAX)) : 0;
		if (ready > 0)
			return 0;
		if (left <= 0 || (ready < 0 && errno != EINTR))
			return CHILD_TIME_OVER;
		if (run->tick && !run->tick(run->ctx))
			return CHILD_STOPPED;
	}
}

err child_run(const struct child_run *run, int *status) {
	pid_t pid;
	int s = 0;
	TRY(start(run, &pid));
	int fd = pidfd_open(pid, 0), over = fd < 0 ? CHILD_STOPPED : await(fd, run);
	/* With the first process of its pid namespace the whole namespace dies. */
	if (over)
		kill(pid, SIGKILL);
	if (fd >= 0)
		close(fd);
	while (waitpid(pid, &s, 0) < 0)
		if (errno != EINTR)
			return err_private(ERR_INTERNAL, "media: waiting for the child: %s", strerror(errno));
	*status = over ? over : WIFEXITED(s) ? WEXITSTATUS(s) : 128 + WTERMSIG(s);
	return NULL;
}
