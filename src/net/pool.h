/* The pool: worker threads, each with the context its owner made for it (a database connection), and one queue. Any thread. */
#ifndef NET_POOL_H
#define NET_POOL_H

#include "base/err.h"

/* Embedded in whatever is to be run; belongs to the pool from pool_submit until run is called. */
struct job {
	struct job *next;
	void (*run)(struct job *j, void *worker_ctx);
};

struct pool;

/* new_worker and free_worker run on the worker's thread. */
err pool_new(struct pool **out, int workers, void *ctx, void *(*new_worker)(void *ctx), void (*free_worker)(void *ctx, void *worker_ctx));
void pool_submit(struct pool *p, struct job *j);
/* Runs what is queued, then joins the workers. */
void pool_stop(struct pool **p);

void pool_load(struct pool *p, int64_t *busy, int64_t *queued);

#endif
