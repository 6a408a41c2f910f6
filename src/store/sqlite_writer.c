#include "base/must.h"
#include "base/thread.h"
#include "store/sqlite.h"

#include <bsd/sys/queue.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

/* So many callers share one commit at most: a bound on how long the first of them waits. */
enum { GROUP_MAX = 256 };

struct call {
	STAILQ_ENTRY(call) next;
	const struct tx_call *what;
	struct journal_entry entry;
	bool failed;
	struct err err;
	sem_t done;
};
STAILQ_HEAD(calls, call);

struct sqlite_writer {
	struct db *db;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct calls waiting;
	bool stopping;
};

static void note(struct call *c, err e) {
	c->failed = e != NULL;
	if (e)
		c->err = *e;
}

/* One caller's work inside the open transaction. */
static void run(struct db *db, struct call *c) {
	struct tx tx = {.db = db};
	db->tx = &tx;
	note(c, c->what->fn(&tx, c->what->arg));
	db->tx = NULL;
	must(!db->open_rows);
	c->entry = tx.entry;
}

/* Its changes are undone when it fails, and nobody else's. */
static void run_in_savepoint(struct db *db, struct call *c) {
	note(c, sqlite_step(db, STEP_SAVEPOINT));
	if (c->failed)
		return;
	run(db, c);
	if (!sqlite_in_transaction(db))
		return;
	if (c->failed)
		(void)sqlite_step(db, STEP_ROLLBACK_TO);
	err e = sqlite_step(db, STEP_RELEASE);
	if (e && !c->failed)
		note(c, e);
}

/* NULL when the whole group's work is on disk (what failed by itself is undone and noted); otherwise none of it is. */
static err run_group(struct db *db, struct call **group, size_t n) {
	TRY(sqlite_step(db, STEP_BEGIN));
	if (n == 1) {
		run(db, group[0]);
		if (group[0]->failed && sqlite_in_transaction(db))
			return sqlite_step(db, STEP_ROLLBACK);
	}
	for (size_t i = 0; n > 1 && i < n && sqlite_in_transaction(db); i++)
		run_in_savepoint(db, group[i]);
	if (!sqlite_in_transaction(db))
		return err_private(ERR_UNAVAILABLE, "SQLite rolled the transaction back: %s", sqlite3_errmsg(sqlite_handle(db)));
	err e = sqlite_step(db, STEP_COMMIT);
	if (!e) {
		atomic_fetch_add_explicit(&db->store->commits, 1, memory_order_relaxed);
		return NULL;
	}
	struct err kept = *e;
	if (sqlite_in_transaction(db))
		(void)sqlite_step(db, STEP_ROLLBACK);
	return err_copy(&kept);
}

/* What failed together may be one caller's doing: then the others must not suffer. */
static void commit(struct db *db, struct call **group, size_t n) {
	if (!run_group(db, group, n))
		return;
	for (size_t i = 0; i < n; i++) {
		err e = run_group(db, &group[i], 1);
		if (e && !group[i]->failed)
			note(group[i], e);
	}
}

/* The next callers that may share a commit; none when the writer stops. */
static size_t take(struct sqlite_writer *w, struct call **group) {
	size_t n = 0;
	pthread_mutex_lock(&w->lock);
	while (STAILQ_EMPTY(&w->waiting) && !w->stopping)
		pthread_cond_wait(&w->wake, &w->lock);
	for (struct call *c; n < GROUP_MAX && (c = STAILQ_FIRST(&w->waiting)) && !(n && c->what->alone);) {
		group[n++] = c;
		STAILQ_REMOVE_HEAD(&w->waiting, next);
		if (c->what->alone)
			break;
	}
	pthread_mutex_unlock(&w->lock);
	return n;
}

static void *writer_main(void *arg) {
	struct sqlite_writer *w = arg;
	struct call *group[GROUP_MAX];
	size_t n;
	while ((n = take(w, group)) > 0) {
		commit(w->db, group, n);
		for (size_t i = 0; i < n; i++)
			sem_post(&group[i]->done);
	}
	return NULL;
}

err sqlite_writer_start(struct store *s) {
	struct db *db;
	TRY(sqlite_ops.open(&db, s, true));
	err e = changelog_install(db);
	if (e) {
		sqlite_ops.close(db);
		return e;
	}
	struct sqlite_writer *w = xcalloc(1, sizeof *w);
	w->db = db;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	STAILQ_INIT(&w->waiting);
	must(thread_start(&w->thread, "writer", writer_main, w));
	s->writer = w;
	return NULL;
}

void sqlite_writer_stop(struct store *s) {
	struct sqlite_writer *w = s->writer;
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	sqlite_ops.close(w->db);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->wake);
	free(w);
	s->writer = NULL;
}

static void wait_for(struct db *db, struct call *c) {
	if (db->on_wait)
		db->on_wait(db->on_wait_ctx, true);
	while (sem_wait(&c->done))
		;
	if (db->on_wait)
		db->on_wait(db->on_wait_ctx, false);
}

err sqlite_writer_run(struct db *db, const struct tx_call *what, struct journal_entry *e) {
	struct sqlite_writer *w = db->store->writer;
	must(w && !pthread_equal(pthread_self(), w->thread)); /* a transaction inside a transaction */
	struct call c = {.what = what};
	sem_init(&c.done, 0, 0);
	pthread_mutex_lock(&w->lock);
	must(!w->stopping);
	STAILQ_INSERT_TAIL(&w->waiting, &c, next);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	wait_for(db, &c);
	sem_destroy(&c.done);
	if (c.failed)
		return err_copy(&c.err);
	*e = c.entry;
	return NULL;
}
