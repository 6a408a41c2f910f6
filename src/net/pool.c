#include "net/pool.h"

#include "base/must.h"
#include "base/thread.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { SPARE_S = 10 };

struct worker {
	struct pool *pool;
	pthread_t thread;
	bool started, ended;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	struct job *first, **last;
	int64_t queued;
	int alive, idle, waiting, running_most, most;
	bool stopping;
	void *ctx;
	void *(*new_worker)(void *ctx);
	void (*free_worker)(void *ctx, void *worker_ctx);
	struct worker workers[];
};

static bool may_run(const struct pool *p) { return p->first && (p->alive - p->idle - p->waiting < p->running_most || p->stopping); }

/* False when a worker more than run at a time was idle for long. */
static bool sleep_idle(struct pool *p, const struct timespec *until) {
	if (p->alive <= p->running_most) {
		pthread_cond_wait(&p->wanted, &p->lock);
		return true;
	}
	return pthread_cond_timedwait(&p->wanted, &p->lock, until) != ETIMEDOUT || p->alive <= p->running_most;
}

/* The next job, or NULL when this worker is to end. */
static struct job *take(struct pool *p) {
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += SPARE_S;
	p->idle++;
	bool needed = true;
	while (needed && !may_run(p) && !p->stopping)
		needed = sleep_idle(p, &until);
	struct job *j = may_run(p) ? p->first : NULL;
	p->idle--;
	if (j) {
		p->first = j->next;
		if (!p->first)
			p->last = &p->first;
		p->queued--;
	}
	return j;
}

static void *work(void *arg) {
	struct worker *w = arg;
	struct pool *p = w->pool;
	void *worker_ctx = p->new_worker ? p->new_worker(p->ctx) : NULL;
	pthread_mutex_lock(&p->lock);
	for (struct job *j; (j = take(p));) {
		pthread_mutex_unlock(&p->lock);
		j->run(j, worker_ctx);
		pthread_mutex_lock(&p->lock);
	}
	p->alive--;
	pthread_mutex_unlock(&p->lock);
	if (p->free_worker)
		p->free_worker(p->ctx, worker_ctx);
	pthread_mutex_lock(&p->lock);
	w->ended = true;
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static bool add_worker(struct pool *p) {
	struct worker *w = p->workers;
	while (w < p->workers + p->most && w->started && !w->ended)
		w++;
	if (w == p->workers + p->most)
		return false;
	if (w->started)
		pthread_join(w->thread, NULL);
	*w = (struct worker){.pool = p};
	w->started = thread_start(&w->thread, "worker", work, w);
	p->alive += w->started;
	return w->started;
}

/* Unlocks; somebody runs what is queued, if anybody may. An idle worker that was called before and has not come yet counts as idle. */
static void unlock_and_call(struct pool *p) {
	const int64_t room = p->running_most - (p->alive - p->idle - p->waiting);
	const int64_t wanted = p->queued < room ? p->queued : room;
	const bool wake = wanted > 0 && p->idle > 0;
	if (wanted > p->idle && !p->stopping)
		add_worker(p);
	pthread_mutex_unlock(&p->lock);
	if (wake)
		pthread_cond_signal(&p->wanted);
}

err pool_new(struct pool **out, int running, int most, void *ctx, void *(*new_worker)(void *ctx),
             void (*free_worker)(void *ctx, void *worker_ctx)) {
	must(running > 0 && most >= running);
	struct pool *p = xcalloc(1, sizeof *p + sizeof *p->workers * (size_t)most);
	*p = (struct pool){.running_most = running, .most = most, .ctx = ctx, .new_worker = new_worker, .free_worker = free_worker};
	p->last = &p->first;
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wanted, &attr);
	pthread_condattr_destroy(&attr);
	*out = p;
	pthread_mutex_lock(&p->lock);
	bool all = true;
	while (all && p->alive < running)
		all = add_worker(p);
	pthread_mutex_unlock(&p->lock);
	if (all)
		return NULL;
	pool_stop(out);
	return err_private(ERR_UNAVAILABLE, "cannot start %d worker threads", running);
}

void pool_submit(struct pool *p, struct job *j) {
	j->next = NULL;
	pthread_mutex_lock(&p->lock);
	*p->last = j;
	p->last = &j->next;
	p->queued++;
	unlock_and_call(p);
}

void pool_waits(struct pool *p, bool waiting) {
	pthread_mutex_lock(&p->lock);
	p->waiting += waiting ? 1 : -1;
	unlock_and_call(p);
}

void pool_stop(struct pool **pp) {
	struct pool *p = *pp;
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->wanted);
	pthread_mutex_unlock(&p->lock);
	for (struct worker *w = p->workers; w < p->workers + p->most; w++)
		if (w->started)
			pthread_join(w->thread, NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->wanted);
	free(p);
	*pp = NULL;
}

void pool_load(struct pool *p, int64_t *busy, int64_t *queued) {
	pthread_mutex_lock(&p->lock);
	*busy = p->alive - p->idle;
	*queued = p->queued;
	pthread_mutex_unlock(&p->lock);
}
