#include "store/sqlite.h"

#include "base/clock.h"
#include "base/must.h"
#include "base/vec.h"
#include "store/query_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct sqlite_rows {
	struct rows rows;
	sqlite3_stmt *stmt;
};

/* One that image_sql.c made, known by its text's hash. */
struct made {
	uint64_t hash;
	sqlite3_stmt *stmt;
};

/* Statements are prepared when first used and kept: one per query, which is why a query cannot run inside itself. */
struct sqlite_db {
	struct db db;
	sqlite3 *h;
	sqlite3_stmt *steps[STEP_COUNT];
	struct sqlite_rows *rows[QUERY_COUNT];
	VEC(struct made) made;
	bool reading;
	int64_t change_n;
};

static struct sqlite_db *of_db(const struct db *db) { return (struct sqlite_db *)(uintptr_t)db; }
static struct sqlite_rows *of_rows(const struct rows *r) { return (struct sqlite_rows *)(uintptr_t)r; }

static err failure(sqlite3 *h, int rc, const char *what) {
	const char *why = h ? sqlite3_errmsg(h) : sqlite3_errstr(rc);
	switch (rc & 0xff) {
	case SQLITE_NOMEM: must(!"out of memory in SQLite"); break;
	case SQLITE_CONSTRAINT:
		if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
			return err_private(ERR_CONFLICT, "%s: %s", what, why);
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_READONLY:
	case SQLITE_IOERR:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FULL:
	case SQLITE_CANTOPEN:
	case SQLITE_PROTOCOL: return err_private(ERR_UNAVAILABLE, "%s: %s (%d)", what, why, rc);
	default: break;
	}
	return err_private(ERR_INTERNAL, "%s: %s (%d)", what, why, rc);
}

err sqlite_failure(const struct db *db, int rc, const char *what) { return failure(of_db(db)->h, rc, what); }

/* ── connections ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The functions of the change log's triggers: the seq of the transaction's entry, and a count that orders its images. */
static void fn_seq(sqlite3_context *c, int argc, sqlite3_value **argv) {
	struct sqlite_db *db = sqlite3_user_data(c);
	must(db->db.tx && db->db.tx->entry.seq); /* a row was changed before tx_journal */
	sqlite3_result_int64(c, db->db.tx->entry.seq);
}

static void fn_n(sqlite3_context *c, int argc, sqlite3_value **argv) {
	struct sqlite_db *db = sqlite3_user_data(c);
	sqlite3_result_int64(c, ++db->change_n);
}

/* SQLite would make the file readable by others; -wal and -shm take over the mode chosen here. A file that is there is not
 * touched: closing any descriptor of it would drop the locks of all this process's connections (POSIX advisory locks). */
static err create_file(const char *path) {
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? NULL : err_private(ERR_UNAVAILABLE, "%s: %m", path);
	close(fd);
	return NULL;
}

static err sqlite_script(struct db *db, const char *sql) {
	int rc = sqlite3_exec(of_db(db)->h, sql, NULL, NULL, NULL);
	return rc ? failure(of_db(db)->h, rc, "script") : NULL;
}

static err setup(struct sqlite_db *db, bool writes) {
	static const char common[] = "PRAGMA busy_timeout = 5000;"
	                             "PRAGMA foreign_keys = OFF;"
	                             "PRAGMA temp_store = MEMORY;"
	                             "PRAGMA mmap_size = 0;";
	static const char writing[] = "PRAGMA journal_mode = WAL;"
	                              "PRAGMA synchronous = FULL;"
	                              "PRAGMA secure_delete = ON;"
	                              "PRAGMA cache_size = -32768;"
	                              "PRAGMA wal_autocheckpoint = 4000;"
	                              "PRAGMA journal_size_limit = 67108864;";
	static const char reading[] = "PRAGMA query_only = ON;"
	                              "PRAGMA cache_size = -1024;";
	const char *const steps[STEP_COUNT] = {
	    [STEP_BEGIN] = writes ? "BEGIN IMMEDIATE" : "BEGIN",
	    [STEP_COMMIT] = "COMMIT",
	    [STEP_ROLLBACK] = "ROLLBACK",
	    [STEP_SAVEPOINT] = "SAVEPOINT caller",
	    [STEP_RELEASE] = "RELEASE caller",
	    [STEP_ROLLBACK_TO] = "ROLLBACK TO caller",
	};
	sqlite3_extended_result_codes(db->h, 1);
	TRY(sqlite_script(&db->db, common));
	TRY(sqlite_script(&db->db, writes ? writing : reading));
	for (int i = 0; i < STEP_COUNT; i++) {
		int rc = sqlite3_prepare_v3(db->h, steps[i], -1, SQLITE_PREPARE_PERSISTENT, &db->steps[i], NULL);
		if (rc)
			return failure(db->h, rc, steps[i]);
	}
	must(!sqlite3_create_function(db->h, "journal_seq", 0, SQLITE_UTF8, db, fn_seq, NULL, NULL));
	must(!sqlite3_create_function(db->h, "journal_n", 0, SQLITE_UTF8, db, fn_n, NULL, NULL));
	return NULL;
}

static void sqlite_close(struct db *d) {
	struct sqlite_db *db = of_db(d);
	for (int q = 0; q < QUERY_COUNT; q++)
		if (db->rows[q]) {
			sqlite3_finalize(db->rows[q]->stmt);
			free(db->rows[q]->rows.failed);
			free(db->rows[q]);
		}
	for (size_t i = 0; i < db->made.n; i++)
		sqlite3_finalize(db->made.v[i].stmt);
	vec_free(&db->made);
	for (int i = 0; i < STEP_COUNT; i++)
		sqlite3_finalize(db->steps[i]);
	sqlite3_close(db->h);
	free(db);
}

static err sqlite_open(struct db **out, struct store *s, bool writes) {
	TRY(create_file(s->place));
	struct sqlite_db *db = xcalloc(1, sizeof *db);
	db->db = (struct db){.ops = &sqlite_ops, .store = s, .writes = writes};
	int rc = sqlite3_open_v2(s->place, &db->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	err e = rc ? failure(db->h, rc, s->place) : setup(db, writes);
	/* Each connection maps the whole file anew when its size has changed: let it change seldom. */
	int chunk = 16 * 1024 * 1024;
	if (!e && writes)
		sqlite3_file_control(db->h, "main", SQLITE_FCNTL_CHUNK_SIZE, &chunk);
	if (e)
		sqlite_close(&db->db);
	else
		*out = &db->db;
	return e;
}

sqlite3 *sqlite_handle(const struct db *db) { return of_db(db)->h; }

/* ── transactions ────────────────────────────────────────────────────────────────────────────────────────────────── */

err sqlite_step(struct db *d, enum sqlite_step step) {
	struct sqlite_db *db = of_db(d);
	int rc = sqlite3_step(db->steps[step]);
	err e = rc == SQLITE_DONE ? NULL : failure(db->h, rc, sqlite3_sql(db->steps[step]));
	sqlite3_reset(db->steps[step]);
	return e;
}

bool sqlite_in_transaction(const struct db *db) { return !sqlite3_get_autocommit(of_db(db)->h); }

static void sqlite_rest(struct db *d) {
	struct sqlite_db *db = of_db(d);
	if (!db->reading)
		return;
	db->reading = false;
	if (sqlite_in_transaction(d))
		(void)sqlite_step(d, STEP_COMMIT);
}

/* A reader's first query opens its snapshot. */
static err snapshot(struct sqlite_db *db) {
	if (db->reading || db->db.writes)
		return NULL;
	db->db.snapshot_at = clock_mono_ns();
	TRY(sqlite_step(&db->db, STEP_BEGIN));
	db->reading = true;
	return NULL;
}

/* ── queries ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int bind_one(sqlite3_stmt *stmt, int place, const struct bind *b) {
	const char *p = b->s.p ? b->s.p : "";
	switch (b->kind) {
	case BIND_NULL: return sqlite3_bind_null(stmt, place);
	case BIND_I64: return sqlite3_bind_int64(stmt, place, b->i);
	case BIND_TEXT: return sqlite3_bind_text64(stmt, place, p, b->s.n, SQLITE_TRANSIENT, SQLITE_UTF8);
	case BIND_BYTES: return sqlite3_bind_blob64(stmt, place, p, b->s.n, SQLITE_TRANSIENT);
	}
	must(!"a known kind of bind");
	return SQLITE_MISUSE;
}

static err prepared(struct sqlite_db *db, struct sqlite_rows **out, enum query q) {
	struct sqlite_rows *r = db->rows[q];
	if (!r) {
		r = db->rows[q] = xcalloc(1, sizeof *r);
		r->rows = (struct rows){.db = &db->db, .q = q};
	}
	*out = r;
	if (r->stmt)
		return NULL;
	int rc = sqlite3_prepare_v3(db->h, query_texts[q].sqlite, -1, SQLITE_PREPARE_PERSISTENT, &r->stmt, NULL);
	return rc ? failure(db->h, rc, query_texts[q].name) : NULL;
}

static err sqlite_check(struct db *d, enum query q) {
	struct sqlite_rows *r;
	return prepared(of_db(d), &r, q);
}

static err start(struct sqlite_db *db, struct sqlite_rows **out, enum query q, const struct bind *binds, size_t n) {
	struct sqlite_rows *r;
	TRY(prepared(db, &r, q));
	must(sqlite3_bind_parameter_count(r->stmt) == (int)n);
	TRY(snapshot(db));
	rows_opened(&r->rows);
	for (size_t i = 0; i < n; i++) {
		int rc = bind_one(r->stmt, (int)i + 1, &binds[i]);
		if (rc) {
			rows_closed(&r->rows);
			return failure(db->h, rc, query_texts[q].name);
		}
	}
	*out = r;
	return NULL;
}

static void sqlite_end(struct rows *r) {
	sqlite3_reset(of_rows(r)->stmt);
	rows_closed(r);
}

static bool sqlite_next(struct rows *r) {
	sqlite3_stmt *stmt = of_rows(r)->stmt;
	int rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		rows_failed(r, failure(sqlite3_db_handle(stmt), rc, query_texts[r->q].name));
	sqlite_end(r);
	return false;
}

static err sqlite_exec(struct db *d, enum query q, const struct bind *binds, size_t n, int64_t *changed) {
	struct sqlite_rows *r;
	TRY(start(of_db(d), &r, q, binds, n));
	while (sqlite_next(&r->rows))
		;
	if (changed)
		*changed = sqlite3_changes64(of_db(d)->h);
	return rows_err(&r->rows);
}

static err sqlite_query(struct db *d, struct rows **out, enum query q, const struct bind *binds, size_t n) {
	struct sqlite_rows *r;
	TRY(start(of_db(d), &r, q, binds, n));
	*out = &r->rows;
	return NULL;
}

/* ── made statements ─────────────────────────────────────────────────────────────────────────────────────────────── */

static err made_stmt(struct sqlite_db *db, struct str sql, sqlite3_stmt **out) {
	uint64_t hash = str_hash(sql);
	for (size_t i = 0; i < db->made.n; i++)
		if (db->made.v[i].hash == hash)
			return *out = db->made.v[i].stmt, NULL;
	int rc = sqlite3_prepare_v3(db->h, sql.p, (int)sql.n, SQLITE_PREPARE_PERSISTENT, out, NULL);
	if (rc)
		return failure(db->h, rc, sql.p);
	vec_push(NULL, &db->made, ((struct made){hash, *out}));
	return NULL;
}

static err made_steps(struct sqlite_db *db, sqlite3_stmt *stmt, made_row_fn fn, void *ctx) {
	enum { COLUMNS_MAX = 8 };
	struct str columns[COLUMNS_MAX];
	int rc, n = sqlite3_column_count(stmt);
	must(n <= COLUMNS_MAX);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		for (int i = 0; i < n; i++) {
			const void *p = sqlite3_column_text(stmt, i);
			columns[i] = str_mem(p, (size_t)sqlite3_column_bytes(stmt, i));
		}
		if (fn)
			TRY(fn(ctx, columns));
	}
	return rc == SQLITE_DONE ? NULL : failure(db->h, rc, "made");
}

static err sqlite_made(struct db *d, struct str sql, const struct bind *binds, size_t n, made_row_fn fn, void *ctx) {
	struct sqlite_db *db = of_db(d);
	sqlite3_stmt *stmt;
	TRY(made_stmt(db, sql, &stmt));
	must(sqlite3_bind_parameter_count(stmt) == (int)n);
	TRY(snapshot(db));
	int rc = 0;
	for (size_t i = 0; !rc && i < n; i++)
		rc = bind_one(stmt, (int)i + 1, &binds[i]);
	err e = rc ? failure(db->h, rc, sql.p) : made_steps(db, stmt, fn, ctx);
	sqlite3_reset(stmt);
	return e;
}

static int64_t sqlite_i64(const struct rows *r, int column) { return sqlite3_column_int64(of_rows(r)->stmt, column); }

static struct str sqlite_text(const struct rows *r, int column) {
	const void *p = sqlite3_column_blob(of_rows(r)->stmt, column);
	return (struct str){p, (size_t)sqlite3_column_bytes(of_rows(r)->stmt, column)};
}

static bool sqlite_null(const struct rows *r, int column) { return sqlite3_column_type(of_rows(r)->stmt, column) == SQLITE_NULL; }

const struct engine_ops sqlite_ops = {
    .start = sqlite_writer_start,
    .stop = sqlite_writer_stop,
    .open = sqlite_open,
    .close = sqlite_close,
    .rest = sqlite_rest,
    .exec = sqlite_exec,
    .query = sqlite_query,
    .check = sqlite_check,
    .script = sqlite_script,
    .made = sqlite_made,
    .tx = sqlite_writer_run,
    .next = sqlite_next,
    .end = sqlite_end,
    .i64 = sqlite_i64,
    .text = sqlite_text,
    .null = sqlite_null,
};
