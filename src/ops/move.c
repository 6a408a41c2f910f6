#include "base/clock.h"
#include "base/id.h"
#include "move/plan.h"
#include "move/rates.h"
#include "ops/command.h"
#include "ops/figures.h"
#include "ops/made_network.h"
#include "ops/move_to.h"
#include "store/total.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NEWEST_DAYS = 30, ROWS_LEAST = 20000 };

struct question {
	int64_t cores, deadline;
	double link;
	int64_t accounts, posts; /* of another size than this network; -1: as it is */
	double media;            /* bytes; -1 */
};

/* ── measuring ── */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at) { return remove(path); }

/* A network with too few rows to measure lets a made one stand in. */
static err measure_rows(struct command_call *call, struct str folder, bool made, struct rates_measured *out) {
	struct store *scratch, *stand_in = NULL;
	struct db *db = call->c.db;
	int64_t rows;
	TRY(store_open(&scratch, S("sqlite:scratch.db"), folder));
	err e = made ? store_open(&stand_in, S("sqlite:made.db"), folder) : NULL;
	if (!e && made)
		e = made_network_load(stand_in, &(struct made_network){.accounts = 2000, .follows = 20000, .posts = 20000, .seed = 1},
		                      &rows);
	if (!e && made)
		e = db_open(&db, stand_in);
	if (!e)
		e = rates_measure(call->arena, db, scratch, folder, out);
	struct err why = e ? *e : (struct err){0};
	if (stand_in) {
		if (db != call->c.db)
			db_close(&db);
		store_close(&stand_in);
	}
	store_close(&scratch);
	return e ? err_copy(&why) : NULL;
}

static err measure(struct command_call *call, bool made, struct rates_measured *out) {
	char folder[4096];
	snprintf(folder, sizeof folder, "%.*s/plan-XXXXXX", S_ARG(call->data_dir));
	if (!mkdtemp(folder))
		return err_public(ERR_UNAVAILABLE, "no folder for measuring can be made in %.*s: %m", S_ARG(call->data_dir));
	err e = measure_rows(call, str_of(folder), made, out);
	struct err why = e ? *e : (struct err){0};
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return e ? err_copy(&why) : NULL;
}

/* ── what there is to move ── */

static double or_one(int64_t n) { return n > 0 ? (double)n : 1; }

/* Another size is this network grown: as many rows for each account and post. One without any has rows as a made one does. */
static struct plan_load load_of(const struct totals_of_rows *t, const struct question *q) {
	double people = t->accounts >= 100 ? (double)t->people_rows / or_one(t->accounts) : 24;
	double posts = t->posts >= 1000 ? (double)t->post_rows / or_one(t->posts) : 4;
	double object = t->blobs >= 100 ? (double)t->blob_bytes / or_one(t->blobs) : 400000;
	double newest = t->blob_bytes > 0 ? (double)t->newest_bytes / (double)t->blob_bytes : 0.05;
	double bytes = q->media >= 0 ? q->media : (double)t->blob_bytes;
	if (newest > 1 || q->media >= 0)
		newest = newest > 1 ? 1 : newest < 0.05 ? newest : 0.05;
	struct plan_load load = {0};
	load.rows[PLAN_PEOPLE] = q->accounts >= 0 ? (double)q->accounts * people : (double)t->people_rows;
	load.rows[PLAN_POSTS] = q->posts >= 0 ? (double)q->posts * posts : (double)t->post_rows;
	load.bytes[PLAN_NEWEST] = bytes * newest;
	load.bytes[PLAN_REST] = bytes - load.bytes[PLAN_NEWEST];
	for (int i = PLAN_NEWEST; i <= PLAN_REST; i++)
		load.objects[i] = load.bytes[i] / object;
	return load;
}

/* ── what is said of it ── */

static void say_there(struct buf *out, const struct plan_load *l, const struct totals_of_rows *t, const struct question *q) {
	buf_lit(out, "To move\n  ");
	put_count(out, (double)(q->accounts >= 0 ? q->accounts : t->accounts));
	buf_lit(out, " accounts, ");
	put_count(out, (double)(q->posts >= 0 ? q->posts : t->posts));
	buf_lit(out, " posts: ");
	put_count(out, l->rows[PLAN_PEOPLE] + l->rows[PLAN_POSTS]);
	buf_lit(out, " rows\n  ");
	put_count(out, l->objects[PLAN_NEWEST] + l->objects[PLAN_REST]);
	buf_lit(out, " pictures and films, ");
	put_size(out, l->bytes[PLAN_NEWEST] + l->bytes[PLAN_REST]);
	buf_lit(out, "\n\n");
}

static void say_rates(struct buf *out, const struct rates_measured *m, bool made) {
	buf_lit(out, "Measured here and now, one core\n  ");
	put_count(out, m->rows_read);
	buf_lit(out, " rows a second read and packed, ");
	put_count(out, m->rows_loaded);
	buf_printf(out, " loaded; %.0f bytes each on the link\n  ", m->row_bytes);
	put_count(out, m->objects);
	buf_lit(out, " objects a second, and ");
	put_size(out, m->bytes);
	buf_lit(out, " of them a second, read, checked and written\n");
	if (made)
		buf_lit(out, "  (this network is small: its rows were stood in for by a made one's)\n");
	buf_byte(out, '\n');
}

static const char *const stage_words[] = {
#define X(name, words) words,
    PLAN_STAGES(X)
#undef X
};

static void say_stages(struct buf *out, const struct plan *p, const struct question *q) {
	buf_printf(out, "With %lld core%s and a link of ", (long long)q->cores, q->cores == 1 ? "" : "s");
	put_size(out, q->link);
	buf_lit(out, "/s, in this order\n");
	for (int i = 0; i < PLAN_STAGE_COUNT; i++) {
		BUF_AUTO size = {0};
		BUF_AUTO took = {0};
		BUF_AUTO ends = {0};
		put_size(&size, p->stages[i].link_bytes);
		put_span(&took, (int64_t)(p->stages[i].seconds + 0.5));
		put_span(&ends, (int64_t)(p->stages[i].ends + 0.5));
		buf_printf(out, "  %d. %-26s %9.*s  takes %9.*s  there after %9.*s%s%s\n", i + 1, stage_words[i], S_ARG(buf_str(&size)),
		           S_ARG(buf_str(&took)), S_ARG(buf_str(&ends)), p->stages[i].link_bytes > 0 ? "  binds: " : "",
		           p->stages[i].link_bytes <= 0       ? ""
		           : p->stages[i].binds == PLAN_CORES ? "the cores"
		                                              : "the link");
	}
	buf_byte(out, '\n');
}

static void say_deadline(struct buf *out, const struct plan *p, const struct question *q) {
	bool late = p->seconds > (double)q->deadline;
	if (!late) {
		buf_lit(out, "All of it is there after ");
		put_span(out, (int64_t)(p->seconds + 0.5));
		buf_lit(out, ", within the ");
		put_span(out, q->deadline);
		buf_lit(out, " there are.\n");
	} else {
		buf_lit(out, "It takes ");
		put_span(out, (int64_t)(p->seconds + 0.5));
		buf_lit(out, ", and there are ");
		put_span(out, q->deadline);
		buf_lit(out, ". What will not make it:\n");
		for (int i = 0; i < PLAN_STAGE_COUNT; i++)
			if (p->stages[i].missing > 0) {
				buf_lit(out, "  ");
				put_size(out, p->stages[i].missing);
				buf_printf(out, " of %s\n", stage_words[i]);
			}
	}
	buf_lit(out, "To be there within ");
	put_span(out, q->deadline);
	buf_printf(out, ":\n  cores: %.0f s of one core in all / %lld s = at least %.0f\n  link:  ", p->core_seconds,
	           (long long)q->deadline, p->cores_needed > 1 ? p->cores_needed + 0.999999 : 1.0);
	put_size(out, p->link_bytes);
	buf_printf(out, " / %lld s = at least ", (long long)q->deadline);
	put_size(out, p->link_needed);
	buf_printf(out, p->link_needed >= 1e6 ? "/s (%.2f Gbit/s)\n" : "/s\n", p->link_needed * 8 / 1e9);
	if (late)
		buf_lit(out, "Both, and a little more: one stage follows the other. A standby that follows beforehand needs none of this: "
		             "`freehold promote` takes seconds.\n");
}

static int plan(struct command_call *call, const struct question *q) {
	struct totals_of_rows there;
	struct rates_measured measured;
	int64_t since = (clock_ms() - (int64_t)NEWEST_DAYS * 86400000) << 16;
	err e = store_totals(call->c.db, since, &there);
	bool made = !e && there.people_rows + there.post_rows < ROWS_LEAST;
	if (!e)
		e = measure(call, made, &measured);
	if (e)
		return command_failed(call, e);
	struct plan_load load = load_of(&there, q);
	struct plan_rates rates = rates_of(&measured);
	struct plan p;
	plan_make(&load, &rates, (double)q->cores, q->link, (double)q->deadline, &p);
	say_there(call->out, &load, &there, q);
	say_rates(call->out, &measured, made);
	say_stages(call->out, &p, q);
	say_deadline(call->out, &p, q);
	return EXIT_DONE;
}

static int command_plan(struct command_call *call) {
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct question q = {
	    .cores = cores > 0 ? cores : 1, .deadline = 30 * 3600, .link = 125e6, .accounts = -1, .posts = -1, .media = -1};
	if (!option_number(call, "--cores", 1, 1000000, &q.cores) || !option_rate(call, "--link", &q.link) ||
	    !option_seconds(call, "--deadline", &q.deadline) || !option_number(call, "--accounts", 0, INT64_MAX / 1024, &q.accounts) ||
	    !option_number(call, "--posts", 0, INT64_MAX / 1024, &q.posts) || !option_bytes(call, "--media", &q.media) ||
	    option_unknown(call) || call->argc != 2)
		return EXIT_USAGE;
	return plan(call, &q);
}

int command_move(struct command_call *call) {
	if (call->argc > 1 && strcmp(call->argv[1], "plan") == 0)
		return call->c.site ? command_plan(call) : command_in_network(call, command_plan);
	return call->c.site ? move_inside(call) : move_to(call);
}
