#include "base/clock.h"
#include "core/media_store.h"
#include "move/restore.h"
#include "net/admin.h"
#include "ops/figures.h"
#include "ops/keeper.h"
#include "ops/open.h"
#include "ops/progress.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ASK_MS = 200 };

/* ── words ── */

static void put_progress(struct buf *out, const struct backup_counts *n) {
	if (n->stage == BACKUP_ROWS)
		buf_printf(out, "%lld rows read, ", (long long)n->rows);
	else if (n->stage == BACKUP_BLOBS)
		buf_printf(out, "%lld of %lld blobs, ", (long long)n->blobs_done, (long long)n->blobs);
	else
		buf_printf(out, "clearing, %lld objects removed, ", (long long)n->removed);
	put_size(out, (double)n->objects.sent_bytes);
	buf_lit(out, " sent");
}

static void put_result(struct buf *out, const struct backup_result *r) {
	const struct backup_counts *n = &r->counts;
	buf_printf(out, "Backup %lld: %lld of %lld tables read (%lld rows), %lld blobs, %lld of them new; %lld objects sent (",
	           (long long)r->number, (long long)n->tables_read, (long long)n->tables, (long long)n->rows, (long long)n->blobs,
	           (long long)n->blobs_sent, (long long)n->objects.sent);
	put_size(out, (double)n->objects.sent_bytes);
	buf_printf(out, ") and read back, in %.1f s\n", (double)r->ms / 1000);
	if (r->dropped)
		buf_printf(out, "%lld older backups are not kept any more; %lld objects were removed\n", (long long)r->dropped,
		           (long long)n->removed);
	if (n->blobs_missing)
		buf_printf(out, "%lld blobs could not be read from the media store: see `freehold media check`\n",
		           (long long)n->blobs_missing);
}

/* ── options ── */

/* A running server has another working folder. */
static struct str absolute(struct command_call *call, struct str path) {
	char *here;
	if (str_starts(path, S("/")) || str_starts(path, S("s3://")) || !(here = getcwd(NULL, 0)))
		return path;
	struct str rest = str_starts(path, S("files:")) ? str_skip(path, 6) : path;
	struct str whole = str_starts(rest, S("/")) ? rest : arena_printf(call->arena, "%s/%.*s", here, S_ARG(rest));
	free(here);
	return whole;
}

static bool read_keep(struct command_call *call, struct str text, struct backup_wish *w) {
	size_t at;
	w->has_keep = text.p;
	if (!text.p || backup_keep_read(text, &w->keep, &at))
		return true;
	buf_printf(call->errors, "freehold: --keep takes log=7d,daily=7,weekly=4,monthly=12, and does not understand \"%.*s\"\n",
	           S_ARG(str_skip(text, at)));
	return false;
}

static bool read_wish(struct command_call *call, struct backup_wish *w, struct str *keep) {
	*w = (struct backup_wish){.after_loss = option_flag(call, "--after-loss")};
	*keep = STR_NONE;
	if (!option_value(call, "--key", &w->key) || !option_value(call, "--keep", keep) || option_unknown(call) || call->argc != 2)
		return false;
	w->to = str_of(call->argv[1]);
	if (!w->key.n)
		buf_lit(call->errors, "freehold: --key FILE is missing; `freehold backup key FILE` makes one\n");
	return w->key.n && read_keep(call, *keep, w);
}

/* ── inside the server ── */

static int begin_inside(struct command_call *call) {
	struct backup_wish w;
	struct str keep;
	if (!read_wish(call, &w, &keep))
		return EXIT_USAGE;
	err e = keeper_ask(call->c.site->keeper, &w);
	return e ? command_failed(call, e) : EXIT_DONE;
}

/* "running" or "done", and what a person reads. */
static int state_inside(struct command_call *call) {
	bool running;
	struct backup_counts counts;
	struct backup_result result;
	struct err failed;
	if (!keeper_state(call->c.site->keeper, &running, &counts, &result, &failed))
		return EXIT_FAILED;
	buf_put(call->out, running ? S("running\n") : S("done\n"));
	if (running)
		put_progress(call->out, &counts);
	else if (failed.text[0])
		return command_failed(call, &failed);
	else
		put_result(call->out, &result);
	return running || !result.counts.blobs_missing ? EXIT_DONE : EXIT_FAILED;
}

static int inside(struct command_call *call) {
	if (option_flag(call, "--state"))
		return state_inside(call);
	return option_flag(call, "--begin") ? begin_inside(call) : EXIT_USAGE;
}

/* ── by a running server ── */

static err ask(struct command_call *call, int argc, char **argv, int *status, struct buf *out, struct buf *errors) {
	return admin_call(admin_socket(call->arena, call->data_dir), argc, argv, status, out, errors);
}

static int follow(struct command_call *call) {
	char *state[] = {(char[]){"backup"}, (char[]){"--state"}};
	struct progress p;
	progress_begin(&p);
	for (;;) {
		BUF_AUTO out = {0}, errors = {0};
		int status;
		err e = ask(call, 2, state, &status, &out, &errors);
		if (e)
			return command_failed(call, e);
		struct str text = buf_str(&out), word = str_cut(&text, '\n');
		if (!str_eq(word, S("running"))) {
			progress_end(&p);
			buf_put(call->out, text);
			buf_put(call->errors, buf_str(&errors));
			return status;
		}
		progress_line(&p, text);
		usleep(ASK_MS * 1000);
	}
}

/* False when no server runs. */
static bool by_server(struct command_call *call, const struct backup_wish *w, struct str keep, int *status) {
	char *argv[9] = {(char[]){"backup"}, (char[]){"--begin"}};
	int n = 2;
	struct str words[] = {absolute(call, w->to), S("--key"), absolute(call, w->key), S("--keep"), keep};
	for (size_t i = 0; i < (keep.p ? 5 : 3); i++)
		argv[n++] = strdup(arena_str(call->arena, words[i]).p);
	if (w->after_loss)
		argv[n++] = strdup("--after-loss");
	err e = ask(call, n, argv, status, call->out, call->errors);
	struct err kept = e ? *e : (struct err){0};
	for (int i = 2; i < n; i++)
		free(argv[i]);
	if (e && kept.code == ERR_NOT_FOUND)
		return false;
	if (e)
		*status = command_failed(call, &kept);
	else if (*status == EXIT_DONE)
		*status = follow(call);
	return true;
}

/* ── by this process ── */

static void tell(void *progress, const struct backup_counts *now) {
	BUF_AUTO line = {0};
	put_progress(&line, now);
	progress_line(progress, buf_str(&line));
}

static int alone(struct command_call *call, const struct backup_wish *w) {
	struct progress p;
	struct backup_order order = {.tell = tell, .ctx = &p};
	struct backup_result r = {0};
	struct site *site;
	err e = open_site(&site, call->config, call->data_dir);
	if (e)
		return command_failed(call, e);
	struct ctx c = {.site = site, .arena = call->arena, .role = ROLE_OWNER};
	progress_begin(&p);
	e = db_open(&c.db, site->store);
	if (!e)
		e = media_store_start(site);
	if (!e)
		e = backup_do(&c, w, &order, &r);
	struct err kept = e ? *e : (struct err){0};
	progress_end(&p);
	db_close(&c.db);
	media_store_stop(site);
	close_site(&site);
	if (e)
		return command_failed(call, &kept);
	put_result(call->out, &r);
	return r.counts.blobs_missing ? EXIT_FAILED : EXIT_DONE;
}

static bool is_network(struct command_call *call) {
	struct stat st;
	if (stat(arena_str(call->arena, call->data_dir).p, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	buf_printf(call->errors, "freehold: there is no network in %.*s: name its folder with --data\n", S_ARG(call->data_dir));
	return false;
}

static int make(struct command_call *call) {
	struct backup_wish w;
	struct str keep;
	struct backup_keys keys;
	int status;
	if (!read_wish(call, &w, &keep))
		return EXIT_USAGE;
	err e = backup_keys_read(call->arena, w.key, &keys);
	if (e)
		return command_failed(call, e);
	if (!is_network(call))
		return EXIT_FAILED;
	return by_server(call, &w, keep, &status) ? status : alone(call, &w);
}

/* ── key ── */

static int key(struct command_call *call) {
	if (option_unknown(call) || call->argc != 3)
		return EXIT_USAGE;
	err e = backup_key_make(str_of(call->argv[2]));
	if (e)
		return command_failed(call, e);
	buf_printf(call->out,
	           "The key is in %s. Without it no backup can be read, by nobody: keep a copy where this machine's end does not reach, "
	           "on paper for instance. Whoever has it can read the whole network.\n",
	           call->argv[2]);
	return EXIT_DONE;
}

/* ── list and verify ── */

/* The place of "backup VERB FROM --key FILE". */
static err open_from(struct command_call *call, struct str from, struct str key_file, struct vault **out) {
	struct site site = {.config = call->config, .data_dir = S("/var/tmp")};
	struct store_means means;
	struct backup_keys keys;
	TRY(backup_keys_read(call->arena, key_file, &keys));
	TRY(media_store_means(call->arena, &site, false, &means));
	return vault_open(out, from, &means, &keys, false);
}

static void put_time(struct buf *out, int64_t ms) {
	char text[32];
	time_t s = ms / 1000;
	struct tm tm;
	gmtime_r(&s, &tm);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
	buf_printf(out, "%s", text);
}

static err put_one(struct command_call *call, struct vault *v, int64_t number) {
	struct backup_manifest m;
	struct blob_name hash;
	int64_t rows = 0;
	TRY(vault_manifest(call->arena, v, number, &m, &hash));
	for (size_t i = 0; i < m.table_count; i++)
		rows += m.tables[i].rows;
	buf_printf(call->out, "%6lld  ", (long long)number);
	put_time(call->out, m.at);
	buf_printf(call->out, "  %10lld rows  %8lld blobs  ", (long long)rows, (long long)m.blobs);
	put_size(call->out, (double)m.blob_bytes);
	if (m.blobs_missing)
		buf_printf(call->out, "  (%lld blobs were missing)", (long long)m.blobs_missing);
	buf_byte(call->out, '\n');
	return NULL;
}

static err list_all(struct command_call *call, struct vault *v) {
	struct backup_manifest m;
	struct blob_name hash;
	TRY(backup_newest(call->arena, v, &m, &hash));
	buf_lit(call->out, "number  snapshot taken (UTC)\n");
	for (size_t i = 0; i < m.kept_count; i++)
		TRY(put_one(call, v, m.kept[i].number));
	return put_one(call, v, m.number);
}

static int list(struct command_call *call) {
	struct str key_file = STR_NONE;
	struct vault *v = NULL;
	if (!option_value(call, "--key", &key_file) || option_unknown(call) || call->argc != 3 || !key_file.n)
		return EXIT_USAGE;
	err e = open_from(call, str_of(call->argv[2]), key_file, &v);
	if (!e)
		e = list_all(call, v);
	struct err kept = e ? *e : (struct err){0};
	vault_close(&v);
	return e ? command_failed(call, &kept) : EXIT_DONE;
}

static void show(void *progress, const struct restore_counts *n) {
	BUF_AUTO line = {0};
	buf_printf(&line, "%lld of %lld rows, %lld of %lld blobs", (long long)n->rows, (long long)n->rows_all, (long long)n->blobs,
	           (long long)n->blobs_all);
	progress_line(progress, buf_str(&line));
}

static int verify(struct command_call *call) {
	struct str key_file = STR_NONE, scratch = STR_NONE;
	struct progress p;
	struct restore r = {.tell = show, .ctx = &p};
	const char *tmp = getenv("TMPDIR");
	if (!option_value(call, "--key", &key_file) || !option_value(call, "--scratch", &scratch) || option_unknown(call) ||
	    call->argc != 3 || !key_file.n)
		return EXIT_USAGE;
	progress_begin(&p);
	err e = open_from(call, str_of(call->argv[2]), key_file, &r.vault);
	if (!e)
		e = restore_choose(call->arena, &r, 0);
	if (!e)
		e = restore_try(call->arena, &r, scratch.n ? scratch : tmp && *tmp ? str_of(tmp) : S("/var/tmp"));
	struct err kept = e ? *e : (struct err){0};
	progress_end(&p);
	vault_close(&r.vault);
	if (e)
		return command_failed(call, &kept);
	buf_printf(call->out, "Backup %lld is whole: %zu tables with %lld rows and %lld blobs (", (long long)r.m.number, r.m.table_count,
	           (long long)r.counts.rows, (long long)r.counts.blobs);
	put_size(call->out, (double)r.counts.bytes);
	buf_lit(call->out, ") were restored and are what they were\n");
	return EXIT_DONE;
}

int command_backup(struct command_call *call) {
	signal(SIGPIPE, SIG_IGN);
	if (call->c.site)
		return inside(call);
	if (call->argc > 1 && strcmp(call->argv[1], "key") == 0)
		return key(call);
	if (call->argc > 1 && strcmp(call->argv[1], "list") == 0)
		return list(call);
	if (call->argc > 1 && strcmp(call->argv[1], "verify") == 0)
		return verify(call);
	return make(call);
}
