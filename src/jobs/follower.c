#include "jobs/follower.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "jobs/bell.h"
#include "store/cursor.h"

#include <pthread.h>
#include <stdlib.h>

enum {
	CALLBACKS_MAX = 16,
	BATCH = 512,
	POLL_MS = 100, /* for other nodes' commits; our own ring the bell */
	GATHER_MS = 2, /* under load: entries of so long are read together */
	RETRY_MS = 1000,
	ASLEEP_MS = 60000, /* after so long without a look, entries may have been trimmed */
};

struct follower {
	struct store *store;
	struct bell *bell;
	pthread_t thread;
	bool started;
	int64_t xid, seq, looked_at;
	struct {
		commit_fn fn;
		void *ctx;
	} callbacks[CALLBACKS_MAX];
	size_t n;
};

static void ring(void *ctx, struct db *db, const struct journal_entry *e) { bell_ring(((struct follower *)ctx)->bell); }

err follower_new(struct follower **out, struct store *s) {
	*out = NULL;
	struct db *db;
	TRY(db_open(&db, s));
	struct follower *f = xcalloc(1, sizeof *f);
	f->store = s;
	err e = journal_head(db, &f->xid, &f->seq);
	f->looked_at = clock_mono_ms();
	db_close(&db);
	if (e) {
		free(f);
		return e;
	}
	f->bell = bell_new();
	*out = f;
	return NULL;
}

void follower_add(struct follower *f, commit_fn fn, void *ctx) {
	must(!f->started && f->n < CALLBACKS_MAX);
	f->callbacks[f->n].fn = fn;
	f->callbacks[f->n++].ctx = ctx;
}

static void hand(struct follower *f, struct db *db, const struct journal_entry *e) {
	for (size_t i = 0; i < f->n; i++)
		f->callbacks[i].fn(f->callbacks[i].ctx, db, e);
}

/* A process that slept long, or a database that was away long, may have outlived the entries it wants. */
static err start_anew_if_trimmed(struct follower *f, struct db *db) {
	int64_t xid, seq;
	TRY(store_journal_trimmed(db, &xid, &seq));
	if (xid < f->xid || (xid == f->xid && seq <= f->seq))
		return NULL;
	log_warn("journal entries were missed: loading everything anew");
	TRY(journal_head(db, &f->xid, &f->seq));
	hand(f, db, NULL);
	return NULL;
}

static err look(struct follower *f, struct db *db, struct arena *a, size_t *n) {
	int64_t now = clock_mono_ms();
	*n = 0;
	if (now - f->looked_at > ASLEEP_MS)
		TRY(start_anew_if_trimmed(f, db));
	struct journal_entry *v;
	TRY(journal_after(db, a, f->xid, f->seq, BATCH, &v, n));
	f->looked_at = now;
	for (size_t i = 0; i < *n; i++) {
		hand(f, db, &v[i]);
		f->xid = v[i].xid;
		f->seq = v[i].seq;
	}
	return NULL;
}

static void *follower_main(void *arg) {
	struct follower *f = arg;
	struct arena *a = arena_new();
	struct db *db = NULL;
	uint64_t heard = 0;
	bool failing = false;
	for (int64_t pause = 0; bell_wait(f->bell, &heard, pause);) {
		size_t n = 0;
		err e = db ? NULL : db_open(&db, f->store);
		if (!e)
			e = look(f, db, a, &n);
		if (e && !failing)
			log_warn("the follower cannot read the journal: %s", e->cause);
		failing = e != NULL;
		if (db)
			db_rest(db);
		arena_reset(a);
		if (n && n < BATCH)
			bell_pause(f->bell, GATHER_MS);
		pause = failing ? RETRY_MS : n == BATCH ? 0 : POLL_MS;
	}
	db_close(&db);
	arena_free(&a);
	return NULL;
}

void follower_start(struct follower *f) {
	must(!f->started);
	f->started = true;
	store_on_commit(f->store, ring, f);
	must(thread_start(&f->thread, "follower", follower_main, f));
}

void follower_free(struct follower **out) {
	struct follower *f = *out;
	if (!f)
		return;
	bell_stop(f->bell);
	if (f->started)
		pthread_join(f->thread, NULL);
	store_off_commit(f->store, ring, f);
	bell_free(&f->bell);
	free(f);
	*out = NULL;
}
