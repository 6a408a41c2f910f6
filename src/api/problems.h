/* Answers to forms: a 422 with its details, field by field. */
#ifndef API_PROBLEMS_H
#define API_PROBLEMS_H

#include "core/problem.h"
#include "gate/gate.h"

/* {"error": …} and, where there are problems, their "details". */
enum handled reply_problems(struct rq *rq, err e, const struct problems *p);

#endif
