/* The runner: durable readers of the journal, and jobs. It only runs them; what they do lives where their effect is and is
 * registered here at the start by ops/serve. Of many nodes exactly one runs each reader and each kind of job (a lease).
 *
 * A reader gets the journal's entries in order, from where it stopped last, whoever wrote them. A reader that fails gets the
 * same entries again; so does a reader whose node dies: its effects are idempotent, or at least once with a stable id.
 *
 * A job is a row that a verb added in its own transaction (store/job.h). When its function fails, it is run again after
 * 15 s, 30 s, 1 min … up to 6 h, and is buried (kept, not run) when its tries are used up. What it needs may be away for longer than
 * that: then it is held. */
#ifndef JOBS_RUNNER_H
#define JOBS_RUNNER_H

#include "core/ctx.h"
#include "store/job.h"
#include "store/tx.h"

struct runner;

/* Runs on the reader's own thread; c's arena is emptied after each call. */
typedef err (*reader_fn)(struct ctx *c, const struct journal_entry *entries, size_t n);

/* Runs on one of the runner's threads. NULL: done, the row is deleted. */
typedef err (*job_fn)(struct ctx *c, const struct job *job);

struct runner *runner_new(struct site *site);

/* Names are kept, not copied, and stored: they never change. kinds: the entries it wants, ended by JOURNAL_NONE. A reader that is new to a
 * database begins with the oldest entry there is. gather_ms: after a batch it rests so long, and what came meanwhile is the next: a reader
 * whose effect may wait a little costs fewer commits. After a crash it may get entries of the last second again. */
void runner_reader(struct runner *r, const char *name, const enum journal_kind *kinds, reader_fn fn, int64_t gather_ms);
/* at_once: how many of the kind run at the same time; tries: how often before it is buried. */
void runner_job(struct runner *r, const char *kind, job_fn fn, int at_once, int tries);

/* For kinds that need somebody else, who may be away for long. */
struct job_hold {
	/* No job of the kind is begun while it says so. Asked before each look for due jobs, on the looking thread. */
	bool (*shut)(struct site *site, struct db *db);
	/* A try that failed while it says so does not count, and is made again soon: nothing is buried because somebody was away. */
	bool (*away)(struct site *site);
};
/* h is kept, not copied. After runner_job for the kind. */
void runner_hold(struct runner *r, const char *kind, const struct job_hold *h);

void runner_start(struct runner *r);
/* What runs may finish until grace_ms are over; a job cut off then is run again at the next start. Called while nobody else
 * commits. False: one still runs, and is left with all it uses. */
bool runner_stop(struct runner **r, int64_t grace_ms);

/* For jobs that take long: true when the runner wants to stop. */
bool runner_stopping(struct runner *r);

#endif
