/* `freehold export` and `freehold import`: the whole network as a file that any program can read (move/archive.h). */
#include "move/archive.h"

#include "base/clock.h"
#include "core/media_store.h"
#include "ops/command.h"
#include "ops/figures.h"
#include "ops/open.h"
#include "ops/progress.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

enum { TERMINAL_MS = 200 };

/* ── what the person sees meanwhile ── */

static void tell(void *ctx, const char *doing, const struct archive_counts *n) {
	struct progress *p = ctx;
	BUF_AUTO line = {0};
	if (clock_mono_ms() - p->told < TERMINAL_MS)
		return;
	buf_printf(&line, "%s: %lld rows, %lld media (", doing, (long long)n->rows, (long long)n->media);
	put_size(&line, (double)n->media_bytes);
	buf_lit(&line, "); ");
	put_size(&line, (double)n->file_bytes);
	buf_lit(&line, " of the file");
	progress_line(p, buf_str(&line));
}

/* ── the passphrase ── */

static err check_passphrase(struct str s) {
	if (s.n < ARCHIVE_PASSPHRASE_MIN)
		return err_public(ERR_INVALID, "the passphrase must have at least %d characters", ARCHIVE_PASSPHRASE_MIN);
	return NULL;
}

/* The first line of a file. */
static err read_key_file(struct command_call *call, struct str path, struct str *out) {
	char line[1024];
	FILE *f = fopen(arena_str(call->arena, path).p, "re");
	bool any = f && fgets(line, sizeof line, f);
	if (f)
		fclose(f);
	if (!any)
		return err_public(ERR_INVALID, "%.*s cannot be read, or is empty", S_ARG(path));
	*out = arena_str(call->arena, str_trim(str_of(line)));
	sodium_memzero(line, sizeof line);
	return check_passphrase(*out);
}

static bool ask_line(const char *question, char *line, size_t n) {
	struct termios was, quiet;
	if (tcgetattr(STDIN_FILENO, &was) != 0)
		return false;
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	fprintf(stderr, "%s", question);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	bool ok = fgets(line, (int)n, stdin) != NULL;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	fputc('\n', stderr);
	return ok;
}

static err ask(struct command_call *call, bool twice, struct str *out) {
	char first[1024] = "", second[1024] = "";
	if (!ask_line("Passphrase: ", first, sizeof first) || (twice && !ask_line("Once more: ", second, sizeof second)))
		return err_public(ERR_INVALID, "there is no terminal to ask for the passphrase: give a file that holds it by --key");
	bool same = !twice || strcmp(first, second) == 0;
	*out = arena_str(call->arena, str_trim(str_of(first)));
	sodium_memzero(first, sizeof first);
	sodium_memzero(second, sizeof second);
	return same ? check_passphrase(*out) : err_public(ERR_INVALID, "the two are not the same");
}

/* ── the commands ── */

static int report(struct command_call *call, const char *what, const struct archive_counts *n) {
	buf_printf(call->out, "%lld rows and %lld media (%lld MB) %s\n", (long long)n->rows, (long long)n->media,
	           (long long)(n->media_bytes / 1000000), what);
	if (n->media_missing)
		buf_printf(call->out, "%lld media were not there or damaged, and are left out: `freehold media check` names them\n",
		           (long long)n->media_missing);
	return EXIT_DONE;
}

typedef err (*archive_verb)(struct ctx *c, const struct archive_order *o, struct archive_counts *n);

static err run(struct command_call *call, struct site *site, archive_verb verb, struct archive_order *o, struct archive_counts *n) {
	struct ctx c = {.site = site, .arena = call->arena, .role = ROLE_OWNER};
	TRY(db_open(&c.db, site->store));
	err e = verb(&c, o, n);
	struct err kept = e ? *e : (struct err){0};
	db_close(&c.db);
	return e ? err_copy(&kept) : NULL;
}

static err opened(struct command_call *call, bool beside, archive_verb verb, struct archive_order *o, struct archive_counts *n) {
	struct site *site;
	TRY(beside ? open_beside(&site, call->config, call->data_dir) : open_site(&site, call->config, call->data_dir));
	err e = beside ? media_store_start(site) : NULL;
	if (!e)
		e = run(call, site, verb, o, n);
	struct err kept = e ? *e : (struct err){0};
	if (beside)
		media_store_stop(site);
	close_site(&site);
	progress_end(o->ctx);
	return e ? err_copy(&kept) : NULL;
}

static bool has_network(struct command_call *call) {
	return access(arena_printf(call->arena, "%.*s/lock", S_ARG(call->data_dir)).p, F_OK) == 0;
}

int command_export(struct command_call *call) {
	struct progress p;
	struct archive_order o = {.tell = tell, .ctx = &p};
	struct archive_counts n;
	struct str key = STR_NONE;
	bool secrets = option_flag(call, "--with-secrets");
	if (!option_value(call, "--key", &key) || option_unknown(call) || call->argc != 2 || (key.n && !secrets))
		return EXIT_USAGE;
	o.file = str_of(call->argv[1]);
	progress_begin(&p);
	err e = has_network(call) ? NULL : err_public(ERR_NOT_FOUND, "there is no network in %.*s", S_ARG(call->data_dir));
	if (!e && secrets)
		e = key.n ? read_key_file(call, key, &o.passphrase) : ask(call, true, &o.passphrase);
	if (!e)
		e = opened(call, true, archive_export, &o, &n);
	if (e)
		return command_failed(call, e);
	buf_printf(call->out, "%.*s (%lld MB): ", S_ARG(o.file), (long long)((n.file_bytes + 999999) / 1000000));
	return report(call,
	              secrets ? "are in it, and all secrets, sealed with your passphrase"
	                      : "are in it. Passwords, tokens and keys are not; e-mail addresses and private posts are: keep it safe",
	              &n);
}

int command_import(struct command_call *call) {
	struct progress p;
	struct archive_order o = {.tell = tell, .ctx = &p};
	struct archive_counts n;
	struct str key = STR_NONE;
	if (!option_value(call, "--key", &key) || option_unknown(call) || call->argc != 2)
		return EXIT_USAGE;
	o.file = str_of(call->argv[1]);
	progress_begin(&p);
	err e = key.n ? read_key_file(call, key, &o.passphrase) : NULL;
	if (!e)
		e = opened(call, false, archive_import, &o, &n);
	return e ? command_failed(call, e) : report(call, "are here now", &n);
}
