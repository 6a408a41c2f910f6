/* What the two engines have in common, inside store/ only: the tables of calls behind db.h and tx.h.
 *
 * sqlite.c and postgres.c each fill a struct engine_ops and put their own state behind struct db and struct rows, which
 * are the first member of theirs. db.c and tx.c turn the public calls into these. */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/db.h"
#include "store/tx.h"

struct tx_call;

/* A row of a made statement: texts, p is NULL for NULL. They are gone when it returns. */
typedef err (*made_row_fn)(void *ctx, const struct str *columns);

/* A made statement whose rows nobody wants. */
struct made_call {
	struct str sql;
	const struct bind *binds;
	size_t n;
};

struct engine_ops {
	/* Once per store, before its first connection; NULL where there is nothing to make. */
	void (*init)(struct store *s);
	/* Once per store, after the migrations: the writer thread, the triggers. */
	err (*start)(struct store *s);
	void (*stop)(struct store *s);
	/* A connection; `writes`: for migrations and bulk loads, outside tx_run, one at a time. */
	err (*open)(struct db **out, struct store *s, bool writes);
	void (*close)(struct db *db);
	void (*rest)(struct db *db);
	err (*exec)(struct db *db, enum query q, const struct bind *binds, size_t n, int64_t *changed);
	err (*query)(struct db *db, struct rows **out, enum query q, const struct bind *binds, size_t n);
	/* Prepares it, no more. */
	err (*check)(struct db *db, enum query q);
	/* Statements without parameters or rows, separated by semicolons; generated DDL, BEGIN and COMMIT of migrations. */
	err (*script)(struct db *db, const char *sql);
	/* A statement made from the tables' shapes (image_sql.c), NUL-terminated, prepared once per connection. Its columns are texts; fn
	 * may be NULL. Not while another runs with the same text. */
	err (*made)(struct db *db, struct str sql, const struct bind *binds, size_t n, made_row_fn fn, void *ctx);
	/* One after the other, without waiting for each, inside tx_run; *failed is the one that e is about. NULL where waiting costs
	 * nothing. */
	err (*made_all)(struct db *db, const struct made_call *calls, size_t n, size_t *failed);
	/* The engine's part of tx_run: everything but the appliers. *e is the entry of the commit, its seq 0 when there was none. */
	err (*tx)(struct db *db, const struct tx_call *call, struct journal_entry *e);

	bool (*next)(struct rows *r);
	void (*end)(struct rows *r);
	int64_t (*i64)(const struct rows *r, int column);
	struct str (*text)(const struct rows *r, int column);
	bool (*null)(const struct rows *r, int column);
};

extern const struct engine_ops sqlite_ops, postgres_ops;

/* What a caller of tx_run wants done. */
struct tx_call {
	tx_fn fn;
	void *arg;
	bool alone, plain;
};

enum { COMMIT_FNS_MAX = 16 };

struct sqlite_writer;
struct pg_params;

struct store {
	const struct engine_ops *ops;
	enum engine engine;
	char *data_dir;
	char *place; /* the SQLite file's path, or libpq's connection string: holds a password, never logged */
	struct {
		commit_fn fn;
		void *ctx;
	} on_commit[COMMIT_FNS_MAX];
	size_t on_commit_n;
	_Atomic int64_t transactions, commits;
	_Atomic int64_t writes_until; /* monotonic ms; 0: for ever (store/closed.h) */
	struct sqlite_writer *writer; /* SQLite only */
	struct pg_params *params;     /* PostgreSQL only: what is known of the queries' parameters */
};

struct db {
	const struct engine_ops *ops;
	struct store *store;
	struct tx *tx; /* the transaction this connection is in, or NULL */
	bool writes;   /* opened for migrations or bulk loads */
	int open_rows; /* results not ended yet: none may be left when the connection rests */
	void (*on_wait)(void *ctx, bool waiting);
	void *on_wait_ctx;
	int64_t snapshot_at; /* monotonic ns, from just before the last snapshot opened; 0: never */
};

struct rows {
	struct db *db;
	enum query q;
	bool open;
	struct err *failed; /* malloc'd; NULL unless the result ended with an error */
};

struct tx {
	struct db *db;
	struct journal_entry entry; /* seq 0 until tx_journal */
	bool again;                 /* PostgreSQL: a conflict, the transaction is to be run again */
};

/* Marks a result as begun and ended; keeps a copy of why it failed. */
void rows_opened(struct rows *r);
void rows_closed(struct rows *r);
void rows_failed(struct rows *r, err e);

/* Text with a NUL inside is refused by both engines alike. */
err bind_check(const struct bind *binds, size_t n);

/* migrate.c: brings the schema to this program's version. changelog.c: the triggers that fill the change log, on a connection
 * that writes. */
err migrate(struct store *s);
err changelog_install(struct db *db);

#endif
