/* Inside the gate: what every reply carries. (What handlers call stands in gate/gate.h.) */
#ifndef GATE_REPLY_H
#define GATE_REPLY_H

#include "gate/gate.h"

/* A reply to an exchange that has no rq (a bad request, an unknown path): {"error": text}. */
void reply_bare(struct exchange *x, int status, struct str text);

/* Cross-origin and rate-limit headers, as the path asks for. */
void reply_cross_origin(struct exchange *x, struct str path);
void reply_limits(struct exchange *x, const struct limit_state *limit);

/* 405 with what may be asked instead: bits 1 << method. */
void reply_not_allowed(struct exchange *x, unsigned allowed);
/* 204 with what a browser may send across origins (Fetch standard, CORS-preflight). */
void reply_preflight(struct exchange *x, unsigned allowed);

/* Empties a reply that a handler began before it said MISS or failed. */
void reply_forget(struct reply *r);

#endif
