/* Machines that may keep a copy of this network: invitations (one use), their keys, how far each has come. Of tokens and keys only the
 * SHA-256 is here. A standby that has joined has a cursor: the journal is kept for it until it is revoked. */
#ifndef STORE_STANDBY_H
#define STORE_STANDBY_H

#include "store/tx.h"

struct standby_row {
	struct str name;
	bool joined;
	int64_t token_until, heard_at; /* ms; heard_at 0: never */
	int64_t xid, seq;              /* it has everything up to here */
	struct str doing;              /* what it did when it was heard last, as store_standby_seen was told; empty: nobody knows */
};

/* Inside transactions without a journal entry: the table is this database's alone. */
/* ERR_CONFLICT when the name is taken. */
err store_standby_invite(struct tx *tx, struct str name, struct str token_hash, int64_t until);
/* *name is empty when there is no such invitation, or no more: it is used up once the key was heard, and until then gives a new one. */
err store_standby_join(struct arena *a, struct tx *tx, struct str token_hash, int64_t now, struct str key_hash, struct str *name);
/* It was there, doing something: a word, which may be followed by numbers. */
err store_standby_seen(struct tx *tx, struct str name, int64_t now, struct str doing);
/* It has everything up to the cursor. */
err store_standby_reached(struct tx *tx, struct str name, int64_t now, int64_t xid, int64_t seq);
err store_standby_revoke(struct tx *tx, struct str name, bool *found);

/* *name is empty when nobody has the key. */
err store_standby_by_key(struct arena *a, struct db *db, struct str key_hash, struct str *name, int64_t *heard_at);
err store_standby_list(struct arena *a, struct db *db, struct standby_row **out, size_t *n);

/* Since when (ms) an entry waits behind the cursor; 0: none does. */
err store_journal_rest(struct db *db, int64_t xid, int64_t seq, int64_t *since);

#endif
