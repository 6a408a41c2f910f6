#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "core/site.h"
#include "jobs/parts.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	KINDS_MAX = 32,
	AT_ONCE_MAX = 16,
	THREADS_MAX = 16,
	LOOK_MS = 500,  /* for jobs whose time has come, and other nodes' */
	GATHER_MS = 20, /* after a look: however many commits ring */
	FIRST_RETRY_MS = 15000,
	LAST_RETRY_MS = 6 * 3600 * 1000,
};

struct kind {
	const char *name;
	job_fn fn;
	int at_once, tries, lease;
	const struct job_hold *hold;  /* or NULL */
	int64_t running[AT_ONCE_MAX]; /* ids; 0: free */
	int n_running;
};

/* A job on its way from the looking thread to one that runs it; strings are in its own arena. */
struct task {
	struct kind *kind;
	struct job job;
	struct arena *arena;
};

struct queue {
	struct site *site;
	struct leases *leases;
	struct bell *bell;
	struct kind kinds[KINDS_MAX];
	size_t n;
	pthread_t looker, threads[THREADS_MAX];
	size_t n_threads, n_alive;
	pthread_mutex_t lock; /* of all below and of kind.running */
	pthread_cond_t changed;
	struct task ready[THREADS_MAX];
	size_t n_ready, n_idle;
	bool stopping;
};

struct queue *queue_new(struct site *site, struct leases *leases, struct bell *bell) {
	struct queue *q = xcalloc(1, sizeof *q);
	*q = (struct queue){.site = site, .leases = leases, .bell = bell};
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&q->changed, &attr);
	pthread_condattr_destroy(&attr);
	return q;
}

void queue_add(struct queue *q, const char *kind, job_fn fn, int at_once, int tries) {
	must(q->n < KINDS_MAX && at_once > 0 && at_once <= AT_ONCE_MAX && tries > 0);
	q->kinds[q->n++] = (struct kind){.name = kind, .fn = fn, .at_once = at_once, .tries = tries, .lease = leases_add(q->leases, kind)};
}

void queue_hold(struct queue *q, const char *kind, const struct job_hold *h) {
	size_t i = 0;
	while (i < q->n && strcmp(q->kinds[i].name, kind) != 0)
		i++;
	must(i < q->n);
	q->kinds[i].hold = h;
}

/* ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t backoff(int64_t tries) {
	int64_t ms = (int64_t)FIRST_RETRY_MS << (tries < 12 ? tries : 12);
	uint16_t jitter;
	random_bytes(&jitter, sizeof jitter);
	ms = ms < LAST_RETRY_MS ? ms : LAST_RETRY_MS;
	return ms + ms * jitter / 65536 / 8;
}

/* The row's end. When even that cannot be written, the job is due still and is run again. */
static err settle(struct site *site, struct db *db, const struct kind *k, const struct job *job, const struct err *failed) {
	if (!failed)
		return store_job_done(db, job->id);
	char text[600];
	snprintf(text, sizeof text, "%s%s%s", failed->text, failed->cause[0] ? ": " : "", failed->cause);
	log_warn("job %s %lld: %s", k->name, (long long)job->id, text);
	if (k->hold && k->hold->away(site))
		return store_job_postpone(db, job->id, clock_ms() + FIRST_RETRY_MS, str_of(text));
	if (job->tries + 1 < k->tries)
		return store_job_retry(db, job->id, clock_ms() + backoff(job->tries), str_of(text));
	log_error("job %s %lld is buried after %d tries", k->name, (long long)job->id, k->tries);
	return store_job_bury(db, job->id, str_of(text));
}

/* The looker's snapshot may be older than the end of the job's last run. From here on nobody else runs it. */
static err run(struct ctx *c, const struct task *t) {
	bool due;
	TRY(c->db ? NULL : db_open(&c->db, c->site->store));
	TRY(store_job_is_due(c->db, t->job.id, clock_ms(), &due));
	db_rest(c->db);
	if (!due)
		return NULL;
	err e = t->kind->fn(c, &t->job);
	struct err kept = e ? *e : (struct err){0};
	db_rest(c->db);
	return settle(c->site, c->db, t->kind, &t->job, e ? &kept : NULL);
}

static void finished(struct kind *k, int64_t id) {
	for (int i = 0; i < k->at_once; i++)
		if (k->running[i] == id)
			k->running[i] = 0;
	k->n_running--;
}

static bool take(struct queue *q, struct task *out) {
	q->n_idle++;
	while (!q->n_ready && !q->stopping)
		pthread_cond_wait(&q->changed, &q->lock);
	q->n_idle--;
	if (q->stopping)
		return false;
	*out = q->ready[--q->n_ready];
	return true;
}

static void *thread_main(void *arg) {
	struct queue *q = arg;
	struct ctx c = {.site = q->site};
	struct task t;
	pthread_mutex_lock(&q->lock);
	while (take(q, &t)) {
		pthread_mutex_unlock(&q->lock);
		c = (struct ctx){.site = q->site, .db = c.db, .arena = t.arena};
		err e = run(&c, &t);
		if (e)
			log_warn("job %s %lld: %s", t.kind->name, (long long)t.job.id, e->cause);
		arena_free(&t.arena);
		pthread_mutex_lock(&q->lock);
		finished(t.kind, t.job.id);
		bell_ring(q->bell);
	}
	pthread_mutex_unlock(&q->lock);
	db_close(&c.db);
	pthread_mutex_lock(&q->lock);
	q->n_alive--;
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
	return NULL;
}

/* ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool is_running(const struct kind *k, int64_t id) {
	for (int i = 0; i < k->at_once; i++)
		if (k->running[i] == id)
			return true;
	return false;
}

/* Hands a job to a thread, if the kind and the threads have room. */
static void offer(struct queue *q, struct kind *k, const struct job *job) {
	pthread_mutex_lock(&q->lock);
	bool room = k->n_running < k->at_once && q->n_ready < q->n_idle && !q->stopping;
	if (room && !is_running(k, job->id)) {
		for (int i = 0; i < k->at_once; i++)
			if (!k->running[i]) {
				k->running[i] = job->id;
				break;
			}
		k->n_running++;
		struct task t = {.kind = k, .job = *job, .arena = arena_new()};
		t.job.data = arena_str(t.arena, job->data);
		q->ready[q->n_ready++] = t;
		pthread_cond_broadcast(&q->changed);
	}
	pthread_mutex_unlock(&q->lock);
}

static err look(struct queue *q, struct db *db, struct arena *a) {
	for (size_t i = 0; i < q->n; i++) {
		struct kind *k = &q->kinds[i];
		if (!leases_held(q->leases, k->lease) || (k->hold && k->hold->shut(q->site, db)))
			continue;
		struct job *due;
		size_t n;
		TRY(store_job_due(db, a, str_of(k->name), clock_ms(), (size_t)k->at_once, &due, &n));
		for (size_t j = 0; j < n; j++)
			offer(q, k, &due[j]);
	}
	return NULL;
}

static void *looker_main(void *arg) {
	struct queue *q = arg;
	struct arena *a = arena_new();
	struct db *db = NULL;
	uint64_t heard = 0;
	bool failing = false;
	for (int64_t pause = 0; bell_wait(q->bell, &heard, pause); pause = LOOK_MS) {
		err e = db ? NULL : db_open(&db, q->site->store);
		if (!e)
			e = look(q, db, a);
		if (e && !failing)
			log_warn("due jobs cannot be read: %s", e->cause);
		failing = e != NULL;
		if (db)
			db_rest(db);
		arena_reset(a);
		bell_pause(q->bell, failing ? LOOK_MS : GATHER_MS);
	}
	db_close(&db);
	arena_free(&a);
	return NULL;
}

void queue_start(struct queue *q) {
	size_t wanted = 0;
	for (size_t i = 0; i < q->n; i++)
		wanted += (size_t)q->kinds[i].at_once;
	q->n_threads = q->n_alive = wanted < THREADS_MAX ? wanted : THREADS_MAX;
	for (size_t i = 0; i < q->n_threads; i++)
		must(thread_start(&q->threads[i], "job", thread_main, q));
	must(thread_start(&q->looker, "due jobs", looker_main, q));
}

static bool threads_ended(struct queue *q, int64_t deadline) {
	struct timespec until = {.tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000};
	pthread_mutex_lock(&q->lock);
	q->stopping = true;
	pthread_cond_broadcast(&q->changed);
	int rc = 0;
	while (q->n_alive && !rc)
		rc = pthread_cond_timedwait(&q->changed, &q->lock, &until);
	bool ended = !q->n_alive;
	for (size_t i = 0; i < q->n_ready; i++)
		arena_free(&q->ready[i].arena);
	q->n_ready = 0;
	pthread_mutex_unlock(&q->lock);
	return ended;
}

bool queue_join(struct queue **out, int64_t deadline) {
	struct queue *q = *out;
	pthread_join(q->looker, NULL);
	if (!threads_ended(q, deadline)) {
		log_warn("a job was still running and is left");
		return false;
	}
	for (size_t i = 0; i < q->n_threads; i++)
		pthread_join(q->threads[i], NULL);
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->changed);
	free(q);
	*out = NULL;
	return true;
}
