#include "ops/there.h"

#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The scripts: one line each, for any sh. */
static const char look_script[] =
    "umask 077; mkdir -p \"$1\" && cd \"$1\" && mkdir -p bin data || exit 9; echo \"dir $(pwd)\"; echo \"machine $(uname -m)\"; "
    "w=$(command -v freehold) && echo \"path $w\" && echo \"path_version $(\"$w\" version 2>&1)\"; "
    "[ -x bin/freehold ] && [ -x bin/freehold-media ] && echo \"own_version $(bin/freehold version 2>&1)\"; "
    "[ -e data/freehold.conf ] && echo \"conf $(head -n 1 data/freehold.conf)\"; echo \"free $(df -Pk . | tail -n 1)\"";
/* A connection that breaks looks like the end of the file: what is too short is not taken. */
static const char put_script[] = "umask 077; f=\"$1/$2\"; cat > \"$f.new\" || exit 9; "
                                 "[ \"$(wc -c < \"$f.new\")\" -eq \"$3\" ] || { echo \"$2 came in part\" >&2; exit 9; }; "
                                 "chmod \"$4\" \"$f.new\" && mv -f \"$f.new\" \"$f\"";
static const char try_script[] = "\"$1\" version || { ldd \"$1\" 2>/dev/null | grep \"not found\"; exit 9; }";
static const char config_script[] = "exec \"$1\" config --data \"$2/data\"";
static const char state_script[] = "exec \"$1\" standby status --data \"$2/data\"";
static const char watch_script[] = "while :; do \"$1\" standby status --data \"$2/data\" 2>&1; echo . || exit 9; sleep 1 || exit 9; done";
/* The token lies in a file that only its owner reads, until it is used. */
static const char start_script[] =
    "cd \"$2\" || exit 9; umask 077; cat > token; [ ! -e standby.log ] || mv -f standby.log standby.log.before; "
    "if [ -s token ]; then set -- \"$1\" \"$2\" --from \"$3\" --token-file token; else set -- \"$1\" \"$2\"; fi; p=$1; shift 2; "
    "setsid nohup \"$p\" standby \"$@\" --data \"$PWD/data\" > standby.log 2>&1 < /dev/null & "
    "pid=$!; n=0; while [ $n -lt 600 ]; do grep -q \"keeps a copy of\" standby.log 2>/dev/null && { rm -f token; exit 0; }; "
    "kill -0 $pid 2>/dev/null || { rm -f token; tail -n 1 standby.log >&2; exit 8; }; n=$((n+1)); sleep 0.1; done; "
    "kill $pid; rm -f token; echo \"it did not start within a minute\" >&2; exit 9";
static const char promote_script[] = "exec \"$1\" promote --data \"$2/data\"";
static const char log_script[] = "tail -n 1 \"$1/standby.log\"";

enum { NOT_JOINED = 8 };
static const char mark[] = "# Written by freehold move";

static err run(struct there *t, struct remote_run *x, const char *what) {
	TRY(remote_run(&t->ssh, x));
	if (x->status)
		return err_public(ERR_UNAVAILABLE, "%s at %.*s: %.*s", what, S_ARG(str_first(t->ssh.to, 60)),
		                  S_ARG(str_first(remote_complaint(x), 160)));
	return NULL;
}

static struct str kept(struct there *t, struct str s) { return arena_str(t->ssh.arena, str_trim(s)); }

/* ── looking ── */

/* The fourth word of df's line: what is available, in KiB. */
static int64_t free_of(struct str line) {
	int64_t n = 0;
	for (int i = 0; i < 4; i++) {
		struct str word;
		do
			word = str_cut(&line, ' ');
		while (!word.n && line.n);
		if (i == 3)
			(void)str_i64(word, &n);
	}
	return n * 1024;
}

static void note_version(struct there *t, struct str version, struct str program) {
	if (str_eq(version, S("freehold " FREEHOLD_VERSION)))
		t->program = t->program.n ? t->program : program;
	else if (str_starts(version, S("freehold ")))
		t->found = kept(t, str_skip(version, 9));
}

err there_look(struct there *t, struct str dir) {
	REMOTE_AUTO x = {.script = look_script, .args = {dir}, .arg_count = 1, .in = -1};
	struct str path = STR_NONE;
	TRY(run(t, &x, "the folder cannot be made"));
	for (struct str rest = buf_str(&x.out); rest.n;) {
		struct str value = str_cut(&rest, '\n'), key = str_cut(&value, ' ');
		if (str_eq(key, S("dir")))
			t->dir = kept(t, value);
		else if (str_eq(key, S("machine")))
			t->machine = kept(t, value);
		else if (str_eq(key, S("path")))
			path = kept(t, value);
		else if (str_eq(key, S("path_version")))
			note_version(t, value, path);
		else if (str_eq(key, S("own_version")))
			note_version(t, value, arena_printf(t->ssh.arena, "%.*s/bin/freehold", S_ARG(t->dir)));
		else if (str_eq(key, S("free")))
			t->free = free_of(value);
		else if (str_eq(key, S("conf"))) {
			t->has_conf = true;
			t->own_conf = str_eq(value, str_of(mark));
		}
	}
	return t->dir.n && str_starts(t->dir, S("/"))
	           ? NULL
	           : err_public(ERR_UNAVAILABLE, "%.*s does not run commands of sh: its answer cannot be read",
	                        S_ARG(str_first(t->ssh.to, 60)));
}

/* ── the program ── */

static err put_file(struct there *t, int fd, int64_t size, const char *name, const char *mode) {
	REMOTE_AUTO x = {.script = put_script,
	                 .args = {t->dir, str_of(name), arena_printf(t->ssh.arena, "%lld", (long long)size), str_of(mode)},
	                 .arg_count = 4,
	                 .in = fd};
	return run(t, &x, arena_printf(t->ssh.arena, "%s cannot be written", name).p);
}

/* One of the two programs, which stand beside each other. */
static err put_program(struct there *t, const char *name) {
	char path[PATH_MAX];
	struct stat st;
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 32);
	must(n > 0);
	while (n && path[n - 1] != '/')
		n--;
	strcpy(path + n, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		int why = errno;
		if (fd >= 0)
			close(fd);
		return err_public(ERR_UNAVAILABLE, "%s cannot be read: %s", path, strerror(why));
	}
	err e = put_file(t, fd, st.st_size, arena_printf(t->ssh.arena, "bin/%s", name).p, "755");
	close(fd);
	return e;
}

/* The Debian package that a library came with here; empty where nobody knows. */
static struct str package_of(struct there *t, struct str library) {
	struct str words[] = {S("dpkg-query"), S("-S"), arena_printf(t->ssh.arena, "*/%.*s", S_ARG(library))};
	REMOTE_AUTO x = {.in = -1};
	if (remote_local(words, 3, &x) || x.status)
		return STR_NONE;
	struct str rest = buf_str(&x.out);
	return kept(t, str_cut(&rest, ':'));
}

/* Lines of ldd: "libinih.so.1 => not found". */
static err name_missing(struct there *t, const struct remote_run *x) {
	BUF_AUTO libraries = {0};
	BUF_AUTO packages = {0};
	for (struct str rest = buf_str(&x->out); rest.n;) {
		struct str line = str_trim(str_cut(&rest, '\n')), name = str_cut(&line, ' ');
		if (str_find(line, S("not found")) < 0)
			continue;
		struct str package = package_of(t, name);
		buf_printf(&libraries, "%s%.*s", libraries.n ? ", " : "", S_ARG(name));
		if (package.n && str_find(buf_str(&packages), package) < 0)
			buf_printf(&packages, " %.*s", S_ARG(package));
	}
	if (!libraries.n)
		return err_public(ERR_CONFLICT, "this program does not run on %.*s: %.*s", S_ARG(str_first(t->ssh.to, 60)),
		                  S_ARG(str_first(remote_complaint(x), 160)));
	struct str wanted = packages.n ? arena_printf(t->ssh.arena, "apt-get install%.*s", S_ARG(buf_str(&packages)))
	                               : S("the libraries of docs/dependencies.md");
	return err_public(ERR_CONFLICT, "%.*s lacks %.*s; as root there: %.*s", S_ARG(str_first(t->ssh.to, 40)),
	                  S_ARG(str_first(buf_str(&libraries), 90)), S_ARG(str_first(wanted, 100)));
}

static err try_program(struct there *t) {
	REMOTE_AUTO x = {.script = try_script, .args = {t->program}, .arg_count = 1, .in = -1};
	TRY(remote_run(&t->ssh, &x));
	if (x.status)
		return name_missing(t, &x);
	return str_eq(str_trim(buf_str(&x.out)), S("freehold " FREEHOLD_VERSION))
	           ? NULL
	           : err_public(ERR_CONFLICT, "the program at %.*s answers with another version", S_ARG(str_first(t->ssh.to, 60)));
}

err there_install(struct there *t, bool *copied) {
	struct utsname here;
	*copied = !t->program.n;
	if (t->program.n)
		return try_program(t);
	uname(&here);
	if (!str_eq(t->machine, str_of(here.machine)))
		return err_public(ERR_CONFLICT,
		                  "%.*s has another kind of processor (%.*s, here %s): build Freehold " FREEHOLD_VERSION
		                  " there, so that `freehold` is found%s%.*s%s",
		                  S_ARG(str_first(t->ssh.to, 60)), S_ARG(str_first(t->machine, 16)), here.machine,
		                  t->found.n ? " (version " : "", S_ARG(str_first(t->found, 16)), t->found.n ? " is)" : "");
	TRY(put_program(t, "freehold-media"));
	TRY(put_program(t, "freehold"));
	t->program = arena_printf(t->ssh.arena, "%.*s/bin/freehold", S_ARG(t->dir));
	return try_program(t);
}

/* ── its settings ── */

static void note_setting(struct there *t, struct str section, struct str key, struct str value) {
	if (str_eq(section, S("[server]")) && str_eq(key, S("domain")))
		t->domain = kept(t, value);
	else if (str_eq(section, S("[server]")) && str_eq(key, S("listen")))
		t->listen = kept(t, value);
	else if (str_eq(section, S("[database]")) && str_eq(key, S("url")))
		t->has_database = str_starts(value, S("sqlite:"));
	else if (str_eq(section, S("[media]")) && str_eq(key, S("store")))
		t->has_media = str_starts(value, S("files:"));
}

static err read_settings(struct there *t) {
	REMOTE_AUTO x = {.script = config_script, .args = {t->program, t->dir}, .arg_count = 2, .in = -1};
	struct str section = STR_NONE;
	TRY(run(t, &x, "the settings are refused"));
	for (struct str rest = buf_str(&x.out); rest.n;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (str_starts(line, S("[")))
			section = line;
		else if (!str_starts(line, S("#"))) {
			struct str key = str_trim(str_cut(&line, '='));
			note_setting(t, section, key, str_trim(line));
		}
	}
	return NULL;
}

err there_settings(struct there *t, struct str conf, bool must_write) {
	if (t->has_conf && !t->own_conf && must_write)
		return err_public(ERR_CONFLICT, "%.*s/data/freehold.conf at %.*s was written by somebody else: change it there",
		                  S_ARG(str_first(t->dir, 80)), S_ARG(str_first(t->ssh.to, 60)));
	if (!t->has_conf || must_write) {
		BUF_AUTO text = {0};
		buf_printf(&text, "%s\n%.*s", mark, S_ARG(conf));
		int fd = remote_bytes(buf_str(&text));
		err e = put_file(t, fd, (int64_t)text.n, "data/freehold.conf", "600");
		if (fd >= 0)
			close(fd);
		TRY(e);
	}
	return read_settings(t);
}

/* ── the standby ── */

static void note_state(struct arena *a, struct there_state *s, struct str line) {
	struct str value = line, key = str_cut(&value, ' ');
	bool yes = str_eq(value, S("yes"));
	int64_t n = 0;
	(void)str_i64(value, &n);
	if (str_eq(key, S("state")))
		s->runs = str_eq(value, S("standby")) ? THERE_STANDBY : str_eq(value, S("network")) ? THERE_NETWORK : THERE_SILENT;
	else if (str_eq(key, S("origin")))
		s->origin = arena_str(a, value);
	else if (str_eq(key, S("domain")))
		s->domain = arena_str(a, value);
	else if (str_eq(key, S("loaded")))
		s->loaded = yes;
	else if (str_eq(key, S("media_whole")))
		s->media_whole = yes;
	else if (str_eq(key, S("lag_seconds")))
		s->lag = strtod(arena_str(a, value).p, NULL);
	else if (str_eq(key, S("rows")))
		s->rows = n;
	else if (str_eq(key, S("blobs")))
		s->blobs = n;
	else if (str_eq(key, S("blob_bytes")))
		s->blob_bytes = n;
	else if (str_eq(key, S("trouble")))
		s->trouble = arena_str(a, value);
}

void there_state_read(struct arena *a, struct str text, struct there_state *out) {
	*out = (struct there_state){.lag = -1};
	while (text.n)
		note_state(a, out, str_cut(&text, '\n'));
}

err there_state(struct there *t, struct there_state *out) {
	REMOTE_AUTO x = {.script = state_script, .args = {t->program, t->dir}, .arg_count = 2, .in = -1};
	*out = (struct there_state){.lag = -1};
	TRY(remote_run(&t->ssh, &x));
	there_state_read(t->ssh.arena, buf_str(&x.out), out);
	if (x.status && out->runs != THERE_SILENT)
		return err_public(ERR_UNAVAILABLE, "%.*s", S_ARG(str_first(remote_complaint(&x), 200)));
	return NULL;
}

struct watch {
	struct arena *arena; /* of one state */
	struct there_state now;
	there_fn fn;
	void *ctx;
};

static bool on_line(void *ctx, struct str line) {
	struct watch *w = ctx;
	if (!str_eq(line, S("."))) {
		note_state(w->arena, &w->now, line);
		return true;
	}
	bool on = w->fn(w->ctx, &w->now) && w->now.runs != THERE_SILENT;
	w->now = (struct there_state){.lag = -1};
	arena_reset(w->arena);
	return on;
}

err there_watch(struct there *t, there_fn fn, void *ctx) {
	struct watch w = {.arena = arena_new(), .now = {.lag = -1}, .fn = fn, .ctx = ctx};
	REMOTE_AUTO x = {.script = watch_script, .args = {t->program, t->dir}, .arg_count = 2, .in = -1, .line = on_line, .ctx = &w};
	err e = remote_run(&t->ssh, &x);
	arena_free(&w.arena);
	TRY(e);
	return x.ended ? NULL
	               : err_public(ERR_UNAVAILABLE, "the connection to %.*s broke: %.*s", S_ARG(str_first(t->ssh.to, 60)),
	                            S_ARG(str_first(remote_complaint(&x), 160)));
}

err there_start(struct there *t, struct str from, struct str token, bool *joined) {
	int in = remote_bytes(token);
	REMOTE_AUTO x = {.script = start_script, .args = {t->program, t->dir, from}, .arg_count = 3, .in = in};
	err e = remote_run(&t->ssh, &x);
	if (in >= 0)
		close(in);
	TRY(e);
	*joined = x.status == 0;
	struct str said = remote_complaint(&x);
	if (*joined || (x.status == NOT_JOINED && !token.n && str_find(said, S("holds no standby")) >= 0))
		return NULL;
	return err_public(ERR_UNAVAILABLE, "the standby at %.*s does not start: %.*s", S_ARG(str_first(t->ssh.to, 60)),
	                  S_ARG(str_first(said, 170)));
}

err there_promote(struct there *t, struct buf *said) {
	REMOTE_AUTO x = {.script = promote_script, .args = {t->program, t->dir}, .arg_count = 2, .in = -1};
	TRY(run(t, &x, "it was not promoted"));
	buf_put(said, buf_str(&x.out));
	return NULL;
}

err there_log(struct there *t, struct str *line) {
	REMOTE_AUTO x = {.script = log_script, .args = {t->dir}, .arg_count = 1, .in = -1};
	TRY(remote_run(&t->ssh, &x));
	*line = kept(t, remote_complaint(&x));
	return NULL;
}
