/* Inside the gate: the request's body as parameters. */
#ifndef GATE_BODY_H
#define GATE_BODY_H

#include "gate/gate.h"

/* Reads JSON, form or multipart by Content-Type into rq->body and rq->uploads. An empty body is none; a piece of a
 * file (tus) stays where it is; a body of another type is ERR_UNSUPPORTED. */
err body_read(struct rq *rq);
/* Decodes every pair of the query once: ERR_BAD_REQUEST for what cannot be decoded. */
err query_check(struct rq *rq);
void body_free(struct rq *rq);

#endif
