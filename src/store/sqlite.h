/* The SQLite engine's connection as its writer thread, its migrations and bulk loads see it. Inside store/ only. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/engine.h"

#include <sqlite3.h>

enum sqlite_step { STEP_BEGIN, STEP_COMMIT, STEP_ROLLBACK, STEP_SAVEPOINT, STEP_RELEASE, STEP_ROLLBACK_TO, STEP_COUNT };

/* One step of a transaction on a connection that writes. */
err sqlite_step(struct db *db, enum sqlite_step step);
/* False when SQLite has rolled everything back by itself (disk full, I/O error). */
bool sqlite_in_transaction(const struct db *db);
sqlite3 *sqlite_handle(const struct db *db);
/* The error that SQLite's result code stands for. */
err sqlite_failure(const struct db *db, int rc, const char *what);

/* sqlite_writer.c: the one thread that writes. Start opens its connection; stop commits what waits. Run blocks until
 * the transaction is committed or has failed. */
err sqlite_writer_start(struct store *s);
void sqlite_writer_stop(struct store *s);
err sqlite_writer_run(struct db *db, const struct tx_call *what, struct journal_entry *e);

#endif
