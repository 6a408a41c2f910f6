#include "ops/probe.h"

#include "base/clock.h"
#include "base/must.h"
#include "base/thread.h"

#include <stdio.h>
#include <stdlib.h>

/* Who asks frees it, once the thread has ended; or the thread, when who asked waits no longer. */
struct asked {
	struct probe probe; /* the first member */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	probe_fn fn;
	pthread_t thread;
	bool started, done, given_up;
};

struct probe *probe_new(void) {
	struct asked *a = xcalloc(1, sizeof *a);
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&a->changed, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&a->lock, NULL);
	a->probe.arena = arena_new();
	return &a->probe;
}

static void asked_free(struct asked *a) {
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->changed);
	arena_free(&a->probe.arena);
	free(a);
}

static void *thread_main(void *arg) {
	struct asked *a = arg;
	a->fn(&a->probe);
	pthread_mutex_lock(&a->lock);
	a->done = true;
	bool given_up = a->given_up;
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
	if (given_up)
		asked_free(a);
	return NULL;
}

bool probe_start(struct probe *p, probe_fn fn) {
	struct asked *a = (struct asked *)p;
	a->fn = fn;
	return a->started = thread_start(&a->thread, "probe", thread_main, a);
}

bool probe_wait(struct probe *p, int64_t deadline) {
	struct asked *a = (struct asked *)p;
	struct timespec until = {.tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000};
	pthread_mutex_lock(&a->lock);
	int rc = 0;
	while (!a->done && a->started && !rc)
		rc = pthread_cond_timedwait(&a->changed, &a->lock, &until);
	bool done = a->done;
	pthread_mutex_unlock(&a->lock);
	return done;
}

void probe_free(struct probe **p) {
	struct asked *a = (struct asked *)*p;
	*p = NULL;
	if (!a)
		return;
	pthread_mutex_lock(&a->lock);
	bool runs = a->started && !a->done;
	a->given_up = runs;
	if (runs)
		pthread_detach(a->thread);
	pthread_mutex_unlock(&a->lock);
	if (runs)
		return;
	if (a->started)
		pthread_join(a->thread, NULL);
	asked_free(a);
}

void probe_failed(struct probe *p, err e) {
	p->failed = true;
	snprintf(p->cause, sizeof p->cause, "%s", e->cause[0] ? e->cause : e->text);
}
