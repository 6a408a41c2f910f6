/* The pool: worker threads, each with the context its owner made for it (a database connection), and one queue. Any thread.
 *
 * So many workers run at a time. One that only waits for another thread says so (pool_waits), and another takes its place: a commit is
 * shared by all who wait for it, so the more may wait the more it carries. Those started for that end when they have been idle a while. */
#ifndef NET_POOL_H
#define NET_POOL_H

#include "base/err.h"

/* Embedded in whatever is to be run; belongs to the pool from pool_submit until run is called. */
struct job {
	struct job *next;
	void (*run)(struct job *j, void *worker_ctx);
};

struct pool;

/* running: workers at a time; most: with those that wait. new_worker and free_worker run on the worker's thread. */
err pool_new(struct pool **out, int running, int most, void *ctx, void *(*new_worker)(void *ctx),
             void (*free_worker)(void *ctx, void *worker_ctx));
void pool_submit(struct pool *p, struct job *j);
/* On a worker's thread, around its waiting for another thread. */
void pool_waits(struct pool *p, bool waiting);
/* Runs what is queued, then joins the workers. */
void pool_stop(struct pool **p);

/* busy: workers that run or wait. */
void pool_load(struct pool *p, int64_t *busy, int64_t *queued);

#endif
