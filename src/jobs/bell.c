#include "jobs/bell.h"

#include "base/must.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct bell {
	pthread_mutex_t lock;
	pthread_cond_t rung, stop;
	uint64_t times;
	int waiting; /* for a ring */
	bool stopped;
};

struct bell *bell_new(void) {
	struct bell *b = xcalloc(1, sizeof *b);
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->rung, &attr);
	pthread_cond_init(&b->stop, &attr);
	pthread_condattr_destroy(&attr);
	return b;
}

void bell_free(struct bell **b) {
	if (!*b)
		return;
	pthread_mutex_destroy(&(*b)->lock);
	pthread_cond_destroy(&(*b)->rung);
	pthread_cond_destroy(&(*b)->stop);
	free(*b);
	*b = NULL;
}

void bell_ring(struct bell *b) {
	pthread_mutex_lock(&b->lock);
	b->times++;
	const bool wake = b->waiting;
	pthread_mutex_unlock(&b->lock);
	if (wake)
		pthread_cond_broadcast(&b->rung);
}

void bell_stop(struct bell *b) {
	pthread_mutex_lock(&b->lock);
	b->stopped = true;
	pthread_cond_broadcast(&b->rung);
	pthread_cond_broadcast(&b->stop);
	pthread_mutex_unlock(&b->lock);
}

bool bell_stopped(struct bell *b) {
	pthread_mutex_lock(&b->lock);
	bool stopped = b->stopped;
	pthread_mutex_unlock(&b->lock);
	return stopped;
}

static struct timespec in_ms(int64_t ms) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

bool bell_wait(struct bell *b, uint64_t *heard, int64_t ms) {
	struct timespec until = in_ms(ms);
	pthread_mutex_lock(&b->lock);
	b->waiting++;
	while (!b->stopped && b->times == *heard && pthread_cond_timedwait(&b->rung, &b->lock, &until) != ETIMEDOUT)
		;
	b->waiting--;
	*heard = b->times;
	bool stopped = b->stopped;
	pthread_mutex_unlock(&b->lock);
	return !stopped;
}

bool bell_pause(struct bell *b, int64_t ms) {
	struct timespec until = in_ms(ms);
	pthread_mutex_lock(&b->lock);
	while (!b->stopped && pthread_cond_timedwait(&b->stop, &b->lock, &until) != ETIMEDOUT)
		;
	bool stopped = b->stopped;
	pthread_mutex_unlock(&b->lock);
	return !stopped;
}
