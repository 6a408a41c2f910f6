/* The runner's two halves. Inside jobs/ only. */
#ifndef JOBS_PARTS_H
#define JOBS_PARTS_H

#include "jobs/bell.h"
#include "jobs/leases.h"
#include "jobs/runner.h"

/* readers.c: one thread per reader. */
struct readers;
struct readers *readers_new(struct site *site, struct leases *leases, struct bell *bell);
void readers_add(struct readers *rs, const char *name, const enum journal_kind *kinds, reader_fn fn, int64_t gather_ms);
void readers_start(struct readers *rs);
void readers_join(struct readers **rs);

/* queue.c: one thread that looks for due jobs and some that run them. */
struct queue;
struct queue *queue_new(struct site *site, struct leases *leases, struct bell *bell);
void queue_add(struct queue *q, const char *kind, job_fn fn, int at_once, int tries);
void queue_hold(struct queue *q, const char *kind, const struct job_hold *h);
void queue_start(struct queue *q);
/* False when a job was still running at the deadline (monotonic ms); then its thread lives on and q is not freed. */
bool queue_join(struct queue **q, int64_t deadline);

#endif
