#include "ops/probe.h"

#include "base/clock.h"
#include "base/must.h"
#include "base/thread.h"

#include <stdio.h>
#include <stdlib.h>

/* Belongs to two, who asks and the thread: the last one frees it. */
struct asked {
	struct probe probe; /* the first member */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	probe_fn fn;
	int owners;
	bool done;
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
	a->owners = 1;
	return &a->probe;
}

static void leave(struct asked *a) {
	pthread_mutex_lock(&a->lock);
	bool last = --a->owners == 0;
	pthread_mutex_unlock(&a->lock);
	if (!last)
		return;
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
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
	leave(a);
	return NULL;
}

bool probe_start(struct probe *p, probe_fn fn) {
	struct asked *a = (struct asked *)p;
	pthread_t thread;
	a->fn = fn;
	a->owners = 2;
	if (!thread_start(&thread, "probe", thread_main, a)) {
		a->owners = 1;
		return false;
	}
	pthread_detach(thread);
	return true;
}

bool probe_wait(struct probe *p, int64_t deadline) {
	struct asked *a = (struct asked *)p;
	struct timespec until = {.tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000};
	pthread_mutex_lock(&a->lock);
	int rc = 0;
	while (!a->done && a->owners == 2 && !rc)
		rc = pthread_cond_timedwait(&a->changed, &a->lock, &until);
	bool done = a->done;
	pthread_mutex_unlock(&a->lock);
	return done;
}

void probe_free(struct probe **p) {
	if (*p)
		leave((struct asked *)*p);
	*p = NULL;
}

void probe_failed(struct probe *p, err e) {
	p->failed = true;
	snprintf(p->cause, sizeof p->cause, "%s", e->cause[0] ? e->cause : e->text);
}
