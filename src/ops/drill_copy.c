#include "ops/drill_copy.h"

#include "base/clock.h"
#include "base/must.h"
#include "core/oauth.h"
#include "core/scope.h"
#include "move/standby.h"
#include "net/admin.h"
#include "ops/figures.h"
#include "ops/open.h"
#include "ops/remote.h"
#include "ops/there.h"
#include "store/account.h"
#include "store/member.h"
#include "store/status.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 100 };

/* ── the folder ── */

static err write_file(struct str path, struct str text) {
	int fd = open(path.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool done = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n;
	int why = errno;
	if (fd >= 0)
		close(fd);
	return done ? NULL : err_public(ERR_UNAVAILABLE, "%.*s cannot be written: %s", S_ARG(str_first(path, 150)), strerror(why));
}

/* Nothing of the network's own settings but its name: no mail route, no backup, no other store; and nobody outside is asked for anything.
 */
static err write_settings(struct drill_copy *c, struct str domain) {
	BUF_AUTO text = {0};
	struct str ca = config_text(c->call->config, SET_standby_ca_file);
	buf_printf(&text,
	           "[server]\nlisten = 127.0.0.1:0\ndomain = %.*s\n[log]\nlevel = info\n[limits]\nenabled = no\n"
	           "[links]\npreview = no\n",
	           S_ARG(domain));
	if (ca.n)
		buf_printf(&text, "[standby]\nca_file = %.*s\n", S_ARG(ca));
	return write_file(c->conf, buf_str(&text));
}

/* What the environment sets would hold for the copy too: its database's address, for one. */
static void forget_environment(struct arena *a) {
	for (size_t i = 0; environ[i];) {
		struct str rest = str_of(environ[i]), name = str_cut(&rest, '=');
		if (str_starts(name, S("FREEHOLD_")))
			unsetenv(arena_str(a, name).p);
		else
			i++;
	}
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at) { return remove(path); }

static void remove_folder(const char *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

/* With the lock held no drill is at work there. */
static void remove_left(struct arena *a, struct str scratch) {
	struct str pattern = arena_printf(a, "%.*s/drill-*/settings.conf", S_ARG(scratch));
	glob_t found;
	if (glob(pattern.p, GLOB_NOSORT, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			*strrchr(found.gl_pathv[i], '/') = 0;
			remove_folder(found.gl_pathv[i]);
		}
		globfree(&found);
	}
}

err drill_copy_lock(struct drill_copy *c, struct command_call *call, struct str scratch) {
	c->call = call;
	c->lock = open(scratch.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->lock < 0)
		return err_public(ERR_UNAVAILABLE, "%.*s cannot be opened: %s", S_ARG(str_first(scratch, 150)), strerror(errno));
	if (flock(c->lock, LOCK_EX | LOCK_NB) != 0)
		return err_public(ERR_CONFLICT, "another drill is at work in %.*s", S_ARG(str_first(scratch, 150)));
	remove_left(call->arena, scratch);
	return NULL;
}

err drill_copy_make(struct drill_copy *c, struct str scratch, struct str domain) {
	struct command_call *call = c->call;
	char path[PATH_MAX], dir[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);
	must(n > 0 && n < (ssize_t)sizeof path);
	c->program = arena_str(call->arena, str_mem(path, (size_t)n));
	snprintf(dir, sizeof dir, "%.*s/drill-XXXXXX", S_ARG(scratch));
	if (!mkdtemp(dir))
		return err_public(ERR_UNAVAILABLE, "no folder for a drill can be made in %.*s: %s", S_ARG(str_first(scratch, 150)),
		                  strerror(errno));
	c->dir = arena_str(call->arena, str_of(dir));
	c->data = arena_printf(call->arena, "%s/data", dir);
	c->conf = arena_printf(call->arena, "%s/settings.conf", dir);
	c->log = arena_printf(call->arena, "%s/log", dir);
	forget_environment(call->arena);
	return write_settings(c, domain);
}

void drill_copy_remove(struct drill_copy *c) {
	drill_end(c->pid);
	c->pid = 0;
	if (c->dir.n)
		remove_folder(c->dir.p);
}

/* ── the standby ── */

err drill_copy_start(struct drill_copy *c, struct str url, struct str token) {
	struct str file = arena_printf(c->call->arena, "%.*s/token", S_ARG(c->dir));
	TRY(write_file(file, token));
	struct str words[] = {c->program, S("standby"), S("--from"), url,           S("--token-file"),
	                      file,       S("--data"),  c->data,     S("--config"), c->conf};
	c->pid = drill_spawn(words, sizeof words / sizeof *words, c->log);
	return c->pid > 0 ? NULL : err_private(ERR_UNAVAILABLE, "no process can be had: %m");
}

static err ended(struct drill_copy *c) {
	char text[4096], *line = text;
	FILE *f = fopen(c->log.p, "re");
	while (f && fgets(line, sizeof text, f))
		;
	if (f)
		fclose(f);
	struct str said = f ? str_trim(str_of(text)) : STR_NONE;
	if (str_starts(said, S("freehold: ")))
		said = str_skip(said, 10);
	return err_public(ERR_UNAVAILABLE, "the scratch copy ended: %.*s", S_ARG(str_first(said, 200)));
}

static void put_how_far(struct buf *out, const struct there_state *s, int64_t rows, int64_t bytes) {
	put_count(out, (double)s->rows);
	if (!s->loaded) {
		buf_lit(out, " of about ");
		put_count(out, (double)(rows > s->rows ? rows : s->rows));
	}
	buf_lit(out, " rows, files: ");
	put_size(out, (double)s->blob_bytes);
	buf_lit(out, " of ");
	put_size(out, (double)(bytes > s->blob_bytes ? bytes : s->blob_bytes));
	if (s->trouble.n)
		buf_printf(out, " (%.*s)", S_ARG(str_first(s->trouble, 120)));
}

/* False: it does not answer (yet). */
static bool look(struct drill_copy *c, struct arena *a, struct there_state *s) {
	BUF_AUTO out = {0};
	BUF_AUTO errors = {0};
	char *argv[] = {(char[]){"standby"}, (char[]){"status"}};
	int status;
	err e = admin_call(admin_socket(a, c->data), 2, argv, &status, &out, &errors);
	if (e || status)
		return false;
	there_state_read(a, buf_str(&out), s);
	return true;
}

err drill_copy_wait(struct drill_copy *c, int64_t at, int64_t rows, int64_t bytes) {
	struct progress p;
	struct arena *a = arena_new();
	int64_t began = clock_mono_ms();
	err e = NULL;
	bool there = false;
	progress_begin(&p);
	while (!there && !e) {
		struct there_state s;
		BUF_AUTO line = {0};
		arena_reset(a);
		if (look(c, a, &s)) {
			int64_t through = s.lag >= 0 ? clock_ms() - (int64_t)(s.lag * 1000) : 0;
			there = s.loaded && s.media_whole && through >= at && through;
			c->rows = s.rows;
			c->blobs = s.blobs;
			c->blob_bytes = s.blob_bytes;
			put_how_far(&line, &s, rows, bytes);
			progress_line(&p, buf_str(&line));
		}
		if (!there && waitpid(c->pid, NULL, WNOHANG) != 0) {
			c->pid = 0;
			e = ended(c);
		} else if (remote_interrupted()) {
			e = err_public(ERR_UNAVAILABLE, "interrupted");
		} else if (!there) {
			usleep(LOOK_MS * 1000);
		}
	}
	progress_end(&p);
	arena_free(&a);
	c->copy_ms += clock_mono_ms() - began;
	return e;
}

/* ── opened ── */

static err is_open_post(struct ctx *x, int64_t id, bool *yes) {
	struct status s;
	struct account_row author;
	bool found;
	*yes = false;
	TRY(store_status_by_id(x->arena, x->db, id, &s, &found));
	if (!found || s.flags & STATUS_BOOST || status_visibility(&s) > VISIBILITY_UNLISTED)
		return NULL;
	TRY(store_account_by_id(x->arena, x->db, s.author_id, &author, &found));
	*yes = found && !(author.flags & ACCOUNT_GONE);
	return NULL;
}

static err choose_posts(struct drill_copy *c, struct ctx *x) {
	for (size_t i = 0; i < REHEARSAL_ROWS && c->trial.post_count < DRILL_POSTS; i++) {
		struct str key = c->found[i].key;
		int64_t id;
		bool open;
		if (!str_eq(c->found[i].table, S("status")) || !c->found[i].print[0] || key.n < 3 ||
		    !str_i64(str_mem(key.p + 1, key.n - 2), &id))
			continue;
		TRY(is_open_post(x, id, &open));
		if (open)
			c->trial.posts[c->trial.post_count++] = id;
	}
	return NULL;
}

/* The owner logs in; a network without one has nobody to try it. */
static err log_in(struct drill_copy *c, struct ctx *x) {
	bool found;
	struct str secret;
	struct app_row app = {.name = S("Freehold drill"), .redirect_uris = S("urn:ietf:wg:oauth:2.0:oob"), .scopes = SCOPES_ALL};
	struct oauth_token token;
	TRY(store_member_owner(x->db, &c->trial.account_id, &found));
	if (!found)
		return NULL;
	TRY(app_register(x, &app, &secret));
	TRY(oauth_token(x, &app, c->trial.account_id, SCOPES_ALL, STR_NONE, &token));
	c->trial.token = arena_str(c->call->arena, token.secret);
	return NULL;
}

static err look_inside(struct drill_copy *c, struct ctx *x, const struct drill_look *was) {
	struct extent e[EXTENT_COUNT];
	TRY(store_extents(x->db, e));
	for (int i = 0; i < EXTENT_COUNT; i++)
		c->counts[i] = e[i].rows;
	for (size_t i = 0; i < was->row_count; i++) {
		c->found[i] = was->rows[i];
		TRY(rehearsal_print(x->arena, x->db, &c->found[i]));
	}
	TRY(choose_posts(c, x));
	return log_in(c, x);
}

static err open_and_look(struct drill_copy *c, struct site *site, int64_t began, const struct drill_look *was) {
	struct ctx x = {.site = site, .arena = c->call->arena, .role = ROLE_OWNER};
	TRY(standby_open_to_rehearse(site, &c->through));
	c->promote_ms = clock_mono_ms() - began;
	TRY(db_open(&x.db, site->store));
	err e = look_inside(c, &x, was);
	struct err why = e ? *e : (struct err){0};
	db_close(&x.db);
	return e ? err_copy(&why) : NULL;
}

err drill_copy_open(struct drill_copy *c, const struct drill_look *was) {
	struct config_options o = {.data_dir = c->data, .file = c->conf};
	struct config *config;
	struct site *site;
	int64_t began = clock_mono_ms();
	drill_end(c->pid);
	c->pid = 0;
	TRY(config_read(&config, &o));
	err e = open_copy(&site, config, c->data);
	if (!e) {
		e = open_and_look(c, site, began, was);
		struct err why = e ? *e : (struct err){0};
		close_site(&site);
		e = e ? err_copy(&why) : NULL;
	}
	config_free(&config);
	c->trial.program = c->program;
	c->trial.dir = c->data;
	c->trial.conf = c->conf;
	c->trial.log = arena_printf(c->call->arena, "%.*s/serve.log", S_ARG(c->dir));
	return e;
}
