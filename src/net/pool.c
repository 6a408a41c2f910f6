#include "net/pool.h"

#include "base/must.h"
#include "base/thread.h"

#include <pthread.h>
#include <stdlib.h>

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	struct job *first, **last;
	int64_t queued, idle;
	bool stopping;
	void *ctx;
	void *(*new_worker)(void *ctx);
	void (*free_worker)(void *ctx, void *worker_ctx);
	int count;
	pthread_t threads[];
};

/* The next job, or NULL when the pool stops and nothing is left. */
static struct job *take(struct pool *p) {
	pthread_mutex_lock(&p->lock);
	p->idle++;
	while (!p->first && !p->stopping)
		pthread_cond_wait(&p->wanted, &p->lock);
	p->idle--;
	struct job *j = p->first;
	if (j) {
		p->first = j->next;
		if (!p->first)
			p->last = &p->first;
		p->queued--;
	}
	pthread_mutex_unlock(&p->lock);
	return j;
}

static void *work(void *arg) {
	struct pool *p = arg;
	void *worker_ctx = p->new_worker ? p->new_worker(p->ctx) : NULL;
	for (struct job *j; (j = take(p));)
		j->run(j, worker_ctx);
	if (p->free_worker)
		p->free_worker(p->ctx, worker_ctx);
	return NULL;
}

err pool_new(struct pool **out, int workers, void *ctx, void *(*new_worker)(void *ctx), void (*free_worker)(void *ctx, void *worker_ctx)) {
	struct pool *p = xcalloc(1, sizeof *p + sizeof(pthread_t) * (size_t)workers);
	*p = (struct pool){.ctx = ctx, .new_worker = new_worker, .free_worker = free_worker};
	p->last = &p->first;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wanted, NULL);
	*out = p;
	for (; p->count < workers; p->count++)
		if (!thread_start(&p->threads[p->count], "worker", work, p)) {
			pool_stop(out);
			return err_private(ERR_UNAVAILABLE, "cannot start %d worker threads", workers);
		}
	return NULL;
}

void pool_submit(struct pool *p, struct job *j) {
	j->next = NULL;
	pthread_mutex_lock(&p->lock);
	*p->last = j;
	p->last = &j->next;
	p->queued++;
	bool wake = p->idle > 0;
	pthread_mutex_unlock(&p->lock);
	if (wake)
		pthread_cond_signal(&p->wanted);
}

void pool_stop(struct pool **pp) {
	struct pool *p = *pp;
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_mutex_unlock(&p->lock);
	pthread_cond_broadcast(&p->wanted);
	for (int i = 0; i < p->count; i++)
		pthread_join(p->threads[i], NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->wanted);
	free(p);
	*pp = NULL;
}

void pool_load(struct pool *p, int64_t *busy, int64_t *queued) {
	pthread_mutex_lock(&p->lock);
	*busy = p->count - p->idle;
	*queued = p->queued;
	pthread_mutex_unlock(&p->lock);
}
