#include "move/restore.h"

#include "core/media_store.h"
#include "ops/command.h"
#include "ops/figures.h"
#include "ops/open.h"
#include "ops/progress.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* ── options ── */

/* "2026-11-28T07:30:00Z", "2026-11-28 07:30:00" or "2026-11-28": UTC. */
static bool read_time(struct arena *a, struct str text, int64_t *ms) {
	static const char *const forms[] = {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct tm tm = {0};
		const char *end = strptime(arena_str(a, text).p, forms[i], &tm);
		if (end && !*end)
			return *ms = ((int64_t)timegm(&tm) + 1) * 1000 - 1, *ms > 0;
	}
	return false;
}

struct wish {
	struct str key, at_text, expect_text;
	int64_t at, expect;
};

static bool read_wish(struct command_call *call, struct wish *w) {
	if (!option_value(call, "--key", &w->key) || !option_value(call, "--at", &w->at_text) ||
	    !option_value(call, "--expect", &w->expect_text) || option_unknown(call) || call->argc != 2)
		return false;
	if (!w->key.n)
		buf_lit(call->errors, "freehold: --key FILE is missing\n");
	else if (w->at_text.p && !read_time(call->arena, w->at_text, &w->at))
		buf_lit(call->errors, "freehold: --at takes a time as 2026-11-28T07:30:00Z\n");
	else if (w->expect_text.p && !str_i64(w->expect_text, &w->expect))
		buf_lit(call->errors, "freehold: --expect takes the number of a backup\n");
	else
		return true;
	return false;
}

/* ── the folder ── */

/* What may be there before: the settings, and what a restore that was cut off left. */
static err need_empty(struct command_call *call) {
	struct str dir = arena_str(call->arena, call->data_dir);
	struct str other = STR_NONE;
	DIR *d = opendir(dir.p);
	if (!d || access(open_restoring(call->arena, dir).p, F_OK) == 0) {
		if (d)
			closedir(d);
		return NULL;
	}
	for (const struct dirent *entry; !other.n && (entry = readdir(d));) {
		struct str name = str_of(entry->d_name);
		if (!str_eq(name, S(".")) && !str_eq(name, S("..")) && !str_eq(name, S("lock")) && !str_eq(name, S("freehold.conf")))
			other = arena_str(call->arena, name);
	}
	closedir(d);
	return other.n ? err_public(ERR_CONFLICT, "the data folder %s is not empty: there is %s. Restore into an empty one", dir.p, other.p)
	               : NULL;
}

static err sync_folder(const char *dir) {
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return synced ? NULL : err_public(ERR_UNAVAILABLE, "%s cannot be written: %s", dir, strerror(errno));
}

static err mark(struct command_call *call, const char *file) {
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_public(ERR_UNAVAILABLE, "%s cannot be made: %s", file, strerror(errno));
	close(fd);
	return sync_folder(arena_str(call->arena, call->data_dir).p);
}

/* ── the restore ── */

static void show(void *progress, const struct restore_counts *n) {
	BUF_AUTO line = {0};
	buf_printf(&line, "%lld of %lld rows, %lld of %lld blobs, ", (long long)n->rows, (long long)n->rows_all, (long long)n->blobs,
	           (long long)n->blobs_all);
	put_size(&line, (double)n->bytes);
	progress_line(progress, buf_str(&line));
}

static err media_in(struct command_call *call, struct restore *r, struct db *db) {
	struct site site = {.config = call->config, .data_dir = arena_str(call->arena, call->data_dir)};
	struct blobs *to;
	TRY(restore_secret(db, site.secret));
	TRY(media_store_open(&to, &site, config_text(call->config, SET_media_store), true));
	err e = restore_blobs(r, site.secret, to, site.data_dir);
	struct err kept = e ? *e : (struct err){0};
	blob_close(&to);
	return e ? err_copy(&kept) : NULL;
}

static err all_in(struct command_call *call, struct restore *r, struct store *store) {
	struct db *db;
	TRY(restore_rows(r, store));
	TRY(db_open(&db, store));
	err e = restore_check_rows(r, db);
	if (!e)
		e = restore_log(r, store);
	if (!e)
		e = media_in(call, r, db);
	if (!e)
		e = restore_end(db);
	struct err kept = e ? *e : (struct err){0};
	db_close(&db);
	return e ? err_copy(&kept) : NULL;
}

static err into_folder(struct command_call *call, struct restore *r) {
	struct str marker = open_restoring(call->arena, call->data_dir), dir = arena_str(call->arena, call->data_dir);
	struct store *store;
	bool fresh = access(marker.p, F_OK) != 0;
	TRY(mark(call, marker.p));
	TRY(store_open(&store, config_text(call->config, SET_database_url), dir));
	err e = all_in(call, r, store);
	struct err kept = e ? *e : (struct err){0};
	store_close(&store);
	if (!e || (fresh && kept.code == ERR_CONFLICT))
		unlink(marker.p);
	return e ? err_copy(&kept) : sync_folder(dir.p);
}

static err run(struct command_call *call, struct restore *r, const struct wish *w) {
	struct site site = {.config = call->config, .data_dir = S("/var/tmp")};
	struct store_means means;
	struct backup_keys keys;
	int lock;
	TRY(backup_keys_read(call->arena, w->key, &keys));
	TRY(media_store_means(call->arena, &site, false, &means));
	TRY(vault_open(&r->vault, str_of(call->argv[1]), &means, &keys, false));
	TRY(restore_choose(call->arena, r, w->at));
	if (r->m.number < w->expect && !w->at)
		return err_public(ERR_STORE, "the newest backup there is number %lld: the place has lost those up to %lld",
		                  (long long)r->m.number, (long long)w->expect);
	TRY(need_empty(call));
	TRY(open_folder(call->data_dir, &lock));
	err e = into_folder(call, r);
	close(lock);
	return e;
}

int command_restore(struct command_call *call) {
	struct wish w = {0};
	struct progress p;
	struct restore r = {.tell = show, .ctx = &p};
	if (!read_wish(call, &w))
		return EXIT_USAGE;
	signal(SIGPIPE, SIG_IGN);
	progress_begin(&p);
	err e = run(call, &r, &w);
	struct err kept = e ? *e : (struct err){0};
	progress_end(&p);
	vault_close(&r.vault);
	if (e)
		return command_failed(call, &kept);
	BUF_AUTO at = {0}, upto = {0};
	buf_iso8601(&at, r.m.at);
	buf_iso8601(&upto, r.upto);
	buf_printf(call->out, "Backup %lld, taken %.*s, is in %.*s: %lld rows, %lld blobs. They were compared with the backup.\n",
	           (long long)r.m.number, S_ARG(buf_str(&at)), S_ARG(call->data_dir), (long long)r.counts.rows_all,
	           (long long)r.counts.blobs);
	if (r.counts.entries)
		buf_printf(call->out, "%lld entries of the log followed, and the log up to %.*s is in.\n", (long long)r.counts.entries,
		           S_ARG(buf_str(&upto)));
	return EXIT_DONE;
}
