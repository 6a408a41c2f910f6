#include "ops/remote.h"

#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SSH_FAILED = 255, WORDS_MAX = REMOTE_WORDS + 16, CHUNK = 64 * 1024, LOOK_MS = 100 };

/* ── being interrupted ── */

/* They stay pending for good: that is how it is known. */
void remote_watch_signals(void) {
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

bool remote_interrupted(void) {
	sigset_t set;
	sigpending(&set);
	return sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1;
}

bool remote_readable(int fd) {
	struct pollfd p = {.fd = fd, .events = POLLIN};
	while (!remote_interrupted())
		if (poll(&p, 1, LOOK_MS) > 0)
			return true;
	return false;
}

int remote_bytes(struct str bytes) {
	int fd = memfd_create("freehold", MFD_CLOEXEC);
	if (fd >= 0 && (write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n || lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void remote_quote(struct buf *out, struct str word) {
	buf_byte(out, '\'');
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] == '\'')
			buf_lit(out, "'\\''");
		else
			buf_byte(out, word.p[i]);
	buf_byte(out, '\'');
}

/* ── running ── */

static err spawn(const struct str *words, size_t n, int in, int out, int errors, pid_t *pid) {
	char *argv[WORDS_MAX + 1] = {0};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all;
	must(n <= WORDS_MAX);
	for (size_t i = 0; i < n; i++)
		argv[i] = strndup(words[i].p, words[i].n);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	sigemptyset(&all);
	posix_spawnattr_setsigmask(&attributes, &all);
	sigaddset(&all, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	else
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
	int why = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	for (size_t i = 0; i < n; i++)
		free(argv[i]);
	return why ? err_public(ERR_UNAVAILABLE, "%.*s cannot be started: %s", S_ARG(words[0]), strerror(why)) : NULL;
}

/* Hands over whole lines; what is left waits for the rest. */
static void tell_lines(struct remote_run *x) {
	struct str rest = buf_str(&x->out);
	ptrdiff_t end;
	while (!x->ended && (end = str_chr(rest, '\n')) >= 0) {
		x->ended = !x->line(x->ctx, str_first(rest, (size_t)end));
		rest = str_skip(rest, (size_t)end + 1);
	}
	if (rest.n)
		memmove(x->out.p, rest.p, rest.n);
	x->out.n = rest.n;
}

static void read_output(struct remote_run *x, int fd) {
	while (!x->ended && remote_readable(fd)) {
		buf_reserve(&x->out, CHUNK);
		ssize_t n = read(fd, x->out.p + x->out.n, CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		x->out.n += (size_t)n;
		if (x->line)
			tell_lines(x);
	}
}

static void read_errors(struct remote_run *x, int fd) {
	ssize_t n;
	lseek(fd, 0, SEEK_SET);
	do {
		buf_reserve(&x->errors, CHUNK);
		n = read(fd, x->errors.p + x->errors.n, CHUNK);
		x->errors.n += n > 0 ? (size_t)n : 0;
	} while (n > 0);
}

static int wait_for(pid_t pid, bool end) {
	int status, told = 0;
	for (;;) {
		if (!told && (end || remote_interrupted()))
			told = kill(pid, SIGTERM) == 0;
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : SSH_FAILED;
		usleep(2000);
	}
}

err remote_local(const struct str *words, size_t n, struct remote_run *x) {
	int pipes[2], errors = memfd_create("errors", MFD_CLOEXEC);
	pid_t pid;
	buf_clear(&x->out);
	buf_clear(&x->errors);
	x->ended = false;
	if (errors < 0 || pipe2(pipes, O_CLOEXEC) != 0) {
		if (errors >= 0)
			close(errors);
		return err_private(ERR_UNAVAILABLE, "no pipe is to be had: %s", strerror(errno));
	}
	err e = spawn(words, n, x->in, pipes[1], errors, &pid);
	close(pipes[1]);
	if (!e) {
		read_output(x, pipes[0]);
		x->status = wait_for(pid, x->ended);
		read_errors(x, errors);
	}
	close(pipes[0]);
	close(errors);
	return e;
}

/* ── over ssh ── */

/* What move.ssh says comes first: of each of its options ssh takes the first it finds. */
static const char *const options[] = {"-o", "BatchMode=yes",          "-o", "ConnectTimeout=20",
                                      "-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3"};

err remote_open(struct remote *out, struct arena *a, struct str ssh, struct str to) {
	bool good = to.n && to.n <= 256 && to.p[0] != '-';
	for (size_t i = 0; i < to.n; i++)
		good &= to.p[i] > ' ' && to.p[i] != 127;
	if (!good)
		return err_public(ERR_INVALID, "--to wants USER@HOST, or a name of your ssh's settings");
	*out = (struct remote){.arena = a, .to = to};
	while (ssh.n) {
		struct str word = str_cut(&ssh, ' ');
		if (word.n && out->n == REMOTE_WORDS)
			return err_public(ERR_INVALID, "move.ssh has more than %d words", REMOTE_WORDS);
		if (word.n)
			out->words[out->n++] = word;
	}
	return out->n ? NULL : err_public(ERR_INVALID, "move.ssh is empty: it names the program, as \"ssh\"");
}

static struct str command_line(const struct remote *r, const struct remote_run *x) {
	BUF_AUTO line = {0};
	buf_lit(&line, "exec sh -c ");
	remote_quote(&line, str_of(x->script));
	buf_lit(&line, " sh");
	for (size_t i = 0; i < x->arg_count; i++) {
		buf_byte(&line, ' ');
		remote_quote(&line, x->args[i]);
	}
	return arena_str(r->arena, buf_str(&line));
}

err remote_run(const struct remote *r, struct remote_run *x) {
	struct str words[WORDS_MAX];
	size_t n = r->n;
	memcpy(words, r->words, n * sizeof *words);
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		words[n++] = str_of(options[i]);
	words[n++] = S("--");
	words[n++] = r->to;
	words[n++] = command_line(r, x);
	TRY(remote_local(words, n, x));
	if (remote_interrupted())
		return err_public(ERR_UNAVAILABLE, "interrupted");
	if (x->status == SSH_FAILED && !x->ended)
		return err_public(ERR_UNAVAILABLE, "%.*s cannot be reached over ssh: %.*s", S_ARG(str_first(r->to, 60)),
		                  S_ARG(str_first(remote_complaint(x), 160)));
	return NULL;
}

err remote_host(const struct remote *r, struct str *host) {
	struct str words[REMOTE_WORDS + 3];
	REMOTE_AUTO x = {.in = -1};
	memcpy(words, r->words, r->n * sizeof *words);
	words[r->n] = S("-G");
	words[r->n + 1] = S("--");
	words[r->n + 2] = r->to;
	TRY(remote_local(words, r->n + 3, &x));
	for (struct str rest = buf_str(&x.out); rest.n;) {
		struct str value = str_cut(&rest, '\n'), key = str_cut(&value, ' ');
		if (str_eq(key, S("hostname")))
			*host = arena_str(r->arena, str_trim(value));
	}
	return host->n ? NULL : err_public(ERR_UNAVAILABLE, "ssh does not say where %.*s is", S_ARG(str_first(r->to, 100)));
}

static struct str last_line(struct str text) {
	struct str last = STR_NONE;
	while (text.n) {
		struct str line = str_trim(str_cut(&text, '\n'));
		if (line.n)
			last = line;
	}
	return last;
}

struct str remote_complaint(const struct remote_run *x) {
	struct str said = last_line(buf_str(&x->errors));
	if (!said.n)
		said = last_line(buf_str(&x->out));
	return said.n ? said : S("it said nothing");
}

void remote_run_free(struct remote_run *x) {
	buf_free(&x->out);
	buf_free(&x->errors);
}
