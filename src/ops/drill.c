#include "ops/drill.h"

#include "base/clock.h"
#include "base/must.h"
#include "core/site.h"
#include "ops/drill_copy.h"
#include "ops/figures.h"
#include "ops/open.h"
#include "ops/remote.h"
#include "store/tx.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { NOTE_MAX = 4096 };

/* ── inside the network ── */

static int begin_inside(struct command_call *call) {
	const struct site *site = call->c.site;
	struct totals_of_rows t;
	struct str token;
	err e = store_totals(call->c.db, INT64_MAX, &t);
	if (!e)
		e = rehearsal_begin(&call->c, &token);
	if (e)
		return command_failed(call, e);
	buf_printf(call->out, "domain %.*s\nurl %.*s\ntoken %.*s\nrows %lld\nblob_bytes %lld\n", S_ARG(site->domain), S_ARG(site->base_url),
	           S_ARG(token), (long long)(t.people_rows + t.post_rows), (long long)t.blob_bytes);
	return EXIT_DONE;
}

static void put_rows(struct buf *out, const struct rehearsal_row *v, size_t n) {
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "row %.*s %.*s %s\n", S_ARG(v[i].table), S_ARG(v[i].key), v[i].print);
}

static err put_counts(struct command_call *call) {
	struct extent e[EXTENT_COUNT];
	int64_t xid, seq;
	TRY(journal_head(call->c.db, &xid, &seq));
	TRY(store_extents(call->c.db, e));
	buf_printf(call->out, "at %lld\nentries %lld\n", (long long)clock_ms(), (long long)seq);
	for (int i = 0; i < EXTENT_COUNT; i++)
		buf_printf(call->out, "count %d %lld\n", i, (long long)e[i].rows);
	return NULL;
}

static int draw_inside(struct command_call *call) {
	struct rehearsal_row v[REHEARSAL_ROWS];
	size_t n;
	err e = rehearsal_draw(call->arena, call->c.db, v, &n);
	if (!e)
		e = put_counts(call);
	if (e)
		return command_failed(call, e);
	put_rows(call->out, v, n);
	return EXIT_DONE;
}

/* TABLE KEY … */
static int again_inside(struct command_call *call) {
	err e = NULL;
	for (int i = 1; i + 1 < call->argc && !e; i += 2) {
		struct rehearsal_row one = {.table = str_of(call->argv[i]), .key = str_of(call->argv[i + 1])};
		e = rehearsal_print(call->arena, call->c.db, &one);
		put_rows(call->out, &one, e ? 0 : 1);
	}
	if (!e)
		e = put_counts(call);
	return e ? command_failed(call, e) : EXIT_DONE;
}

static int note_inside(struct command_call *call, struct str note) {
	json_t *doc = note.n <= NOTE_MAX ? json_loadb(note.p, note.n, 0, NULL) : NULL;
	err e = json_is_object(doc) ? rehearsal_note(&call->c, note) : err_public(ERR_INVALID, "that is no note of a drill");
	json_decref(doc);
	return e ? command_failed(call, e) : EXIT_DONE;
}

int drill_inside(struct command_call *call) {
	struct str note = STR_NONE;
	if (option_flag(call, "--begin"))
		return begin_inside(call);
	if (option_flag(call, "--draw"))
		return draw_inside(call);
	if (option_flag(call, "--again"))
		return again_inside(call);
	if (option_flag(call, "--end")) {
		err e = rehearsal_end(&call->c);
		return e ? command_failed(call, e) : EXIT_DONE;
	}
	return option_value(call, "--note", &note) && note.n ? note_inside(call, note) : EXIT_USAGE;
}

/* ── asking the network ── */

struct drill {
	struct command_call *call;
	struct drill_copy copy;
	struct drill_look before, after;
	struct drill_tried tried;
	struct str domain, url, token;
	int64_t rows, blob_bytes;
	int64_t missing, changed; /* of the rows that were drawn */
	char why[640];            /* it failed; empty: it went well */
};

static err ask_words(struct drill *d, const char *word, const char *value, struct buf *out) {
	char *argv[] = {(char[]){"drill"}, strdup(word), value ? strdup(value) : NULL};
	err e = open_ask(d->call, value ? 3 : 2, argv, out);
	free(argv[1]);
	free(argv[2]);
	return e;
}

static err begin(struct drill *d) {
	BUF_AUTO out = {0};
	TRY(ask_words(d, "--begin", NULL, &out));
	for (struct str rest = buf_str(&out); rest.n;) {
		struct str value = str_cut(&rest, '\n'), key = str_cut(&value, ' ');
		value = arena_str(d->call->arena, value);
		if (str_eq(key, S("domain")))
			d->domain = value;
		else if (str_eq(key, S("url")))
			d->url = value;
		else if (str_eq(key, S("token")))
			d->token = value;
		else if (str_eq(key, S("rows")))
			(void)str_i64(value, &d->rows);
		else if (str_eq(key, S("blob_bytes")))
			(void)str_i64(value, &d->blob_bytes);
	}
	return NULL;
}

static void read_row(struct arena *a, struct drill_look *l, struct str text) {
	struct rehearsal_row *r = &l->rows[l->row_count++];
	r->table = arena_str(a, str_cut(&text, ' '));
	r->key = arena_str(a, str_cut(&text, ' '));
	snprintf(r->print, sizeof r->print, "%.*s", S_ARG(text));
}

static void read_look(struct arena *a, struct drill_look *l, struct str rest) {
	*l = (struct drill_look){0};
	while (rest.n) {
		struct str value = str_cut(&rest, '\n'), key = str_cut(&value, ' ');
		int64_t n = 0, which = 0;
		if (str_eq(key, S("row")) && l->row_count < REHEARSAL_ROWS)
			read_row(a, l, value);
		else if (str_eq(key, S("count")) && str_i64(str_cut(&value, ' '), &which) && which >= 0 && which < EXTENT_COUNT)
			(void)str_i64(value, &l->counts[which]);
		else if (str_i64(value, &n))
			*(str_eq(key, S("at")) ? &l->at : &l->entries) = n;
	}
}

static err draw(struct drill *d) {
	BUF_AUTO out = {0};
	TRY(ask_words(d, "--draw", NULL, &out));
	read_look(d->call->arena, &d->before, buf_str(&out));
	return NULL;
}

static err draw_again(struct drill *d) {
	char *argv[2 + 2 * REHEARSAL_ROWS] = {(char[]){"drill"}, (char[]){"--again"}};
	BUF_AUTO out = {0};
	int n = 2;
	for (size_t i = 0; i < d->before.row_count; i++) {
		argv[n++] = strdup(d->before.rows[i].table.p);
		argv[n++] = strdup(d->before.rows[i].key.p);
	}
	err e = open_ask(d->call, n, argv, &out);
	while (n > 2)
		free(argv[--n]);
	TRY(e);
	read_look(d->call->arena, &d->after, buf_str(&out));
	return NULL;
}

/* ── the verdict ── */

static const char *const tables[EXTENT_COUNT] = {
#define X(query, table) table,
    EXTENTS(X)
#undef X
};

/* A row may be changed or deleted while the copy is made: then it is as it was before, or as it is after, or was changed more than once. */
static void compare_rows(struct drill *d) {
	for (size_t i = 0; i < d->before.row_count; i++) {
		const char *was = d->before.rows[i].print, *is = d->copy.found[i].print;
		const char *now = i < d->after.row_count ? d->after.rows[i].print : "";
		bool still = strcmp(was, now) == 0;
		if (!*is && *now)
			d->missing++;
		else if (still && strcmp(is, was) != 0)
			d->changed++;
	}
}

/* What people do meanwhile is counted by the journal: no entry makes or takes more than a row of these, but for whole accounts. */
static bool counts_fit(struct drill *d, int i) {
	int64_t a = d->before.counts[i], b = d->after.counts[i], moved = d->after.entries - d->before.entries;
	int64_t least = (a < b ? a : b) - moved, most = (a > b ? a : b) + moved;
	return d->copy.counts[i] >= least && d->copy.counts[i] <= most;
}

static void judge(struct drill *d) {
	compare_rows(d);
	if (d->tried.why[0])
		snprintf(d->why, sizeof d->why, "%s", d->tried.why);
	else if (d->missing)
		snprintf(d->why, sizeof d->why, "%lld of %zu rows that were drawn are missing in the copy", (long long)d->missing,
		         d->before.row_count);
	else if (d->changed)
		snprintf(d->why, sizeof d->why, "%lld of %zu rows that were drawn are others in the copy", (long long)d->changed,
		         d->before.row_count);
	for (int i = 0; i < EXTENT_COUNT && !d->why[0]; i++)
		if (!counts_fit(d, i))
			snprintf(d->why, sizeof d->why, "the copy has %lld rows of %s, and the network %lld", (long long)d->copy.counts[i],
			         tables[i], (long long)d->after.counts[i]);
}

/* docs/extensions.md has the fields. */
static void put_note(struct drill *d, struct buf *out) {
	const struct drill_copy *c = &d->copy;
	buf_lit(out, "{\"at\":\"");
	buf_iso8601(out, clock_ms());
	buf_printf(out,
	           "\",\"ok\":%s,\"copy_seconds\":%.3f,\"open_seconds\":%.3f,\"write_seconds\":%.3f,\"rows\":%lld,\"files\":%lld,"
	           "\"file_bytes\":%lld,\"compared\":%zu,\"missing\":%lld,\"changed\":%lld,\"posts_read\":%lld,\"files_read\":%lld,"
	           "\"logged_in\":%s,\"apart\":%s,\"why\":",
	           d->why[0] ? "false" : "true", (double)c->copy_ms / 1000, (double)d->tried.open_ms / 1000,
	           (double)d->tried.write_ms / 1000, (long long)c->rows, (long long)c->blobs, (long long)c->blob_bytes, d->before.row_count,
	           (long long)d->missing, (long long)d->changed, (long long)d->tried.posts, (long long)d->tried.files,
	           d->tried.logged_in ? "true" : "false", d->tried.apart ? "true" : "false");
	buf_json_string(out, str_of(d->why));
	buf_byte(out, '}');
}

static void say(struct drill *d) {
	struct buf *out = d->call->out;
	const struct drill_copy *c = &d->copy;
	buf_lit(out, "  copied     ");
	put_count(out, (double)c->rows);
	buf_lit(out, " rows and ");
	put_count(out, (double)c->blobs);
	buf_lit(out, " files (");
	put_size(out, (double)c->blob_bytes);
	buf_printf(out, ") in %.1f s\n  opened     answers after %.1f s", (double)c->copy_ms / 1000, (double)d->tried.open_ms / 1000);
	if (d->tried.write_ms)
		buf_printf(out, ", takes a new post after %.1f s", (double)d->tried.write_ms / 1000);
	buf_printf(out, "\n  compared   %zu rows drawn at random: %lld missing, %lld changed; ", d->before.row_count, (long long)d->missing,
	           (long long)d->changed);
	for (int i = 0; i < EXTENT_COUNT; i++)
		buf_printf(out, "%s%lld %s", i ? ", " : "", (long long)c->counts[i], tables[i]);
	buf_printf(out, "\n  tried      %lld posts, %lld pictures and films, %s\n  apart      %s\n", (long long)d->tried.posts,
	           (long long)d->tried.files,
	           d->tried.logged_in      ? "log-in and home timeline"
	           : d->copy.trial.token.n ? "no log-in"
	                                   : "no log-in: the network has no owner",
	           d->tried.apart ? "in a network namespace that reaches nobody"
	                          : "on loopback: the kernel gives no network namespace here");
}

/* ── from the start to the end ── */

static err enough_room(struct drill *d, struct str scratch) {
	struct statvfs disk;
	double wanted = room_of_copy(d->rows, (double)d->blob_bytes);
	if (statvfs(scratch.p, &disk) != 0)
		return err_public(ERR_UNAVAILABLE, "%.*s cannot be looked at: %m", S_ARG(str_first(scratch, 150)));
	double has = (double)disk.f_bavail * (double)disk.f_frsize;
	if (has >= wanted)
		return NULL;
	BUF_AUTO a = {0};
	BUF_AUTO b = {0};
	put_size(&a, has);
	put_size(&b, wanted);
	return err_public(ERR_UNAVAILABLE, "a copy needs about %.*s, and %.*s has %.*s free: --scratch DIR names another place",
	                  S_ARG(buf_str(&b)), S_ARG(str_first(scratch, 100)), S_ARG(buf_str(&a)));
}

static err rehearse(struct drill *d, struct str scratch) {
	struct drill_copy *c = &d->copy;
	TRY(drill_copy_make(c, scratch, d->domain));
	TRY(enough_room(d, scratch));
	TRY(drill_copy_start(c, d->url, d->token));
	TRY(drill_copy_wait(c, 0, d->rows, d->blob_bytes));
	TRY(draw(d));
	TRY(drill_copy_wait(c, d->before.at, d->rows, d->blob_bytes));
	TRY(drill_copy_open(c, &d->before));
	TRY(drill_try(&c->trial, &d->tried));
	d->tried.open_ms += c->promote_ms;
	d->tried.write_ms += d->tried.write_ms ? c->promote_ms : 0;
	TRY(draw_again(d));
	judge(d);
	return NULL;
}

static int end(struct drill *d, err e) {
	BUF_AUTO note = {0};
	BUF_AUTO said = {0};
	bool done = !e;
	if (e)
		snprintf(d->why, sizeof d->why, "%s%s%s", e->text, e->cause[0] ? ": " : "", e->cause);
	drill_copy_remove(&d->copy);
	e = ask_words(d, "--end", NULL, &said);
	if (remote_interrupted()) {
		buf_lit(d->call->errors, "freehold: interrupted; the network is as it was, and nothing of the copy is left\n");
		return EXIT_FAILED;
	}
	put_note(d, &note);
	buf_byte(&note, 0);
	if (!e)
		e = ask_words(d, "--note", note.p, &said);
	int status = e ? command_failed(d->call, e) : EXIT_DONE;
	if (d->why[0]) {
		buf_printf(d->call->errors, "freehold: the drill failed: %s\n", d->why);
		status = EXIT_FAILED;
	} else {
		buf_lit(d->call->out, "This network can leave. A copy of it was made, opened and tried beside it, and removed:\n");
	}
	if (done)
		say(d);
	return status;
}

int command_drill(struct command_call *call) {
	struct str scratch = call->data_dir;
	if (call->c.site)
		return drill_inside(call);
	if (!option_value(call, "--scratch", &scratch) || option_unknown(call) || call->argc > 1)
		return EXIT_USAGE;
	struct drill *d = arena_one(call->arena, struct drill);
	d->call = call;
	scratch = arena_str(call->arena, scratch);
	remote_watch_signals();
	err e = drill_copy_lock(&d->copy, call, scratch);
	if (!e)
		e = begin(d);
	if (e)
		return command_failed(call, e);
	return end(d, rehearse(d, scratch));
}
