#include "base/clock.h"
#include "base/id.h"
#include "core/media.h"
#include "core/site.h"
#include "move/transfer_run.h"
#include "store/account.h"
#include "store/media.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { DAY_MS = 24 * 3600 * 1000, EXPORT_DAYS = 7, IMPORT_DAYS = 30, TELL_MS = 500, SWEPT = 100, PUTS = 5 };

bool transfer_kind_named(struct str name, enum transfer_kind *out) {
	for (int i = 0; i < TRANSFER_KINDS; i++)
		if (str_eq(name, str_of(transfer_names[i])))
			return *out = (enum transfer_kind)i, true;
	return false;
}

bool transfer_is_export(enum transfer_kind k) { return k == TRANSFER_EXPORT || k == TRANSFER_ACCOUNT; }

static bool is_list(enum transfer_kind k) { return k >= TRANSFER_FOLLOWS && k <= TRANSFER_BOOKMARKS; }

/* ── asking for one ── */

static err insert(struct tx *tx, void *arg) {
	struct transfer *t = arg;
	int64_t open;
	TRY(tx_journal(tx, J_TRANSFER_CHANGED, t->id, t->account_id, 0));
	TRY(store_transfers_open(tx_db(tx), t->account_id, &open));
	if (open >= TRANSFERS_OPEN_MAX)
		return err_public(ERR_THROTTLED, "Two of these are under way already: wait until one is done");
	return store_transfer_insert(tx, t);
}

static err expect(struct tx *tx, void *arg) {
	const struct transfer *t = arg;
	TRY(tx_journal(tx, J_TRANSFER_CHANGED, t->id, t->account_id, 0));
	return store_blob_expect(tx, &t->blob, t->size);
}

/* Bytes first, then the row that names them; a sweep of the same bytes in between is waited out, and what it took is put again. */
static err put_file(struct ctx *c, const struct blob_content *bytes, const struct transfer *t, tx_fn row, void *arg) {
	err e = NULL;
	TRY(tx_run(c->db, expect, (void *)(uintptr_t)t));
	for (int i = 0; i < PUTS; i++) {
		TRY(blob_put_content(c->site->blobs, &t->blob, bytes));
		e = tx_run(c->db, row, arg);
		if (!e)
			return blob_put_content(c->site->blobs, &t->blob, bytes);
		if (e->code != ERR_CONFLICT)
			return e;
		usleep(20000);
	}
	return e;
}

err transfer_export(struct ctx *c, enum transfer_kind kind, struct transfer *out) {
	*out = (struct transfer){
	    .id = id_new(), .account_id = c->viewer, .kind = kind, .expires_at = clock_ms() + (int64_t)EXPORT_DAYS * DAY_MS};
	return tx_run(c->db, insert, out);
}

/* A nameless file beside the data. */
static err open_aside(struct ctx *c, int *fd) {
	*fd = open(arena_str(c->arena, c->site->data_dir).p, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return *fd < 0 ? err_private(ERR_UNAVAILABLE, "a file cannot be put aside: %m") : NULL;
}

/* A file of its own, so that its bytes begin at 0. */
static err cut_out(struct ctx *c, const struct transfer_file *f, int *out) {
	char piece[64 * 1024];
	int fd;
	TRY(open_aside(c, &fd));
	for (int64_t at = 0; at < f->size;) {
		ssize_t n =
		    pread(f->fd, piece, f->size - at < (int64_t)sizeof piece ? (size_t)(f->size - at) : sizeof piece, f->offset + at);
		if (n <= 0 || write(fd, piece, (size_t)n) != n) {
			close(fd);
			return err_private(ERR_UNAVAILABLE, "a file cannot be put aside: %m");
		}
		at += n;
	}
	*out = fd;
	return NULL;
}

static err import_bytes(struct ctx *c, struct transfer *t, struct str bytes) {
	blob_name_of(c->site->secret, bytes, &t->blob);
	t->size = (int64_t)bytes.n;
	return put_file(c, &(struct blob_content){.bytes = bytes, .fd = -1, .size = t->size}, t, insert, t);
}

static err import_file(struct ctx *c, struct transfer *t, const struct transfer_file *f) {
	int fd;
	TRY(cut_out(c, f, &fd));
	err e = blob_name_of_file(c->site->secret, fd, &t->blob, &t->size);
	if (!e)
		e = put_file(c, &(struct blob_content){.fd = fd, .size = t->size}, t, insert, t);
	close(fd);
	return e;
}

err transfer_import(struct ctx *c, enum transfer_kind kind, const struct transfer_file *f, struct transfer *out) {
	int64_t size = f->mem.p ? (int64_t)f->mem.n : f->size, open;
	*out = (struct transfer){.id = id_new(),
	                         .account_id = c->viewer,
	                         .kind = kind,
	                         .has_blob = true,
	                         .expires_at = clock_ms() + (int64_t)IMPORT_DAYS * DAY_MS};
	if (!size)
		return err_public(ERR_INVALID, "The file is empty");
	if (is_list(kind) && size > TRANSFER_LIST_MAX)
		return err_public(ERR_TOO_LARGE, "A list has at most %d MB", TRANSFER_LIST_MAX >> 20);
	TRY(store_transfers_open(c->db, c->viewer, &open));
	if (open >= TRANSFERS_OPEN_MAX)
		return err_public(ERR_THROTTLED, "Two of these are under way already: wait until one is done");
	TRY(media_check_room(c, c->viewer, size));
	return f->mem.p ? import_bytes(c, out, f->mem) : import_file(c, out, f);
}

/* ── looking ── */

err transfer_own(struct ctx *c, int64_t id, struct transfer *out) {
	bool found;
	TRY(store_transfer_by_id(c->arena, c->db, id, out, &found));
	return found && out->account_id == c->viewer && out->expires_at > clock_ms() ? NULL : err_plain(ERR_NOT_FOUND);
}

err transfer_list(struct ctx *c, struct transfer **out, size_t *n) {
	return store_transfers_of(c->arena, c->db, c->viewer, TRANSFERS_SHOWN, out, n);
}

err transfer_open(struct ctx *c, int64_t id, enum transfer_kind *kind, struct blob_served *out) {
	struct transfer t;
	TRY(transfer_own(c, id, &t));
	*kind = t.kind;
	if (!transfer_is_export(t.kind) || t.state != TRANSFER_DONE || !t.has_blob)
		return err_plain(ERR_NOT_FOUND);
	return blob_serve(c->site->blobs, &t.blob, out);
}

static err delete (struct tx *tx, void *arg) {
	const struct transfer *t = arg;
	struct transfer now;
	bool found;
	struct arena *a = arena_new();
	TRY(tx_journal(tx, J_TRANSFER_CHANGED, t->id, t->account_id, 0));
	err e = store_transfer_by_id(a, tx_db(tx), t->id, &now, &found);
	if (!e && found)
		e = store_transfer_delete(tx, &now);
	arena_free(&a);
	return e;
}

err transfer_forget(struct ctx *c, int64_t id) {
	struct transfer t;
	TRY(transfer_own(c, id, &t));
	return tx_run(c->db, delete, &t);
}

err transfer_sweep(struct ctx *c, const struct job *job) {
	struct transfer *over;
	size_t n;
	(void)job;
	do {
		TRY(store_transfers_over(c->arena, c->db, clock_ms(), SWEPT, &over, &n));
		db_rest(c->db);
		for (size_t i = 0; i < n; i++)
			TRY(tx_run(c->db, delete, &over[i]));
	} while (n == SWEPT);
	return NULL;
}

/* ── doing it ── */

void transfer_refuse(struct transfer_run *r, int64_t line, const char *fmt, ...) {
	char text[300];
	va_list ap;
	r->t.refused++;
	if (r->report_lines++ >= TRANSFER_REPORT_LINES)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	struct str s = str_of(text);
	while (s.n && !str_utf8(s)) /* cut in the middle of a character */
		s.n--;
	buf_printf(&r->report, "%lld: ", (long long)line);
	for (size_t i = 0; i < s.n; i++)
		buf_byte(&r->report, (unsigned char)s.p[i] < ' ' ? ' ' : s.p[i]);
	buf_byte(&r->report, '\n');
}

bool transfer_is_about_line(err e) {
	return e->code == ERR_NOT_FOUND || e->code == ERR_INVALID || e->code == ERR_FORBIDDEN || e->code == ERR_CONFLICT;
}

static err update(struct tx *tx, void *arg) {
	struct transfer_run *r = arg;
	TRY(tx_journal(tx, J_TRANSFER_CHANGED, r->t.id, r->t.account_id, 0));
	return store_transfer_update(tx, &r->t, &r->had);
}

static err save(struct transfer_run *r) {
	r->t.report = buf_str(&r->report);
	TRY(tx_run(r->c.db, update, r));
	r->had = r->t;
	r->told = clock_mono_ms();
	return NULL;
}

err transfer_step(struct transfer_run *r) {
	if (r->c.site->stopping)
		return err_private(ERR_UNAVAILABLE, "the program stops");
	return clock_mono_ms() - r->told < TELL_MS ? NULL : save(r);
}

/* The finished file of an export, t.size bytes of fd, becomes the transfer's: the row names it from now on, whatever becomes of the program
 * before the job is done. */
static err keep(struct transfer_run *r, int fd) {
	TRY(blob_name_of_file(r->c.site->secret, fd, &r->t.blob, &r->t.size));
	r->t.has_blob = true;
	r->t.state = TRANSFER_DONE;
	r->t.report = buf_str(&r->report);
	err e = put_file(&r->c, &(struct blob_content){.fd = fd, .size = r->t.size}, &r->t, update, r);
	if (!e)
		r->had = r->t;
	return e;
}

static err collect(void *ctx, struct str bytes) {
	buf_put(ctx, bytes);
	return NULL;
}

static err export(struct transfer_run *r) {
	int fd;
	TRY(open_aside(&r->c, &fd));
	err e = r->t.kind == TRANSFER_EXPORT ? transfer_archive_out(r, fd) : transfer_account_out(r, fd);
	db_rest(r->c.db);
	if (!e)
		e = keep(r, fd);
	struct err kept = e ? *e : (struct err){0};
	close(fd);
	return e ? err_copy(&kept) : NULL;
}

static err run_kind(struct transfer_run *r) {
	if (transfer_is_export(r->t.kind))
		return export(r);
	if (is_list(r->t.kind)) {
		BUF_AUTO file = {0};
		TRY(blob_read(r->c.site->blobs, &r->t.blob, 0, -1, collect, &file));
		return transfer_lists_in(r, buf_str(&file));
	}
	int fd;
	TRY(blob_open(r->c.site->blobs, &r->t.blob, &fd, &r->t.total));
	err e = r->t.kind == TRANSFER_BLUESKY ? transfer_bluesky_in(r, fd) : transfer_posts_in(r, fd);
	close(fd);
	return e;
}

/* What the person's file did to it is the end of it; what the world did lets the job try again, a few times. */
static err finish(struct transfer_run *r, err e, bool last_try) {
	struct err kept = e ? *e : (struct err){0};
	bool theirs = e && (e->code == ERR_INVALID || e->code == ERR_TOO_LARGE);
	if (e && !theirs && !last_try)
		return err_copy(&kept);
	r->t.state = e ? TRANSFER_FAILED : TRANSFER_DONE;
	if (e)
		r->t.error = theirs ? str_of(kept.text) : S("Something went wrong on our side");
	if (!transfer_is_export(r->t.kind))
		r->t.has_blob = false;
	TRY(save(r));
	return e && !theirs ? err_copy(&kept) : NULL;
}

static err run(struct transfer_run *r, const struct job *job) {
	bool found;
	int64_t flags;
	TRY(store_transfer_by_id(r->c.arena, r->c.db, job->a, &r->t, &found));
	if (!found || r->t.state >= TRANSFER_DONE)
		return NULL;
	TRY(store_account_flags(r->c.db, r->t.account_id, &flags, &found));
	db_rest(r->c.db);
	if (!found || flags & ACCOUNT_GONE)
		return NULL;
	r->c.viewer = r->t.account_id;
	r->had = r->t;
	r->t.state = TRANSFER_WORKING;
	r->t.position = r->t.taken = r->t.known = r->t.refused = 0;
	r->t.report = r->t.error = STR_NONE;
	TRY(save(r));
	return finish(r, run_kind(r), job->tries + 1 >= TRANSFER_TRIES);
}

err transfer_job(struct ctx *c, const struct job *job) {
	struct transfer_run r = {.c = *c};
	r.c.arena = arena_new();
	err e = run(&r, job);
	struct err kept = e ? *e : (struct err){0};
	buf_free(&r.report);
	arena_free(&r.c.arena);
	return e ? err_copy(&kept) : NULL;
}
