/* Write transactions and the journal they leave behind (design §1).
 *
 * tx_run(db, fn, arg) runs fn inside one transaction; fn may run more than once (a group that failed, a serialization
 * conflict) and must do nothing outside the transaction but set *arg anew each time. Returning an err rolls back and is what tx_run
 * returns.
 *
 * SQLite: the store's one writer thread runs fn, many callers in one synchronous transaction, a savepoint each; tx_run returns
 * after COMMIT. The caller must not hold a lock that fn takes.
 *
 * PostgreSQL: on the caller's own connection, SERIALIZABLE (but see tx_run_plain), retried on 40001 and 40P01 with a short random pause. A
 * statement that fails ends the transaction there, so expect what may be there already with ON CONFLICT, not by looking at the err.
 *
 * Every transaction that changes rows writes exactly one journal entry, before its first change: triggers copy the images of the
 * changed rows to the change log under that entry's seq. Committing changes without an entry is a bug (must).
 *
 * After the commit and before tx_run returns, the appliers registered with store_on_commit run on the calling thread, with the entry. */
#ifndef STORE_TX_H
#define STORE_TX_H

#include "store/db.h"

/* What happened. One row of journal.def per kind: name and what a, b, c hold. Numbers are stored: rows are only appended. */
enum journal_kind {
	JOURNAL_NONE,
#define JOURNAL(name, a, b, c) name,
#include "store/journal.def"
#undef JOURNAL
	JOURNAL_KIND_COUNT
};
const char *journal_kind_name(enum journal_kind k);

struct journal_entry {
	int64_t xid, seq; /* the pair is order and cursor; xid is 0 on SQLite */
	int64_t at;       /* ms */
	enum journal_kind kind;
	int64_t a, b, c;
};

struct tx;
typedef err (*tx_fn)(struct tx *tx, void *arg);

err tx_run(struct db *db, tx_fn fn, void *arg);
/* As tx_run, but on SQLite in a commit of its own. For batches that write the full-text index: it flushes what it holds at every savepoint,
 * so that each caller of a shared commit would pay for it. */
err tx_run_alone(struct db *db, tx_fn fn, void *arg);
/* As tx_run, for a fn that decides nothing by what it reads: each of its statements stands for itself. PostgreSQL runs it READ COMMITTED,
 * where row locks suffice, instead of SERIALIZABLE, which takes reads of neighbouring rows for conflicts and lets few commit at a time. */
err tx_run_plain(struct db *db, tx_fn fn, void *arg);
struct db *tx_db(struct tx *tx);
/* The seq of the entry it made; 0: none yet. */
int64_t tx_seq(const struct tx *tx);
/* First in every transaction that changes rows. ERR_UNAVAILABLE, with why for the stranger, when the database is closed to writes
 * (store/closed.h). */
err tx_journal(struct tx *tx, enum journal_kind kind, int64_t a, int64_t b, int64_t c);
/* The same on a database that is closed: for what brings a copy up to date, and opens it. */
err tx_journal_copy(struct tx *tx, enum journal_kind kind, int64_t a, int64_t b, int64_t c);

/* Called on the thread that committed (its db may be read), before tx_run returns. Registered at the start and taken back at the
 * end, while nobody commits. */
typedef void (*commit_fn)(void *ctx, struct db *db, const struct journal_entry *e);
void store_on_commit(struct store *s, commit_fn fn, void *ctx);
void store_off_commit(struct store *s, commit_fn fn, void *ctx);

/* Since the start: transactions that succeeded, and the commits that carried them. */
void store_counts(const struct store *s, int64_t *transactions, int64_t *commits);

/* Entries after the cursor (xid, seq) in order, at most `most`; on PostgreSQL only those below pg_snapshot_xmin. */
err journal_after(struct db *db, struct arena *a, int64_t xid, int64_t seq, size_t most, struct journal_entry **out, size_t *n);
/* The newest entry's cursor: where a reader without history starts. */
err journal_head(struct db *db, int64_t *xid, int64_t *seq);

#endif
