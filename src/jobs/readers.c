#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "core/site.h"
#include "jobs/parts.h"
#include "store/cursor.h"

#include <pthread.h>
#include <stdlib.h>

enum {
	READERS_MAX = 32,
	BATCH = 256,
	POLL_MS = 150,  /* for other nodes' commits; our own ring the bell */
	KEEP_MS = 1000, /* a cursor is stored this often: after a crash entries of so long are read again, which does no harm */
	RETRY_MS = 1000,
	RETRY_MAX_MS = 60000,
	FAILURES_MAX = 10, /* an entry that fails so often for its own sake is passed over */
};

struct reader {
	struct readers *all;
	const char *name;
	bool wanted[JOURNAL_KIND_COUNT];
	reader_fn fn;
	int64_t gather_ms;
	int lease;
	pthread_t thread;
	bool placed; /* the cursor is known: the lease was held last time too */
	int64_t xid, seq;
	int64_t stored_seq, stored_at;
	int failures;
};

struct readers {
	struct site *site;
	struct leases *leases;
	struct bell *bell;
	struct reader v[READERS_MAX];
	size_t n;
};

struct readers *readers_new(struct site *site, struct leases *leases, struct bell *bell) {
	struct readers *rs = xcalloc(1, sizeof *rs);
	*rs = (struct readers){.site = site, .leases = leases, .bell = bell};
	return rs;
}

void readers_add(struct readers *rs, const char *name, const enum journal_kind *kinds, reader_fn fn, int64_t gather_ms) {
	must(rs->n < READERS_MAX);
	struct reader *r = &rs->v[rs->n++];
	*r = (struct reader){.all = rs, .name = name, .fn = fn, .gather_ms = gather_ms, .lease = leases_add(rs->leases, name)};
	for (; *kinds != JOURNAL_NONE; kinds++)
		r->wanted[*kinds] = true;
}

static err store_cursor(struct reader *r, struct db *db) {
	TRY(store_cursor_set(db, str_of(r->name), leases_holder(r->all->leases), r->xid, r->seq));
	r->stored_seq = r->seq;
	r->stored_at = clock_mono_ms();
	return NULL;
}

/* Where the last holder of the lease stopped; a new reader begins with the oldest entry there is. */
static err place(struct reader *r, struct db *db) {
	bool found;
	TRY(store_cursor_get(db, str_of(r->name), &r->xid, &r->seq, &found));
	r->stored_seq = r->seq;
	if (!found)
		TRY(store_cursor(r, db));
	r->placed = true;
	return NULL;
}

/* A failure of the world is waited for; an entry that fails for its own sake must not stop all that follow. */
static err call(struct reader *r, struct ctx *c, const struct journal_entry *v, size_t n) {
	err e = n ? r->fn(c, v, n) : NULL;
	if (!e) {
		r->failures = 0;
		return NULL;
	}
	struct err kept = *e;
	r->failures++;
	log_warn("reader %s at entry %lld: %s %s", r->name, (long long)v[0].seq, kept.text, kept.cause);
	if (n == 1 && r->failures > FAILURES_MAX && kept.code != ERR_UNAVAILABLE) {
		log_error("reader %s passes over entry %lld", r->name, (long long)v[0].seq);
		r->failures = 0;
		return NULL;
	}
	return err_copy(&kept);
}

static err keep_cursor(struct reader *r, struct db *db, bool now) {
	if (r->seq == r->stored_seq || !(now || clock_mono_ms() - r->stored_at > KEEP_MS))
		return NULL;
	return store_cursor(r, db);
}

/* One batch, or one entry where a batch has failed before. *more: there may be entries already. */
static err round_of(struct reader *r, struct ctx *c, bool *more) {
	struct journal_entry *v;
	size_t n, wanted = 0, most = r->failures ? 1 : BATCH;
	TRY(journal_after(c->db, c->arena, r->xid, r->seq, most, &v, &n));
	*more = n == most;
	if (!n)
		return keep_cursor(r, c->db, false);
	bool troubled = r->failures;
	int64_t xid = v[n - 1].xid, seq = v[n - 1].seq;
	for (size_t i = 0; i < n; i++)
		if (r->wanted[v[i].kind < JOURNAL_KIND_COUNT ? v[i].kind : JOURNAL_NONE])
			v[wanted++] = v[i];
	TRY(call(r, c, v, wanted));
	r->xid = xid;
	r->seq = seq;
	return keep_cursor(r, c->db, troubled);
}

static err look(struct reader *r, struct ctx *c, bool *more) {
	*more = false;
	if (!leases_held(r->all->leases, r->lease)) {
		r->placed = false;
		return NULL;
	}
	if (!r->placed)
		TRY(place(r, c->db));
	db_rest(c->db);
	return round_of(r, c, more);
}

static int64_t backoff(int failures) {
	int64_t ms = (int64_t)RETRY_MS << (failures < 6 ? failures : 6);
	return ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS;
}

static void *reader_main(void *arg) {
	struct reader *r = arg;
	struct ctx c = {.site = r->all->site, .arena = arena_new()};
	uint64_t heard = 0;
	for (int64_t pause = 0; bell_wait(r->all->bell, &heard, pause);) {
		bool more = false;
		err e = c.db ? NULL : db_open(&c.db, c.site->store);
		if (!e)
			e = look(r, &c, &more);
		if (c.db)
			db_rest(c.db);
		arena_reset(c.arena);
		pause = more ? 0 : POLL_MS;
		if (e)
			r->placed = false;
		if (e || !more)
			bell_pause(r->all->bell, e ? backoff(r->failures) : r->gather_ms);
	}
	if (r->placed && r->seq != r->stored_seq)
		(void)store_cursor(r, c.db);
	db_close(&c.db);
	arena_free(&c.arena);
	return NULL;
}

void readers_start(struct readers *rs) {
	for (size_t i = 0; i < rs->n; i++)
		must(thread_start(&rs->v[i].thread, rs->v[i].name, reader_main, &rs->v[i]));
}

void readers_join(struct readers **rs) {
	for (size_t i = 0; i < (*rs)->n; i++)
		pthread_join((*rs)->v[i].thread, NULL);
	free(*rs);
	*rs = NULL;
}
