#include "store/job.h"

#include "base/clock.h"
#include "base/id.h"

err store_job_add(struct tx *tx, struct str kind, int64_t run_at, int64_t a, int64_t b, struct str data, int64_t *id) {
	int64_t made = id_new();
	if (id)
		*id = made;
	return db_exec(tx_db(tx), JOB_ADD, I(made), T(kind), I(run_at ? run_at : clock_ms()), I(a), I(b), T_OR_NUL(data));
}

err store_job_ensure(struct tx *tx, struct str kind, int64_t run_at, int64_t but) {
	int64_t waiting;
	TRY(db_i64(tx_db(tx), &waiting, NULL, JOB_WAITING, T(kind), I(but)));
	if (waiting)
		return db_exec(tx_db(tx), JOB_SOONER, T(kind), I(run_at), I(but));
	return store_job_add(tx, kind, run_at, 0, 0, STR_NONE, NULL);
}

err store_job_sooner(struct tx *tx, struct str kind, int64_t run_at) { return db_exec(tx_db(tx), JOB_SOONER, T(kind), I(run_at), I(0)); }

err store_job_waiting(struct db *db, struct str kind, int64_t *out) { return db_i64(db, out, NULL, JOB_WAITING, T(kind), I(0)); }

err store_job_due(struct db *db, struct arena *a, struct str kind, int64_t now, size_t most, struct job **out, size_t *n) {
	struct job *v = *out = arena_many(a, struct job, most);
	*n = 0;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, JOB_DUE, T(kind), I(now), I((int64_t)most)));
	while (*n < most && rows_next(r))
		v[(*n)++] = (struct job){
		    .id = rows_i64(r, 0),
		    .run_at = rows_i64(r, 1),
		    .tries = rows_i64(r, 2),
		    .a = rows_i64(r, 3),
		    .b = rows_i64(r, 4),
		    .data = rows_copy(r, 5, a),
		};
	return rows_err(r);
}

err store_job_is_due(struct db *db, int64_t id, int64_t now, bool *due) {
	int64_t n = 0;
	TRY(db_i64(db, &n, NULL, JOB_IS_DUE, I(id), I(now)));
	*due = n > 0;
	return NULL;
}

struct ending {
	enum query q;
	int64_t id, at;
	struct str error;
};

static err end_it(struct tx *tx, void *arg) {
	const struct ending *x = arg;
	TRY(tx_journal(tx, J_JOBS_CHANGED, 0, 0, 0));
	if (x->q == JOB_DELETE)
		return db_exec(tx_db(tx), JOB_DELETE, I(x->id));
	return db_exec(tx_db(tx), x->q, I(x->id), I(x->at), T(x->error));
}

err store_job_done(struct db *db, int64_t id) { return tx_run(db, end_it, &(struct ending){.q = JOB_DELETE, .id = id}); }

err store_job_retry(struct db *db, int64_t id, int64_t run_at, struct str error) {
	return tx_run(db, end_it, &(struct ending){JOB_RETRY, id, run_at, error});
}

err store_job_postpone(struct db *db, int64_t id, int64_t run_at, struct str error) {
	return tx_run(db, end_it, &(struct ending){JOB_POSTPONE, id, run_at, error});
}

err store_job_bury(struct db *db, int64_t id, struct str error) {
	return tx_run(db, end_it, &(struct ending){JOB_BURY, id, clock_ms(), error});
}

err store_job_count(struct db *db, int64_t *waiting, int64_t *buried) {
	*waiting = *buried = 0;
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, JOB_COUNT));
	if (rows_next(r)) {
		*waiting = rows_i64(r, 0);
		*buried = rows_i64(r, 1);
	}
	return rows_err(r);
}

err store_job_shift(struct tx *tx, int64_t ms, struct str but) { return db_exec(tx_db(tx), JOB_SHIFT, I(ms), T(but)); }
err store_job_forget_of(struct tx *tx, struct str kind, int64_t a) { return db_exec(tx_db(tx), JOB_FORGET_OF, T(kind), I(a)); }

err store_job_forget_all(struct tx *tx) { return db_exec(tx_db(tx), JOB_FORGET_ALL); }
err store_job_forget(struct tx *tx, struct str kind) { return db_exec(tx_db(tx), JOB_FORGET, T(kind)); }
