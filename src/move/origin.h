/* The origin's side of a standby: what it tells machines that keep a copy of the network.
 *
 * A machine joins with an invitation (one use, an hour) and gets a key, which it shows in the header Freehold-Standby; with Freehold-Nonce
 * it says what the answer must be proven with, with Freehold-Schema (NUMBER VERSION) which schema it knows: an older one is refused, and
 * with Freehold-Portion about how many bytes an answer may hold; packed they are fewer.
 * Answers are documents of wire/copy_stream, proven with the key's SHA-256, which is all that the database keeps of it. A joined standby
 * has a cursor in the journal, which is kept for it.
 *
 *   POST join       the key, as a row
 *   GET  start      the tables with their columns, and where the journal ends: rows read from now on and the entries behind it make a copy
 *   GET  rows       ?table=T&after=KEY&through=KEY&most=N&schema=N   rows in the order of their key; of another schema: its tables alone
 *   GET  ranges     ?table=T&after=KEY          digests of ranges of rows, for a copy that has most of them (move/row_range.h)
 *   GET  row        ?table=T&key=KEY            one of them as it is now, if there is one
 *   GET  past       Freehold-Epoch: N PROOF     to its old home: the cursor there from which this copy took over, and the one here
 *   GET  changes    ?xid=X&seq=S&wait=MS&schema=N        entries behind a cursor; waits for one so long. Before them the tables, as above.
 *                   &promote=1: who asks wants to take over, and writes are slowed down until it has come near
 *   GET  blobs/NAME the bytes
 *   POST handover   closes the database to writes for ever; the answer is where the journal ends
 *   POST epoch      Freehold-Epoch: N PROOF, proven with the site's own secret: another copy is the network since; a lower one closes */
#ifndef MOVE_ORIGIN_H
#define MOVE_ORIGIN_H

#include "core/secret.h"
#include "gate/gate.h"
#include "store/job.h"

enum {
	STANDBY_TOKEN_MS = 3600 * 1000,
	STANDBY_PORTION_MIN = 16 * 1024,
	STANDBY_PORTION_MAX = 8 * 1024 * 1024,
};
#define STANDBY_EPOCH "epoch" /* of the site table: how often the network changed its home */

/* At the start of a node. With standby.lease, and a standby that has joined, nothing is written before that was heard. */
err origin_begin(struct site *site);
/* A machine may not keep a copy any more; without any, there is no lease. *found: there was such a standby, or an invitation. */
err origin_revoke(struct ctx *c, struct str name, bool *found);

/* Another copy became the network: this one takes no writes any more, and lets its streams go. */
err origin_step_down(struct ctx *c);

/* After this copy became the network: tells the old home (job->data) so, in case it lives and was not asked. */
#define STANDBY_TELL_JOB "standby.tell"
err standby_tell_job(struct ctx *c, const struct job *job);

/* Who asks: a standby that has joined. */
struct standby_asker {
	struct str name, nonce;
	int64_t heard_at;
	int64_t asked;  /* monotonic ms, when the question came */
	size_t portion; /* bytes, about, of the answer */
	char key[SECRET_HASH];
};
err standby_identify(struct rq *rq, struct standby_asker *out);
/* Ends and proves the document in rq_out(rq), and answers with it. */
enum handled standby_reply(struct rq *rq, const struct standby_asker *who);

/* A new invitation; the token is shown once. */
err origin_invite(struct ctx *c, struct str name, struct str *token);

/* A standby of such a name is of a rehearsal (move/rehearsal.h): nobody's lease hangs on it, and the network is not handed over to it. */
#define STANDBY_REHEARSAL "drill."
bool standby_rehearses(struct str name);

#define STANDBY_PAST "promoted" /* of local_state: OLD_XID OLD_SEQ XID SEQ, when this copy became the network */

/* How often the network changed its home. */
err standby_epoch(struct arena *a, struct db *db, int64_t *out);

#endif
