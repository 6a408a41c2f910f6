/* What every verb of core/ gets: the site it acts on, the connection it may use, the memory it may make, and who acts.
 *
 * A ctx lives for one request or job and belongs to its thread. db is NULL on a loop thread: a verb that finds what it needs in memory
 * answers, one that does not sets missed and returns ERR_UNAVAILABLE ("ctx_miss"); the gate then runs the request again on the pool. */
#ifndef CORE_CTX_H
#define CORE_CTX_H

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

struct site;

struct ctx {
	struct site *site;
	struct db *db;
	struct arena *arena;
	int64_t viewer; /* the account that asks or acts; 0: nobody */
	int role;       /* of the viewer: enum role */
	bool missed;
	const struct err *broken; /* why an answer could not be put together; the gate answers with it instead. NULL: it could */
};

enum role { ROLE_USER, ROLE_MODERATOR, ROLE_ADMIN, ROLE_OWNER };

/* Marks that memory did not have it; returns the error to hand up. A bug when there is a db. */
err ctx_miss(struct ctx *c);
/* For views, which append and cannot fail: keeps the first error for the gate. */
void ctx_broke(struct ctx *c, err e);

#endif
