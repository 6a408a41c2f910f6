#include "base/clock.h"
#include "net/fetch.h"
#include "ops/drill.h"
#include "ops/remote.h"
#include "wire/url.h"

#include <fcntl.h>
#include <jansson.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_MS = 60000, END_MS = 15000, LOOK_MS = 10, FILE_MAX = 64 * 1024 * 1024, WORDS = 16 };

/* ── programs of ours ── */

int drill_spawn(const struct str *words, size_t n, struct str log) {
	char *argv[WORDS + 1] = {0};
	sigset_t none;
	for (size_t i = 0; i < n && i < WORDS; i++)
		argv[i] = strndup(words[i].p, words[i].n);
	char *path = strndup(log.n ? log.p : "", log.n);
	pid_t parent = getpid(), pid = fork();
	if (pid == 0) {
		int in = open("/dev/null", O_RDONLY), out = log.n ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : 2;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent || in < 0 || out < 0)
			_exit(127);
		dup2(in, 0);
		dup2(out, 1);
		if (out != 2)
			dup2(out, 2);
		execv(argv[0], argv);
		_exit(127);
	}
	for (size_t i = 0; i < n && i < WORDS; i++)
		free(argv[i]);
	free(path);
	return pid;
}

void drill_end(int pid) {
	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	for (int64_t until = clock_mono_ms() + END_MS; clock_mono_ms() < until; usleep(LOOK_MS * 1000))
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* ── a network of its own ── */

static void write_to(const char *path, const char *text) {
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		ssize_t n = write(fd, text, strlen(text));
		(void)n;
		close(fd);
	}
}

static bool loopback_up(void) {
	struct ifreq r = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &r) == 0;
	r.ifr_flags |= IFF_UP;
	up = up && ioctl(fd, SIOCSIFFLAGS, &r) == 0;
	if (fd >= 0)
		close(fd);
	return up;
}

/* Root needs no user namespace; for others it keeps their own id, so that files stay theirs. */
static bool go_apart(void) {
	char map[64];
	uid_t uid = geteuid();
	gid_t gid = getegid();
	if (unshare(CLONE_NEWNET) == 0)
		return loopback_up();
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return false;
	write_to("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "%u %u 1", uid, uid);
	write_to("/proc/self/uid_map", map);
	snprintf(map, sizeof map, "%u %u 1", gid, gid);
	write_to("/proc/self/gid_map", map);
	return loopback_up();
}

/* ── requests ── */

struct tryer {
	const struct drill_trial *trial;
	struct drill_tried *tried;
	struct fetcher *fetcher;
	struct arena *arena;
	struct str at; /* http://127.0.0.1:PORT */
	int64_t began;
};

static bool fails(struct tryer *t, const char *what, const struct fetch *x, err e) {
	if (!e && x->status / 100 == 2)
		return false;
	if (e)
		snprintf(t->tried->why, sizeof t->tried->why, "%s: %s", what, e->cause[0] ? e->cause : e->text);
	else
		snprintf(t->tried->why, sizeof t->tried->why, "%s was answered with %d", what, x->status);
	return true;
}

static bool ask(struct tryer *t, struct fetch *x, const char *what) {
	struct str header[2];
	x->url = t->at;
	x->body_fd = -1;
	x->reply_max = FILE_MAX;
	if (t->trial->token.n) {
		header[0] = arena_printf(t->arena, "Authorization: Bearer %.*s", S_ARG(t->trial->token));
		header[1] = S("Content-Type: application/json");
		x->headers = header;
		x->header_count = 2;
	}
	err e = fetch_run(t->fetcher, x);
	x->headers = NULL;
	return !fails(t, what, x, e);
}

static json_t *get_json(struct tryer *t, struct str target, const char *what) {
	struct fetch x = {.method = S("GET"), .target = target};
	json_t *doc = ask(t, &x, what) ? json_loadb(x.reply.p, x.reply.n, 0, NULL) : NULL;
	if (!doc && !t->tried->why[0])
		snprintf(t->tried->why, sizeof t->tried->why, "%s was answered with something else", what);
	fetch_free(&x);
	return doc;
}

/* The address that people would take, asked of this server. */
static bool get_file(struct tryer *t, const char *address) {
	struct url u;
	if (!address || !url_split(str_of(address), &u))
		return true;
	struct fetch x = {.method = S("GET"), .target = u.path};
	bool got = ask(t, &x, "a picture or film");
	if (got && x.received == 0) {
		snprintf(t->tried->why, sizeof t->tried->why, "a picture or film was empty");
		got = false;
	}
	fetch_free(&x);
	t->tried->files += got;
	return got;
}

static bool read_post(struct tryer *t, int64_t id) {
	size_t i;
	json_t *one, *doc = get_json(t, arena_printf(t->arena, "/api/v1/statuses/%lld", (long long)id), "a post");
	bool good = doc != NULL;
	json_array_foreach(json_object_get(doc, "media_attachments"), i, one) {
		good = good && get_file(t, json_string_value(json_object_get(one, "url"))) &&
		       get_file(t, json_string_value(json_object_get(one, "preview_url")));
	}
	t->tried->posts += good;
	json_decref(doc);
	return good;
}

static bool is_member(struct tryer *t) {
	json_t *doc = get_json(t, S("/api/v1/accounts/verify_credentials"), "who is logged in");
	const char *id = json_string_value(json_object_get(doc, "id"));
	bool same = id && str_eq(str_of(id), arena_printf(t->arena, "%lld", (long long)t->trial->account_id));
	if (doc && !same)
		snprintf(t->tried->why, sizeof t->tried->why, "somebody else was logged in");
	json_decref(doc);
	return same;
}

static bool write_post(struct tryer *t) {
	struct fetch x = {
	    .method = S("POST"), .target = S("/api/v1/statuses"), .body = S("{\"status\":\"A drill\",\"visibility\":\"direct\"}")};
	bool done = ask(t, &x, "a new post");
	fetch_free(&x);
	t->tried->write_ms = clock_mono_ms() - t->began;
	return done;
}

static bool try_all(struct tryer *t) {
	if (t->trial->token.n) {
		if (!write_post(t) || !is_member(t))
			return false;
		json_t *home = get_json(t, S("/api/v1/timelines/home"), "the home timeline");
		t->tried->logged_in = home != NULL;
		json_decref(home);
		if (!t->tried->logged_in)
			return false;
	}
	for (size_t i = 0; i < t->trial->post_count; i++)
		if (!read_post(t, t->trial->posts[i]))
			return false;
	return true;
}

/* ── its server ── */

/* The port is the system's choice; the server says it. */
static bool read_address(struct tryer *t) {
	char text[16384];
	FILE *f = fopen(arena_str(t->arena, t->trial->log).p, "re");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	if (f)
		fclose(f);
	struct str said = str_mem(text, n);
	ptrdiff_t at = str_find(said, S(" listens on "));
	if (at < 0)
		return false;
	said = str_skip(said, (size_t)at + 12);
	if (str_chr(said, '\n') < 0)
		return false;
	struct str address = str_cut(&said, '\n');
	t->at = arena_printf(t->arena, "http://%.*s", S_ARG(address));
	return true;
}

static bool answers(struct tryer *t) {
	struct fetch x = {.method = S("GET"), .target = S("/health")};
	bool well = read_address(t) && ask(t, &x, "its health");
	fetch_free(&x);
	return well;
}

static void serve_and_try(struct tryer *t) {
	const struct drill_trial *d = t->trial;
	struct str words[] = {d->program, S("serve"), S("--data"), d->dir, S("--config"), d->conf};
	t->tried->apart = go_apart();
	t->began = clock_mono_ms();
	int pid = drill_spawn(words, sizeof words / sizeof *words, d->log);
	bool well = false, ended = pid < 0;
	while (!well && !ended && clock_mono_ms() - t->began < START_MS && !remote_interrupted()) {
		well = answers(t);
		ended = !well && waitpid(pid, NULL, WNOHANG) != 0;
		if (!well)
			usleep(LOOK_MS * 1000);
	}
	t->tried->open_ms = clock_mono_ms() - t->began;
	t->tried->why[0] = 0;
	if (well)
		(void)try_all(t);
	else
		snprintf(t->tried->why, sizeof t->tried->why, ended ? "its server ended at once" : "its server did not answer");
	drill_end(ended ? -1 : pid);
}

static void run_child(const struct drill_trial *trial, int to) {
	struct drill_tried tried = {0};
	struct tryer t = {.trial = trial, .tried = &tried, .fetcher = fetcher_new(), .arena = arena_new()};
	serve_and_try(&t);
	fetcher_free(&t.fetcher);
	arena_free(&t.arena);
	_exit(write(to, &tried, sizeof tried) == (ssize_t)sizeof tried ? 0 : 1);
}

err drill_try(const struct drill_trial *trial, struct drill_tried *out) {
	int pipes[2], status;
	pid_t parent = getpid();
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return err_private(ERR_UNAVAILABLE, "no pipe is to be had: %m");
	pid_t pid = fork();
	if (pid == 0) {
		close(pipes[0]);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() == parent)
			run_child(trial, pipes[1]);
		_exit(1);
	}
	close(pipes[1]);
	ssize_t n = pid > 0 ? read(pipes[0], out, sizeof *out) : -1;
	close(pipes[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	return n == (ssize_t)sizeof *out ? NULL : err_private(ERR_UNAVAILABLE, "the trial ended without a result");
}
