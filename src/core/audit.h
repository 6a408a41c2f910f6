/* The audit log: who did what, written in the transaction that does it. */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "core/ctx.h"
#include "store/tx.h"

/* The actor is the ctx's viewer; 0 is the command line. For the kinds of targets see store/audit.h. */
err audit_note(struct tx *tx, struct ctx *c, struct str action, struct str target_kind, int64_t target_id, struct str label,
               struct str text);

#endif
