/* A bell that threads sleep by: rung when something was committed, so that nobody has to ask the database in a hurry. */
#ifndef JOBS_BELL_H
#define JOBS_BELL_H

#include <stdbool.h>
#include <stdint.h>

struct bell;

struct bell *bell_new(void);
void bell_free(struct bell **b);

/* Any thread. */
void bell_ring(struct bell *b);
/* For the end of the program: from now on bell_wait returns false at once. */
void bell_stop(struct bell *b);
bool bell_stopped(struct bell *b);

/* Sleeps until the bell has been rung more often than *heard says, at most ms; then *heard is up to date. False once stopped. */
bool bell_wait(struct bell *b, uint64_t *heard, int64_t ms);

/* Sleeps so long, whoever rings, unless stopped. */
bool bell_pause(struct bell *b, int64_t ms);

#endif
