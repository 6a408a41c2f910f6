/* Inside the gate: what a copy answers (struct gate_copy). Any thread. */
#ifndef GATE_READER_H
#define GATE_READER_H

#include "gate/router.h"

struct reader;

struct reader *reader_new(const struct gate_copy *copy, const struct router *router);
void reader_free(struct reader **r);

/* Whether it is none of what a copy answers; then the reply says so. */
bool reader_refuses(const struct reader *r, struct rq *rq);
void reader_put_lag(const struct reader *r, struct buf *head);

#endif
