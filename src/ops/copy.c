#include "move/copy.h"

#include "base/clock.h"
#include "blob/s3.h"
#include "core/media_store.h"
#include "ops/command.h"
#include "ops/figures.h"
#include "ops/open.h"
#include "ops/progress.h"

#include <signal.h>
#include <unistd.h>

enum { JOBS = 8 };

/* ── what the person sees meanwhile ── */

struct display {
	struct progress progress;
	bool dry_run;
};

static void put_progress(struct buf *out, const struct copy_counts *n, int64_t ms) {
	int64_t done = n->there + n->copied + n->gone + n->failed, left = n->seen - done;
	double seconds = (double)(ms ? ms : 1) / 1000, rate = (double)(n->copied + n->failed) / seconds;
	buf_printf(out, "%lld of %lld%s, ", (long long)done, (long long)n->seen, n->listed ? "" : " found so far");
	put_size(out, (double)n->copied_bytes);
	buf_printf(out, " copied, %.0f/s, ", rate);
	put_size(out, (double)n->copied_bytes / seconds);
	buf_lit(out, "/s");
	if (n->failed)
		buf_printf(out, ", %lld failed", (long long)n->failed);
	if (n->listed && rate > 0) {
		buf_lit(out, ", ");
		put_span(out, (int64_t)((double)left / rate));
		buf_lit(out, " left");
	}
}

static void tell(void *ctx, const struct copy_counts *now) {
	struct display *d = ctx;
	BUF_AUTO line = {0};
	if (d->dry_run)
		return;
	put_progress(&line, now, clock_mono_ms() - d->progress.began);
	progress_line(&d->progress, buf_str(&line));
}

/* ── the command ── */

/* The site's secret proves names, where a site is and nobody uses it now. */
static bool read_secret(struct command_call *call, struct site *out) {
	struct site *site;
	if (access(arena_printf(call->arena, "%.*s/lock", S_ARG(call->data_dir)).p, F_OK) != 0)
		return false;
	err e = open_site(&site, call->config, call->data_dir);
	if (e)
		return false;
	memcpy(out->secret, site->secret, sizeof out->secret);
	close_site(&site);
	return true;
}

/* Both stores; a relative folder is one of the person's own. */
static err open_both(struct command_call *call, struct copy_order *o) {
	struct site site = {.config = call->config, .data_dir = S("/var/tmp")};
	struct store_means means;
	bool secret = read_secret(call, &site);
	TRY(media_store_means(call->arena, &site, secret, &means));
	TRY(blob_store_open(&o->from, str_of(call->argv[1]), &means));
	TRY(blob_store_open(&o->to, str_of(call->argv[2]), &means));
	TRY(blob_s3_probe(o->from));
	TRY(blob_s3_probe(o->to));
	o->floor = means.free_floor;
	return NULL;
}

static int report(struct command_call *call, const struct copy_order *o, const struct copy_counts *n, const struct copy_failure *failures,
                  size_t failed, int64_t ms) {
	for (size_t i = 0; i < failed; i++) {
		BUF_AUTO name = {0};
		buf_hex(&name, blob_name_str(&failures[i].name));
		buf_printf(call->errors, "could not copy %.*s: %.*s\n", S_ARG(buf_str(&name)), S_ARG(failures[i].why));
	}
	buf_printf(call->out, "%lld %s (", (long long)n->copied, o->dry_run ? "to copy" : "copied");
	put_size(call->out, (double)n->copied_bytes);
	buf_printf(call->out, "), %lld there already, %lld failed, in ", (long long)n->there, (long long)failed);
	put_span(call->out, ms / 1000);
	buf_byte(call->out, '\n');
	return failed ? EXIT_FAILED : EXIT_DONE;
}

static int copy(struct command_call *call, struct copy_order *o, struct display *d) {
	struct copy_counts counts;
	struct copy_failure *failures;
	size_t failed;
	err e = open_both(call, o);
	if (e)
		return command_failed(call, e);
	progress_begin(&d->progress);
	e = copy_run(call->arena, o, &counts, &failures, &failed);
	progress_end(&d->progress);
	struct err why = e ? *e : (struct err){0};
	int status = report(call, o, &counts, failures, failed, clock_mono_ms() - d->progress.began);
	return e ? command_failed(call, &why) : status;
}

int command_copy(struct command_call *call) {
	struct display d = {.dry_run = option_flag(call, "--dry-run")};
	struct copy_order o = {.dry_run = d.dry_run, .tell = tell, .ctx = &d};
	int64_t jobs = JOBS;
	if (!option_number(call, "--jobs", 1, COPY_JOBS_MAX, &jobs) || !option_number(call, "--rate", 1, INT64_MAX, &o.rate) ||
	    option_unknown(call) || call->argc != 3)
		return EXIT_USAGE;
	o.jobs = (int)jobs;
	signal(SIGPIPE, SIG_IGN);
	int status = copy(call, &o, &d);
	blob_close(&o.from);
	blob_close(&o.to);
	return status;
}
