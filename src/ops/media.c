#include "store/media.h"
#include "core/media_store.h"
#include "core/remote.h"
#include "move/check.h"
#include "move/migrate.h"
#include "ops/command.h"

/* Where no server runs, the command opens the store by itself. */
static err need_store(struct command_call *call, bool *opened) {
	*opened = !call->c.site->blobs;
	if (!*opened)
		return NULL;
	TRY(media_store_start(call->c.site));
	return remote_start(call->c.site);
}

/* ── migrate ── */

static int migrate_to(struct command_call *call, struct str to) {
	err e = migrate_begin(&call->c, to);
	if (e)
		return command_failed(call, e);
	buf_printf(call->out,
	           "New media go to %.*s from now on; those of before are moved there while the network runs.\n"
	           "`freehold media migrate` shows how far it is. When it is done, write media.store = %.*s into the settings.\n",
	           S_ARG(to), S_ARG(to));
	return EXIT_DONE;
}

static int show_move(struct command_call *call) {
	struct media_move m;
	bool found;
	int64_t left;
	err e = migrate_status(&call->c, &m, &found, &left);
	if (e)
		return command_failed(call, e);
	if (!found)
		buf_lit(call->out, "The media were never moved.\n");
	else if (m.over)
		buf_printf(call->out, "The media were moved from %.*s to %.*s. It is done.\n", S_ARG(m.from), S_ARG(m.to));
	else
		buf_printf(call->out, "The media are being moved from %.*s to %.*s: %lld left.\n", S_ARG(m.from), S_ARG(m.to),
		           (long long)left);
	return EXIT_DONE;
}

static int migrate(struct command_call *call) {
	struct str to = STR_NONE;
	if (!option_value(call, "--to", &to) || option_unknown(call) || call->argc != 2)
		return EXIT_USAGE;
	return to.n ? migrate_to(call, to) : show_move(call);
}

/* ── check ── */

static void put_finding(struct command_call *call, const struct check_finding *f) {
	static const char *const words[] = {[CHECK_MISSING] = "missing", [CHECK_CORRUPT] = "corrupt", [CHECK_ORPHANED] = "orphaned"};
	struct str *media = NULL;
	size_t n = 0;
	buf_printf(call->out, "%s ", words[f->trouble]);
	buf_hex(call->out, blob_name_str(&f->name));
	if (f->trouble != CHECK_ORPHANED && !store_blob_media(call->arena, call->c.db, &f->name, &media, &n))
		for (size_t i = 0; i < n; i++)
			buf_printf(call->out, "%s %.*s", i ? "," : ":", S_ARG(media[i]));
	buf_put(call->out,
	        f->mended ? f->trouble == CHECK_ORPHANED ? S(" (will be removed)\n") : S(" (fetched from the other store)\n") : S("\n"));
}

static int report(struct command_call *call, const struct check_result *r) {
	size_t left = 0;
	for (size_t i = 0; i < r->n; i++) {
		put_finding(call, &r->findings[i]);
		left += !r->findings[i].mended;
	}
	if (r->unended)
		buf_printf(call->out, "%d unended uploads were given up\n", r->unended);
	buf_printf(call->out, "%lld blobs (%lld MB) are sound, %zu are not", (long long)r->sound, (long long)(r->bytes / 1000000), r->n);
	if (r->n > left)
		buf_printf(call->out, "; %zu of them are mended", r->n - left);
	buf_lit(call->out, "\n");
	return left ? EXIT_FAILED : EXIT_DONE;
}

/* Fetched media can be fetched again: what is wrong there is only told, and with --repair let go of. */
static int check_remote(struct command_call *call, bool repair) {
	struct remote_check r;
	err e = remote_check(&call->c, repair, &r);
	if (e)
		return command_failed(call, e);
	int64_t wrong = r.missing + r.corrupt + r.orphaned;
	buf_printf(call->out, "fetched media: %lld blobs (%lld MB) are sound, %lld are not", (long long)r.sound,
	           (long long)(r.bytes / 1000000), (long long)wrong);
	if (wrong)
		buf_printf(call->out, " (%lld missing, %lld corrupt, %lld orphaned)%s", (long long)r.missing, (long long)r.corrupt,
		           (long long)r.orphaned, repair ? "; they are let go of" : "");
	buf_lit(call->out, "\n");
	return wrong && !repair ? EXIT_FAILED : EXIT_DONE;
}

static int check(struct command_call *call) {
	struct str from = STR_NONE;
	struct blobs *spare = NULL;
	struct check_result r;
	bool repair = option_flag(call, "--repair");
	if (!option_value(call, "--from", &from) || option_unknown(call) || call->argc != 2 || (from.n && !repair))
		return EXIT_USAGE;
	err e = from.n ? media_store_open(&spare, call->c.site, from, true) : NULL;
	if (!e)
		e = check_run(&call->c, repair, spare, &r);
	struct err why = e ? *e : (struct err){0};
	blob_close(&spare);
	if (e)
		return command_failed(call, &why);
	int status = report(call, &r), remote = check_remote(call, repair);
	return status == EXIT_DONE ? remote : status;
}

int command_media(struct command_call *call) {
	static const struct {
		const char *name;
		command_fn fn;
	} verbs[] = {{"migrate", migrate}, {"check", check}};
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (call->argc < 2 || strcmp(call->argv[1], verbs[i].name) != 0)
			continue;
		bool opened;
		err e = need_store(call, &opened);
		int status = e ? command_failed(call, e) : verbs[i].fn(call);
		if (opened) {
			remote_stop(call->c.site);
			media_store_stop(call->c.site);
		}
		return status;
	}
	return EXIT_USAGE;
}
