#include "store/postgres.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "base/vec.h"
#include "store/query_text.h"

#include <endian.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PARAMS_MAX = 64, TRIES_MAX = 40 };

/* Types of values by their numbers in PostgreSQL's catalogue (pg_type.dat). */
enum type { BOOL = 16, BYTEA = 17, NAME = 19, INT8 = 20, INT2 = 21, INT4 = 23, TEXT = 25, NUMERIC = 1700 };

struct pg_rows {
	struct rows rows;
	PGresult *result;
	int row;
};

/* BEGIN travels with the first statement of a transaction and a reader's COMMIT is not waited for: a read costs one round
 * trip per query. */
struct pg_db {
	struct db db;
	PGconn *conn;
	const char *begin; /* to be sent before the next statement */
	bool reading;      /* a snapshot is open, or begin waits for its first query */
	bool draining;     /* the COMMIT of the last snapshot is not answered yet */
	bool stale;        /* the server said that this connection is of no more use */
	struct pg_rows *rows[QUERY_COUNT];
	bool prepared[QUERY_COUNT];
	VEC(uint64_t) made; /* made statements that are prepared, by their texts' hashes */
};

static struct pg_db *of_db(const struct db *db) { return (struct pg_db *)(uintptr_t)db; }
static struct pg_rows *of_rows(const struct rows *r) { return (struct pg_rows *)(uintptr_t)r; }

/* ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static err failure(struct pg_db *db, const PGresult *res, const char *what) {
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *why = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	if (!state || PQstatus(db->conn) != CONNECTION_OK)
		return err_private(ERR_UNAVAILABLE, "%s: %s", what, why ? why : PQerrorMessage(db->conn));
	must(strcmp(state, "FH001")); /* a row was changed before tx_journal */
	if (!strcmp(state, "40001") || !strcmp(state, "40P01")) {
		if (db->db.tx)
			db->db.tx->again = true;
		return err_private(ERR_UNAVAILABLE, "%s: %s", what, why);
	}
	if (!strcmp(state, "23505"))
		return err_private(ERR_CONFLICT, "%s: %s", what, why);
	if (!strcmp(state, "22021"))
		return err_public(ERR_INVALID, "Text must be valid UTF-8");
	/* Connection, resources, operator intervention, system errors; a lock not had in time; a primary that became a standby. */
	bool passing = strchr("0555", state[0]) && (!strncmp(state, "08", 2) || !strncmp(state, "53", 2) || !strncmp(state, "57", 2) ||
	                                            !strncmp(state, "58", 2) || !strcmp(state, "55P03") || !strcmp(state, "25006"));
	db->stale |= !strncmp(state, "57P", 3) || !strcmp(state, "25006");
	return err_private(passing ? ERR_UNAVAILABLE : ERR_INTERNAL, "%s: %s (%s)", what, why, state);
}

err postgres_failure(struct db *db, const PGresult *res, const char *what) { return failure(of_db(db), res, what); }

PGconn *postgres_handle(const struct db *db) { return of_db(db)->conn; }

static bool good(const PGresult *res) {
	ExecStatusType s = PQresultStatus(res);
	return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_EMPTY_QUERY;
}

static err simple(struct pg_db *db, const char *sql, const char *what) {
	PGresult *res = PQexec(db->conn, sql);
	err e = good(res) ? NULL : failure(db, res, what);
	PQclear(res);
	return e;
}

/* ── connections ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void no_notice(void *arg, const PGresult *res) {}

static void disconnect(struct pg_db *db) {
	PQfinish(db->conn);
	db->conn = NULL;
	db->stale = db->draining = false;
	memset(db->prepared, 0, sizeof db->prepared);
	vec_free(&db->made);
}

/* A server that is gone without a word is noticed by TCP within half a minute; one that hangs, by the timeouts of statements. */
static err connect_to(struct pg_db *db) {
	static const char *const names[] = {"dbname",
	                                    "connect_timeout",
	                                    "client_encoding",
	                                    "fallback_application_name",
	                                    "keepalives_idle",
	                                    "keepalives_interval",
	                                    "keepalives_count",
	                                    "tcp_user_timeout",
	                                    NULL};
	const char *values[] = {db->db.store->place, "5", "UTF8", "freehold", "10", "5", "3", "20000", NULL};
	static const char limits[] =
	    "SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'";
	disconnect(db);
	db->conn = PQconnectdbParams(names, values, 1);
	if (PQstatus(db->conn) != CONNECTION_OK)
		return err_private(ERR_UNAVAILABLE, "PostgreSQL: %s", PQerrorMessage(db->conn));
	PQsetNoticeReceiver(db->conn, no_notice, NULL);
	return db->db.writes ? NULL : simple(db, limits, "settings");
}

static void drain(struct pg_db *db) {
	for (PGresult *res; db->draining && (res = PQgetResult(db->conn));)
		PQclear(res);
	db->draining = false;
}

static err connected(struct pg_db *db) {
	if (db->conn)
		drain(db);
	return db->conn && !db->stale && PQstatus(db->conn) == CONNECTION_OK ? NULL : connect_to(db);
}

static void pg_close(struct db *d) {
	struct pg_db *db = of_db(d);
	for (int q = 0; q < QUERY_COUNT; q++)
		if (db->rows[q]) {
			free(db->rows[q]->rows.failed);
			free(db->rows[q]);
		}
	disconnect(db);
	free(db);
}

static err pg_open(struct db **out, struct store *s, bool writes) {
	struct pg_db *db = xcalloc(1, sizeof *db);
	db->db = (struct db){.ops = &postgres_ops, .store = s, .writes = writes};
	err e = connect_to(db);
	if (e)
		pg_close(&db->db);
	else
		*out = &db->db;
	return e;
}

static void pg_rest(struct db *d) {
	struct pg_db *db = of_db(d);
	if (db->reading && !db->begin && db->conn)
		db->draining = PQsendQuery(db->conn, "COMMIT") == 1;
	db->reading = false;
	db->begin = NULL;
}

static err pg_script(struct db *d, const char *sql) { return simple(of_db(d), sql, "script"); }

/* ── statements ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What the server takes each parameter for; found once per store, never changed then. Numbers are always 64 bits here, but `$1 = 0` alone
 * would make a parameter of 32. */
struct pg_params {
	pthread_mutex_t lock;
	struct pg_param {
		bool known;
		int n;
		Oid types[PARAMS_MAX];
	} of[QUERY_COUNT];
};

static err prepare_as(struct pg_db *db, enum query q, int n, const Oid *types) {
	PGresult *res = PQprepare(db->conn, query_texts[q].name, query_texts[q].postgres, n, types);
	err e = good(res) ? NULL : failure(db, res, query_texts[q].name);
	PQclear(res);
	return e;
}

static err learn_params(struct pg_db *db, enum query q) {
	TRY(prepare_as(db, q, 0, NULL));
	struct pg_params *params = db->db.store->params;
	struct pg_param *p = &params->of[q];
	PGresult *res = PQdescribePrepared(db->conn, query_texts[q].name);
	if (!good(res)) {
		err e = failure(db, res, query_texts[q].name);
		PQclear(res);
		return e;
	}
	int n = PQnparams(res);
	must(n <= PARAMS_MAX);
	bool narrow = false;
	pthread_mutex_lock(&params->lock);
	for (int i = 0; i < n; i++) {
		Oid t = PQparamtype(res, i);
		narrow |= t == INT4 || t == INT2;
		if (!p->known)
			p->types[i] = t == INT4 || t == INT2 ? INT8 : t;
	}
	if (!p->known)
		p->n = n;
	p->known = true;
	pthread_mutex_unlock(&params->lock);
	PQclear(res);
	if (!narrow)
		return NULL;
	char sql[128];
	snprintf(sql, sizeof sql, "DEALLOCATE \"%s\"", query_texts[q].name);
	TRY(simple(db, sql, sql));
	return prepare_as(db, q, n, p->types);
}

static err prepared(struct pg_db *db, enum query q) {
	if (db->prepared[q])
		return NULL;
	struct pg_params *params = db->db.store->params;
	const struct pg_param *p = &params->of[q];
	pthread_mutex_lock(&params->lock);
	bool known = p->known;
	pthread_mutex_unlock(&params->lock);
	TRY(known ? prepare_as(db, q, p->n, p->types) : learn_params(db, q));
	db->prepared[q] = true;
	return NULL;
}

static err pg_check(struct db *d, enum query q) {
	TRY(connected(of_db(d)));
	return prepared(of_db(d), q);
}

struct args {
	int n;
	const char *values[PARAMS_MAX];
	int lengths[PARAMS_MAX], formats[PARAMS_MAX];
	int64_t numbers[PARAMS_MAX];
};

static void args_from(struct args *a, const struct bind *binds, size_t n) {
	must(n <= PARAMS_MAX);
	a->n = (int)n;
	for (size_t i = 0; i < n; i++) {
		const struct bind *b = &binds[i];
		a->formats[i] = 1;
		a->lengths[i] = b->kind == BIND_I64 ? 8 : (int)b->s.n;
		a->numbers[i] = (int64_t)htobe64((uint64_t)b->i);
		a->values[i] = b->kind == BIND_NULL ? NULL : b->kind == BIND_I64 ? (const char *)&a->numbers[i] : b->s.p ? b->s.p : "";
	}
}

/* BEGIN and the statement in one round trip. The result is the statement's, or BEGIN's where that failed. */
static PGresult *run_with_begin(struct pg_db *db, enum query q, const struct args *a) {
	PGconn *c = db->conn;
	PGresult *found = NULL;
	int results = 0;
	if (!PQenterPipelineMode(c) || !PQsendQueryParams(c, db->begin, 0, NULL, NULL, NULL, NULL, 1) ||
	    !PQsendQueryPrepared(c, query_texts[q].name, a->n, a->values, a->lengths, a->formats, 1) || !PQpipelineSync(c)) {
		db->stale = true;
		return NULL;
	}
	for (int ends = 0; ends < 3;) {
		PGresult *res = PQgetResult(c);
		if (!res) {
			ends++;
			continue;
		}
		if (PQresultStatus(res) == PGRES_PIPELINE_SYNC) {
			PQclear(res);
			break;
		}
		if (!found || (++results && good(found))) {
			PQclear(found);
			found = res;
		} else {
			PQclear(res);
		}
	}
	PQexitPipelineMode(c);
	return found;
}

/* Nothing has happened yet in a transaction that has not begun, so a connection found dead there is simply replaced. */
static PGresult *run(struct pg_db *db, enum query q, const struct args *a, err *e) {
	for (int tries = 0; tries < 2; tries++) {
		if (db->begin && (*e = connected(db)))
			return NULL;
		if ((*e = prepared(db, q))) {
			if (db->begin && PQstatus(db->conn) != CONNECTION_OK)
				continue;
			return NULL;
		}
		PGresult *res = db->begin ? run_with_begin(db, q, a)
		                          : PQexecPrepared(db->conn, query_texts[q].name, a->n, a->values, a->lengths, a->formats, 1);
		bool lost = PQstatus(db->conn) != CONNECTION_OK;
		if (!lost || !db->begin)
			db->begin = NULL;
		if (good(res) && !lost)
			return res;
		*e = failure(db, res, query_texts[q].name);
		PQclear(res);
		if (!lost || !db->begin)
			return NULL;
	}
	return NULL;
}

static err start(struct pg_db *db, struct pg_rows **out, enum query q, const struct bind *binds, size_t n) {
	if (!db->reading && !db->db.tx && !db->db.writes) {
		db->begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
		db->db.snapshot_at = clock_mono_ns();
		db->reading = true;
	}
	struct args a;
	args_from(&a, binds, n);
	err e = NULL;
	PGresult *res = run(db, q, &a, &e);
	if (!res)
		return e;
	struct pg_rows *r = db->rows[q];
	if (!r) {
		r = db->rows[q] = xcalloc(1, sizeof *r);
		r->rows = (struct rows){.db = &db->db, .q = q};
	}
	rows_opened(&r->rows);
	r->result = res;
	r->row = -1;
	*out = r;
	return NULL;
}

static void pg_end(struct rows *r) {
	PQclear(of_rows(r)->result);
	of_rows(r)->result = NULL;
	rows_closed(r);
}

static bool pg_next(struct rows *r) {
	if (++of_rows(r)->row < PQntuples(of_rows(r)->result))
		return true;
	pg_end(r);
	return false;
}

static err pg_exec(struct db *d, enum query q, const struct bind *binds, size_t n, int64_t *changed) {
	struct pg_rows *r;
	TRY(start(of_db(d), &r, q, binds, n));
	if (changed)
		*changed = atoll(PQcmdTuples(r->result));
	pg_end(&r->rows);
	return NULL;
}

static err pg_query(struct db *d, struct rows **out, enum query q, const struct bind *binds, size_t n) {
	struct pg_rows *r;
	TRY(start(of_db(d), &r, q, binds, n));
	*out = &r->rows;
	return NULL;
}

/* ── made statements ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* The snapshot or the transaction is begun by a statement of its own. */
static err begun(struct pg_db *db) {
	bool snapshot = !db->reading && !db->db.tx && !db->db.writes;
	if (snapshot || db->begin)
		TRY(connected(db));
	if (snapshot) {
		db->db.snapshot_at = clock_mono_ns();
		TRY(simple(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN"));
		db->reading = true;
	} else if (db->begin) {
		TRY(simple(db, db->begin, "BEGIN"));
		db->begin = NULL;
	}
	return NULL;
}

static uint64_t made_name(struct str sql, char name[20]) {
	uint64_t hash = str_hash(sql);
	snprintf(name, 20, "m%llx", (unsigned long long)hash);
	return hash;
}

static err made_prepared(struct pg_db *db, struct str sql, char name[20]) {
	uint64_t hash = made_name(sql, name);
	for (size_t i = 0; i < db->made.n; i++)
		if (db->made.v[i] == hash)
			return NULL;
	PGresult *res = PQprepare(db->conn, name, sql.p, 0, NULL);
	err e = good(res) ? NULL : failure(db, res, sql.p);
	PQclear(res);
	if (!e)
		vec_push(NULL, &db->made, hash);
	return e;
}

static err made_rows(const PGresult *res, made_row_fn fn, void *ctx) {
	enum { COLUMNS_MAX = 8 };
	struct str columns[COLUMNS_MAX];
	int n = PQnfields(res);
	must(n <= COLUMNS_MAX);
	for (int row = 0; fn && row < PQntuples(res); row++) {
		for (int i = 0; i < n; i++) {
			bool null = PQgetisnull(res, row, i);
			columns[i] = null ? STR_NONE : str_mem(PQgetvalue(res, row, i), (size_t)PQgetlength(res, row, i));
		}
		TRY(fn(ctx, columns));
	}
	return NULL;
}

static err pg_made(struct db *d, struct str sql, const struct bind *binds, size_t n, made_row_fn fn, void *ctx) {
	struct pg_db *db = of_db(d);
	char name[20];
	struct args a;
	TRY(begun(db));
	TRY(made_prepared(db, sql, name));
	args_from(&a, binds, n);
	PGresult *res = PQexecPrepared(db->conn, name, a.n, a.values, a.lengths, a.formats, 1);
	err e = good(res) ? made_rows(res, fn, ctx) : failure(db, res, sql.p);
	PQclear(res);
	return e;
}

/* Every statement has its answer, in order; what comes after a failure is not run. */
static err take_answers(struct pg_db *db, const struct made_call *calls, size_t n, size_t *failed) {
	err e = NULL;
	for (size_t i = 0; i < n; i++) {
		PGresult *res = PQgetResult(db->conn);
		if (!e && !good(res)) {
			e = failure(db, res, calls[i].sql.p);
			*failed = i;
		}
		PQclear(res);
		PQclear(PQgetResult(db->conn)); /* the end of this answer */
	}
	PQclear(PQgetResult(db->conn)); /* of PQpipelineSync */
	return e;
}

static err pg_made_all(struct db *d, const struct made_call *calls, size_t n, size_t *failed) {
	struct pg_db *db = of_db(d);
	char name[20];
	TRY(begun(db));
	for (*failed = 0; *failed < n; ++*failed)
		TRY(made_prepared(db, calls[*failed].sql, name));
	bool sent = PQenterPipelineMode(db->conn);
	*failed = 0;
	for (size_t i = 0; sent && i < n; i++) {
		struct args a;
		made_name(calls[i].sql, name);
		args_from(&a, calls[i].binds, calls[i].n);
		sent = PQsendQueryPrepared(db->conn, name, a.n, a.values, a.lengths, a.formats, 1);
	}
	if (!sent || !PQpipelineSync(db->conn)) {
		db->stale = true; /* half of it may be on its way: the connection is of no use any more */
		return err_private(ERR_UNAVAILABLE, "statements cannot be sent: %s", PQerrorMessage(db->conn));
	}
	err e = take_answers(db, calls, n, failed);
	if (!PQexitPipelineMode(db->conn))
		db->stale = true;
	return e;
}

/* ── values, in PostgreSQL's binary form ─────────────────────────────────────────────────────────────────────────── */

/* What sum(bigint) gives: base 10,000 digits, most significant first. Fractions do not occur. */
static int64_t numeric(const unsigned char *p) {
	int digits = p[0] << 8 | p[1], weight = (int16_t)(p[2] << 8 | p[3]);
	bool negative = p[4] == 0x40;
	int64_t v = 0;
	for (int i = 0; i <= weight; i++)
		v = v * 10000 + (i < digits ? p[8 + 2 * i] << 8 | p[9 + 2 * i] : 0);
	return negative ? -v : v;
}

static bool pg_null(const struct rows *r, int column) { return PQgetisnull(of_rows(r)->result, of_rows(r)->row, column); }

static int64_t pg_i64(const struct rows *rows, int column) {
	const struct pg_rows *r = of_rows(rows);
	if (pg_null(rows, column))
		return 0;
	const char *p = PQgetvalue(r->result, r->row, column);
	uint64_t v8;
	uint32_t v4;
	uint16_t v2;
	int64_t n = 0;
	switch (PQftype(r->result, column)) {
	case INT8: return memcpy(&v8, p, 8), (int64_t)be64toh(v8);
	case INT4: return memcpy(&v4, p, 4), (int32_t)be32toh(v4);
	case INT2: return memcpy(&v2, p, 2), (int16_t)be16toh(v2);
	case BOOL: return *p;
	case NUMERIC: return numeric((const unsigned char *)p);
	case TEXT: return (void)str_i64(str_mem(p, (size_t)PQgetlength(r->result, r->row, column)), &n), n;
	default: must(!"a type that can be read as a number"); return 0;
	}
}

static struct str pg_text(const struct rows *rows, int column) {
	const struct pg_rows *r = of_rows(rows);
	Oid type = PQftype(r->result, column);
	must(type == TEXT || type == BYTEA || type == NAME);
	return (struct str){PQgetvalue(r->result, r->row, column), (size_t)PQgetlength(r->result, r->row, column)};
}

/* ── write transactions ──────────────────────────────────────────────────────────────────────────────────────────── */

static err commit(struct pg_db *db) {
	PGresult *res = PQexec(db->conn, "COMMIT");
	err e = good(res) ? NULL : failure(db, res, "COMMIT");
	if (!e && strcmp(PQcmdStatus(res), "COMMIT"))
		e = err_private(ERR_INTERNAL, "a statement had failed, and its error was passed over");
	PQclear(res);
	return e;
}

static err attempt(struct pg_db *db, struct tx *tx, const struct tx_call *call) {
	db->begin = call->plain ? "BEGIN ISOLATION LEVEL READ COMMITTED" : "BEGIN ISOLATION LEVEL SERIALIZABLE";
	db->db.tx = tx;
	err e = call->fn(tx, call->arg);
	must(!db->db.open_rows);
	bool begun = !db->begin;
	db->begin = NULL;
	if (!e && begun)
		e = commit(db);
	db->db.tx = NULL;
	if (!e || !begun)
		return e;
	struct err kept = *e;
	if (PQstatus(db->conn) == CONNECTION_OK && PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		(void)simple(db, "ROLLBACK", "ROLLBACK");
	return err_copy(&kept);
}

static err pg_tx(struct db *d, const struct tx_call *call, struct journal_entry *out) {
	for (int tries = 1;; tries++) {
		struct tx tx = {.db = d};
		err e = attempt(of_db(d), &tx, call);
		if (!e) {
			atomic_fetch_add_explicit(&d->store->commits, 1, memory_order_relaxed);
			*out = tx.entry;
			return NULL;
		}
		if (!tx.again || tries == TRIES_MAX)
			return e;
		uint32_t pause;
		random_bytes(&pause, sizeof pause);
		usleep(pause % (tries < 6 ? 1000u << tries : 64000u));
	}
}

static void pg_init(struct store *s) {
	s->params = xcalloc(1, sizeof *s->params);
	pthread_mutex_init(&s->params->lock, NULL);
}

static err pg_start(struct store *s) { return NULL; }

static void pg_stop(struct store *s) {
	pthread_mutex_destroy(&s->params->lock);
	free(s->params);
}

const struct engine_ops postgres_ops = {
    .init = pg_init,
    .start = pg_start,
    .stop = pg_stop,
    .open = pg_open,
    .close = pg_close,
    .rest = pg_rest,
    .exec = pg_exec,
    .query = pg_query,
    .check = pg_check,
    .script = pg_script,
    .made = pg_made,
    .made_all = pg_made_all,
    .tx = pg_tx,
    .next = pg_next,
    .end = pg_end,
    .i64 = pg_i64,
    .text = pg_text,
    .null = pg_null,
};
