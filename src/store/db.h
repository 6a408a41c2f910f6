/* The database: one interface over SQLite and PostgreSQL, named queries, transactions with a journal.
 *
 * A struct store is the process's database: engine, file or address, and on SQLite the one writer thread. A struct db is
 * one connection; it belongs to one thread at a time (a pool worker, the job runner, the follower). Queries are named in
 * the .sql files of this folder (queries.h is generated); their parameters are $1, $2, … on both engines.
 *
 * Reading: the first query on a db opens a read transaction (a snapshot: SQLite's WAL, PostgreSQL's REPEATABLE READ READ
 * ONLY); db_rest ends it. The gate calls db_rest after each request, a loop after each round. tx_run ends it first.
 *
 * Writing: only inside tx_run. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct store;
struct db;

enum engine { ENGINE_SQLITE, ENGINE_POSTGRES };

/* url: "sqlite:FILE" (FILE relative to data_dir) or "postgres://…" (libpq's own form). Creates what is missing, takes a local snapshot
 * before migrating an existing SQLite file, migrates, installs the change log's triggers. ERR_UNAVAILABLE when the
 * database cannot be reached; a schema newer than this program is refused with one line. */
err store_open(struct store **out, struct str url, struct str data_dir);
void store_close(struct store **s);
enum engine store_engine(const struct store *s);

/* The number of the newest migration that this program has: the schema of every store that it opened. */
int store_schema(void);

/* A connection of its own. On PostgreSQL a lost connection is opened again by the next use outside a transaction. */
err db_open(struct db **out, struct store *s);
void db_close(struct db **db);
enum engine db_engine(const struct db *db);
struct store *db_store(const struct db *db);
void db_rest(struct db *db);
/* fn(ctx, true) is called before this connection's thread waits for others to commit its work (SQLite's writer), fn(ctx, false) after it.
 */
void db_on_wait(struct db *db, void (*fn)(void *ctx, bool waiting), void *ctx);
/* Monotonic ns from just before the snapshot that reads go to was opened: what a cache must not have dropped since, to keep what was read.
 */
int64_t db_snapshot_at(const struct db *db);

/* ── queries ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

enum query {
#define QUERY(name) name,
#include "store/queries.def"
#undef QUERY
	QUERY_COUNT
};

enum bind_kind { BIND_NULL, BIND_I64, BIND_TEXT, BIND_BYTES };
struct bind {
	enum bind_kind kind;
	int64_t i;
	struct str s;
};
#define I(v) ((struct bind){.kind = BIND_I64, .i = (v)})
#define T(v) ((struct bind){.kind = BIND_TEXT, .s = (v)})
#define B(v) ((struct bind){.kind = BIND_BYTES, .s = (v)})
#define NUL ((struct bind){.kind = BIND_NULL})
/* NULL instead of 0, of an empty string. */
#define I_OR_NUL(v) bind_i64_or_null(v)
#define T_OR_NUL(v) bind_text_or_null(v)
static inline struct bind bind_i64_or_null(int64_t v) { return v ? I(v) : NUL; }
static inline struct bind bind_text_or_null(struct str s) { return s.n ? T(s) : NUL; }

/* Runs a statement that returns no rows (or whose rows do not matter). *changed (may be NULL) gets the affected rows. */
err db_exec_(struct db *db, enum query q, const struct bind *binds, size_t n, int64_t *changed);
#define db_exec(db, q, ...) \
	db_exec_((db), (q), (struct bind[]){__VA_ARGS__}, sizeof((struct bind[]){__VA_ARGS__}) / sizeof(struct bind), NULL)
#define db_exec_changed(db, changed, q, ...) \
	db_exec_((db), (q), (struct bind[]){__VA_ARGS__}, sizeof((struct bind[]){__VA_ARGS__}) / sizeof(struct bind), (changed))

/* Starts a query; rows_next steps to the next row: true with a row, false at the end or on an error (then *e says which).
 * Columns count from 0 and may be read until the next rows_next; text points into the row. rows_end may be called twice and must be called
 * when a loop is left early (ROWS_AUTO does it). Queries may nest (one inside the loop of another) but not the same query in itself.
 *
 *   struct ROWS_AUTO *r = NULL;
 *   TRY(db_query(db, &r, STATUS_IDS_OF_AUTHOR, I(author), I(limit)));
 *   while (rows_next(r)) vec_push(a, &ids, rows_i64(r, 0));
 *   return rows_err(r);
 */
struct rows;
err db_query_(struct db *db, struct rows **out, enum query q, const struct bind *binds, size_t n);
#define db_query(db, out, q, ...) \
	db_query_((db), (out), (q), (struct bind[]){__VA_ARGS__}, sizeof((struct bind[]){__VA_ARGS__}) / sizeof(struct bind))
bool rows_next(struct rows *r);
err rows_err(const struct rows *r); /* NULL after a clean end */
void rows_end(struct rows **r);
int64_t rows_i64(const struct rows *r, int column); /* 0 for NULL */
bool rows_bool(const struct rows *r, int column);
struct str rows_text(const struct rows *r, int column); /* empty for NULL; also for bytes */
bool rows_null(const struct rows *r, int column);
struct str rows_copy(const struct rows *r, int column, struct arena *a);
#define ROWS_AUTO rows __attribute__((cleanup(rows_end)))

/* Prepares a query without running it: for tests. */
err db_check(struct db *db, enum query q);

/* The first column of the first row; *found (may be NULL) tells whether there was one, otherwise *out is 0. */
err db_i64_(struct db *db, int64_t *out, bool *found, enum query q, const struct bind *binds, size_t n);
#define db_i64(db, out, found, q, ...) \
	db_i64_((db), (out), (found), (q), (struct bind[]){__VA_ARGS__}, sizeof((struct bind[]){__VA_ARGS__}) / sizeof(struct bind))

#endif
