#include "move/demote.h"

#include "base/clock.h"
#include "base/must.h"
#include "move/origin.h"
#include "move/standby_inside.h"
#include "store/closed.h"
#include "store/cursor.h"
#include "store/local_state.h"
#include "wire/url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAGE = 200 };

/* Of local_state: what the new home gave a demote that did not come to its end. */
#define DEMOTE_FROM "demote.from"
#define DEMOTE_KEY "demote.key"

/* A row that the old home changed on its own, and what it is in the new one (row empty: not there). */
struct touched {
	const struct image_table *table;
	struct str key, row;
};

struct work {
	struct site *site;
	struct arena *a;
	struct db *db;
	struct origin origin;
	struct image_table *tables;
	size_t n;
	int64_t old_xid, old_seq, new_xid, new_seq;
	struct str columns;
	VEC(struct touched) touched;
	struct buf file;
	struct demoted *out;
};

/* ── what the new home says ── */

static err ask_past(struct work *w) {
	ANSWER_AUTO answer = {0};
	struct copy_line entry, head;
	int number = 0;
	bool bad;
	TRY(link_ask(&w->origin, "GET", S("/api/freehold/standby/past"), &answer));
	if (!copy_stream_next(&answer.lines, &entry, &number, &bad) || entry.kind != COPY_ENTRY ||
	    !copy_stream_next(&answer.lines, &head, &number, &bad) || head.kind != COPY_HEAD)
		return err_public(ERR_UNAVAILABLE, "the new home's answer is refused: it has no point in common");
	w->old_xid = entry.numbers[0];
	w->old_seq = entry.numbers[1];
	w->new_xid = head.numbers[HEAD_XID];
	w->new_seq = head.numbers[HEAD_SEQ];
	return NULL;
}

static err write_key(struct tx *tx, void *arg) {
	const struct work *w = arg;
	TRY(store_local_set(tx_db(tx), S(DEMOTE_FROM), w->origin.url));
	return store_local_set(tx_db(tx), S(DEMOTE_KEY), w->origin.key);
}

/* With the key that there is already, or with the token for one. */
static err come_in(struct work *w, struct str url, struct str token) {
	struct str from, key;
	link_fill(&w->origin, w->site->config, url, token);
	TRY(store_local_get(w->a, w->db, S(DEMOTE_FROM), &from));
	TRY(store_local_get(w->a, w->db, S(DEMOTE_KEY), &key));
	db_rest(w->db);
	if (key.n && str_eq(from, w->origin.url)) {
		link_fill(&w->origin, w->site->config, url, key);
		err e = ask_past(w);
		if (!e || e->code != ERR_UNAUTHORIZED)
			return e;
		link_fill(&w->origin, w->site->config, url, token);
	}
	TRY(link_join(&w->origin, w->a, &key));
	link_fill(&w->origin, w->site->config, url, key);
	TRY(tx_run(w->db, write_key, w));
	return ask_past(w);
}

static err ask_columns(struct work *w) {
	ANSWER_AUTO answer = {0};
	TRY(link_ask(&w->origin, "GET", S("/api/freehold/standby/start"), &answer));
	w->columns = arena_str(w->a, answer.lines);
	return NULL;
}

/* The row in the order of this database's columns; both run the same version then, or it is refused when it is written. */
static err ask_row(struct work *w, struct touched *t) {
	ANSWER_AUTO answer = {0};
	BUF_AUTO target = {0};
	struct copy_line line;
	int number = 0;
	bool bad;
	buf_lit(&target, "/api/freehold/standby/row");
	url_add_pair(&target, S("table"), t->table->name);
	url_add_pair(&target, S("key"), t->key);
	TRY(link_ask(&w->origin, "GET", buf_str(&target), &answer));
	t->row = STR_NONE;
	if (copy_stream_next(&answer.lines, &line, &number, &bad) && line.kind == COPY_ROW)
		t->row = arena_str(w->a, line.text);
	return bad ? err_public(ERR_UNAVAILABLE, "the new home's answer is refused: it is no row") : NULL;
}

/* ── what this home wrote on its own ── */

static err touch(struct work *w, const struct change *c) {
	const struct image_table *t = image_table_named(w->tables, w->n, c->table);
	if (!t || c->state == CHANGE_BLANKED)
		return NULL;
	struct touched one = {.table = t, .key = c->key};
	if (c->state == CHANGE_ROW)
		TRY(image_key(w->a, t, c->row, &one.key));
	for (size_t i = 0; i < w->touched.n; i++)
		if (w->touched.v[i].table == t && str_eq(w->touched.v[i].key, one.key))
			return NULL;
	vec_push(w->a, &w->touched, one);
	return NULL;
}

static void keep(struct work *w, const struct change_entry *e) {
	const struct journal_entry *j = &e->entry;
	copy_stream_put(&w->file, &(struct copy_line){.kind = COPY_ENTRY, .numbers = {j->xid, j->seq, j->at, j->kind, j->a, j->b, j->c}});
	for (size_t i = 0; i < e->n; i++) {
		const struct change *c = &e->changes[i];
		if (c->state == CHANGE_ROW)
			copy_stream_put(&w->file, &(struct copy_line){.kind = COPY_PUT, .table = c->table, .text = c->row});
		else if (c->state == CHANGE_DELETED)
			copy_stream_put(&w->file, &(struct copy_line){.kind = COPY_DELETE, .table = c->table, .text = c->key});
	}
}

static err take_entry(struct work *w, const struct change_entry *e) {
	if (e->entry.kind == J_BULK_LOADED && e->entry.a)
		return err_public(ERR_GONE, "rows were loaded in bulk since the histories parted: make a new copy");
	keep(w, e);
	for (size_t i = 0; i < e->n; i++)
		TRY(touch(w, &e->changes[i]));
	w->out->entries++;
	return NULL;
}

static err find_own(struct work *w) {
	int64_t xid = w->old_xid, seq = w->old_seq, cut_xid, cut_seq;
	struct change_entry *v;
	size_t n = PAGE;
	TRY(store_journal_trimmed(w->db, &cut_xid, &cut_seq));
	if (cut_xid > xid || (cut_xid == xid && cut_seq > seq))
		return err_public(ERR_GONE, "the journal here does not reach back to where the histories parted: make a new copy");
	while (n == PAGE) {
		TRY(change_after(w->db, w->a, xid, seq, PAGE, &v, &n));
		for (size_t i = 0; i < n; i++)
			TRY(take_entry(w, &v[i]));
		if (n) {
			xid = v[n - 1].entry.xid;
			seq = v[n - 1].entry.seq;
		}
	}
	db_rest(w->db);
	return NULL;
}

static bool holds(struct str path, struct str text) {
	int fd = open(path.p, O_RDONLY | O_CLOEXEC);
	bool same = fd >= 0;
	char part[4096];
	ssize_t n = 1;
	while (same && n > 0) {
		n = read(fd, part, sizeof part);
		same = n >= 0 && str_starts(text, str_mem(part, n > 0 ? (size_t)n : 0));
		text = str_skip(text, same ? (size_t)n : 0);
	}
	if (fd >= 0)
		close(fd);
	return same && !text.n;
}

/* One that was killed in the middle may have kept the same before: it goes by what is in it. */
static bool kept_before(struct work *w) {
	for (int i = 1;; i++) {
		w->out->file = arena_printf(w->a, "%.*s/divergent-%lld-%lld-%d.txt", S_ARG(w->site->data_dir), (long long)w->old_xid,
		                            (long long)w->old_seq, i);
		if (access(w->out->file.p, F_OK) != 0)
			return false;
		if (holds(w->out->file, buf_str(&w->file)))
			return true;
	}
}

static err sync_folder(struct work *w) {
	int fd = open(arena_str(w->a, w->site->data_dir).p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	err e = good ? NULL : err_public(ERR_UNAVAILABLE, "%.*s cannot be written: %s", S_ARG(w->site->data_dir), strerror(errno));
	if (fd >= 0)
		close(fd);
	return e;
}

/* On the disk before anything is undone, and whole under its name. */
static err write_file(struct work *w) {
	if (!w->out->entries || kept_before(w))
		return NULL;
	struct str part = arena_printf(w->a, "%.*s/divergent.part", S_ARG(w->site->data_dir));
	int fd = open(part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct str rest = buf_str(&w->file);
	bool good = fd >= 0;
	while (good && rest.n) {
		ssize_t n = write(fd, rest.p, rest.n);
		good = n > 0 || (n < 0 && errno == EINTR);
		rest = n > 0 ? str_skip(rest, (size_t)n) : rest;
	}
	good = good && fsync(fd) == 0 && rename(part.p, w->out->file.p) == 0;
	err e = good ? NULL : err_public(ERR_UNAVAILABLE, "%s cannot be written: %s", w->out->file.p, strerror(errno));
	if (fd >= 0)
		close(fd);
	TRY(e);
	return sync_folder(w);
}

/* ── becoming a standby ── */

static err write_all(struct tx *tx, void *arg) {
	const struct work *w = arg;
	struct db *db = tx_db(tx);
	TRY(tx_journal_copy(tx, J_COPIED, 0, 0, 0));
	for (size_t i = 0; i < w->touched.n; i++) {
		const struct touched *t = &w->touched.v[i];
		TRY(t->row.n ? image_put(tx, w->a, t->table, t->row) : image_delete(tx, w->a, t->table, t->key));
	}
	TRY(store_local_set(db, S(STANDBY_FROM), w->origin.url));
	TRY(store_local_set(db, S(STANDBY_KEY), w->origin.key));
	TRY(store_local_set(db, S(STANDBY_LOADED), S("yes")));
	TRY(store_local_set(db, S(STANDBY_COLUMNS), w->columns));
	TRY(store_local_set(db, S(STANDBY_PAST), STR_NONE));
	TRY(store_local_set(db, S(DEMOTE_FROM), STR_NONE));
	TRY(store_local_set(db, S(DEMOTE_KEY), STR_NONE));
	return store_local_set(db, S(STANDBY_CURSOR), arena_printf(w->a, "%lld %lld", (long long)w->new_xid, (long long)w->new_seq));
}

static err run(struct work *w, struct str url, struct str token) {
	int64_t epoch;
	TRY(standby_check_url(url));
	TRY(image_tables(w->db, w->a, &w->tables, &w->n));
	TRY(standby_epoch(w->a, w->db, &epoch));
	db_rest(w->db);
	w->origin.epoch = arena_printf(w->a, "Freehold-Epoch: %lld %.*s", (long long)epoch, S_ARG(secret_epoch(w->a, w->site, epoch)));
	TRY(come_in(w, url, token));
	TRY(ask_columns(w));
	TRY(store_close_to_writes(w->db,
	                          arena_printf(w->a, "This is a standby of %.*s. Nothing can be changed here", S_ARG(w->origin.url))));
	TRY(find_own(w));
	TRY(write_file(w));
	for (size_t i = 0; i < w->touched.n; i++)
		TRY(ask_row(w, &w->touched.v[i]));
	w->out->rows = (int64_t)w->touched.n;
	return tx_run(w->db, write_all, w);
}

err demote(struct site *site, struct arena *a, struct str url, struct str token, struct demoted *out) {
	struct work w = {.site = site, .a = a, .out = out, .origin = {.fetcher = fetcher_new()}};
	*out = (struct demoted){0};
	err e = db_open(&w.db, site->store);
	if (!e)
		e = run(&w, url, token);
	struct err kept = e ? *e : (struct err){0};
	db_close(&w.db);
	fetcher_free(&w.origin.fetcher);
	buf_free(&w.file);
	return e ? err_copy(&kept) : NULL;
}
