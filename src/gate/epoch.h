/* Inside the gate: which home of its network this one is, on answers and as requests tell it.
 *
 * After a move some people still reach the old home, by a name that still leads there; an app that has seen the new one (our own does so)
 * shows the header it got there, and the old one, which may not know, steps down. The proof is no secret: all it can do is close homes that
 * must be closed. */
#ifndef GATE_EPOCH_H
#define GATE_EPOCH_H

#include "gate/gate.h"

enum { EPOCH_LINE = 96 };

struct epoch {
	_Atomic int64_t number;
	char line[EPOCH_LINE]; /* the header; written once, before a number above 0 */
	err (*step_down)(struct ctx *c);
};

void epoch_set(struct epoch *e, const struct site *site, int64_t number);
/* Appends the header line, but for the first home. */
void epoch_put(const struct epoch *e, struct buf *head);
/* Steps down when the request shows that another home was opened since; ctx_miss on a loop. Lower, equal and forged ones change nothing. */
err epoch_heed(const struct epoch *e, struct rq *rq, struct limits *limits);

#endif
