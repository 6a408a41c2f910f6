/* The runner and the follower over a store, with a second store on the same database as another node's. */
#include "base/clock.h"
#include "config/config.h"
#include "core/site.h"
#include "jobs/follower.h"
#include "jobs/runner.h"
#include "store/cursor.h"
#include "store/lease.h"
#include "store/standby.h"
#include "unit.h"

#include <pthread.h>

static struct config *config;
static struct site site;
static struct store *elsewhere;
static struct db *db, *there;

static int setup(void **state) {
	ok(config_read(&config, &(struct config_options){.data_dir = str_of(test_folder())}));
	site.config = config;
	ok(store_open(&site.store, test_url(), str_of(test_folder())));
	ok(store_open(&elsewhere, test_url(), str_of(test_folder())));
	ok(db_open(&db, site.store));
	ok(db_open(&there, elsewhere));
	return 0;
}

static int teardown(void **state) {
	db_close(&db);
	db_close(&there);
	store_close(&site.store);
	store_close(&elsewhere);
	config_free(&config);
	test_folder_remove();
	return 0;
}

struct note {
	enum journal_kind kind;
	int64_t a;
};

static err note(struct tx *tx, void *arg) {
	const struct note *n = arg;
	TRY(tx_journal(tx, n->kind, n->a, 0, 0));
	return db_exec(tx_db(tx), SITE_SET, T(S("note")), T(S("x")));
}

static void write_note(struct db *on, enum journal_kind kind, int64_t a) { ok(tx_run(on, note, &(struct note){kind, a})); }

/* What callbacks saw: the sum of `a` in order, as digits. */
static struct seen {
	pthread_mutex_t lock;
	int64_t digits;
	int calls, failures_left;
} seen = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int64_t seen_digits(void) {
	pthread_mutex_lock(&seen.lock);
	int64_t v = seen.digits;
	pthread_mutex_unlock(&seen.lock);
	return v;
}

static void assert_seen(int64_t digits) {
	for (int i = 0; i < 500 && seen_digits() != digits; i++)
		usleep(10000);
	assert_int_equal(seen_digits(), digits);
	seen = (struct seen){.lock = PTHREAD_MUTEX_INITIALIZER};
}

static void see(const struct journal_entry *e) {
	pthread_mutex_lock(&seen.lock);
	seen.digits = seen.digits * 10 + e->a;
	pthread_mutex_unlock(&seen.lock);
}

static err read_notes(struct ctx *c, const struct journal_entry *v, size_t n) {
	if (seen.failures_left && seen.failures_left--)
		return err_private(ERR_UNAVAILABLE, "as asked");
	for (size_t i = 0; i < n; i++)
		see(&v[i]);
	return NULL;
}

static const enum journal_kind kinds[] = {J_SITE_CHANGED, JOURNAL_NONE};

static struct runner *start_reading(void) {
	struct runner *r = runner_new(&site);
	runner_reader(r, "notes", kinds, read_notes, 5);
	runner_start(r);
	return r;
}

static void wait_for_cursor(void) {
	bool found = false;
	for (int64_t i = 0, xid, seq; i < 500 && !found; i++, usleep(10000)) {
		ok(store_cursor_get(db, S("notes"), &xid, &seq, &found));
		db_rest(db);
	}
	assert_true(found);
}

static void a_reader_gets_what_it_wants_in_order_from_every_node_and_goes_on_after_a_restart(void **state) {
	struct runner *r = start_reading();
	wait_for_cursor();
	write_note(db, J_SITE_CHANGED, 1);
	write_note(db, J_MODERATED, 9);
	write_note(there, J_SITE_CHANGED, 2);
	write_note(db, J_SITE_CHANGED, 3);
	assert_seen(123);
	runner_stop(&r, 1000);
	write_note(there, J_SITE_CHANGED, 4);
	r = start_reading();
	assert_seen(4);
	seen.failures_left = 1;
	write_note(there, J_SITE_CHANGED, 5);
	assert_seen(5);
	runner_stop(&r, 1000);
}

static void of_two_runners_one_reads(void **state) {
	struct runner *r = start_reading();
	struct site other = site;
	other.store = elsewhere;
	if (store_engine(site.store) == ENGINE_POSTGRES) {
		struct runner *second = runner_new(&other);
		runner_reader(second, "notes", kinds, read_notes, 5);
		runner_start(second);
		for (int64_t i = 1; i <= 6; i++, usleep(20000))
			write_note(db, J_SITE_CHANGED, i);
		assert_seen(123456);
		runner_stop(&second, 1000);
	}
	runner_stop(&r, 1000);
}

static void follow(void *ctx, struct db *on, const struct journal_entry *e) { see(e); }

static void the_follower_sees_every_entry_of_every_node_soon(void **state) {
	struct follower *f;
	write_note(db, J_SITE_CHANGED, 8);
	ok(follower_new(&f, site.store));
	follower_add(f, follow, NULL);
	write_note(there, J_MODERATED, 1);
	follower_start(f);
	write_note(db, J_SITE_CHANGED, 2);
	write_note(there, J_SITE_CHANGED, 3);
	int64_t from = clock_mono_ms();
	assert_seen(123);
	assert_true(clock_mono_ms() - from < 1000);
	follower_free(&f);
}

static err add(struct tx *tx, void *arg) {
	const struct str *kind = arg;
	TRY(tx_journal(tx, J_JOBS_CHANGED, 0, 0, 0));
	return store_job_add(tx, *kind, 0, 7, 0, S("{}"), NULL);
}

static err work(struct ctx *c, const struct job *job) {
	assert_true(str_eq(job->data, S("{}")));
	see(&(struct journal_entry){.a = job->a});
	return NULL;
}

static err fail_it(struct ctx *c, const struct job *job) { return err_private(ERR_UNAVAILABLE, "as asked"); }

static void assert_jobs(int64_t waiting, int64_t buried) {
	int64_t w = -1, b = -1;
	for (int i = 0; i < 500 && (w != waiting || b != buried); i++, usleep(10000)) {
		ok(store_job_count(db, &w, &b));
		db_rest(db);
	}
	assert_int_equal(w, waiting);
	assert_int_equal(b, buried);
}

static void a_job_runs_once_a_failing_one_waits_and_the_last_try_buries_it(void **state) {
	struct runner *r = runner_new(&site);
	runner_job(r, "work", work, 2, 3);
	runner_job(r, "fail often", fail_it, 1, 3);
	runner_job(r, "fail once", fail_it, 1, 1);
	runner_start(r);
	ok(tx_run(there, add, &S("work")));
	assert_seen(7);
	assert_jobs(0, 0);
	ok(tx_run(db, add, &S("fail once")));
	assert_jobs(0, 1);
	ok(tx_run(db, add, &S("fail often")));
	struct job *due;
	struct arena *a = arena_new();
	size_t n = 0;
	for (int i = 0; i < 500 && !(n == 1 && due[0].tries == 1); i++, usleep(10000)) {
		ok(store_job_due(db, a, S("fail often"), clock_ms() + 60000, 10, &due, &n));
		db_rest(db);
	}
	assert_int_equal(due[0].tries, 1);
	assert_true(due[0].run_at > clock_ms() + 5000);
	arena_free(&a);
	runner_stop(&r, 1000);
}

static _Atomic bool is_shut, is_away;
static bool say_shut(struct site *s, struct db *d) { return is_shut; }
static bool say_away(struct site *s) { return is_away; }

static void a_held_kind_waits_and_what_fails_because_somebody_is_away_is_not_buried(void **state) {
	static const struct job_hold hold = {say_shut, say_away};
	struct job *due;
	struct arena *a = arena_new();
	size_t n = 0;
	int64_t waiting, buried, before;
	ok(store_job_count(db, &waiting, &before));
	is_shut = is_away = true;
	struct runner *r = runner_new(&site);
	runner_job(r, "held", fail_it, 1, 1);
	runner_hold(r, "held", &hold);
	runner_start(r);
	ok(tx_run(db, add, &S("held")));
	usleep(800000);
	ok(store_job_due(db, a, S("held"), clock_ms(), 10, &due, &n));
	assert_int_equal(n, 1);
	is_shut = false;
	for (int i = 0; i < 500 && n; i++, usleep(10000)) {
		ok(store_job_due(db, a, S("held"), clock_ms(), 10, &due, &n));
		db_rest(db);
	}
	ok(store_job_due(db, a, S("held"), clock_ms() + 60000, 10, &due, &n));
	assert_int_equal(n, 1);
	assert_int_equal(due[0].tries, 0);
	is_away = false;
	ok(store_job_postpone(db, due[0].id, clock_ms(), S("")));
	waiting = 1;
	for (int i = 0; i < 500 && waiting; i++, usleep(10000)) {
		ok(store_job_waiting(db, S("held"), &waiting));
		db_rest(db);
	}
	ok(store_job_count(db, &waiting, &buried));
	assert_int_equal(buried, before + 1);
	arena_free(&a);
	runner_stop(&r, 1000);
}

static _Atomic int runs;
static _Atomic bool may_end;

static err run_until_it_may_end(struct ctx *c, const struct job *job) {
	runs++;
	while (!may_end)
		usleep(1000);
	return NULL;
}

static int64_t jobs_there(struct db *on, struct str kind) {
	int64_t n;
	ok(store_job_waiting(on, kind, &n));
	return n;
}

/* On the looking thread: lets the job end after the snapshot was opened in which it is still due. */
static bool let_it_end_meanwhile(struct site *s, struct db *looking) {
	if (!runs || may_end || !jobs_there(looking, S("once")))
		return false;
	may_end = true;
	while (jobs_there(there, S("once")))
		db_rest(there);
	db_rest(there);
	usleep(100000);
	return false;
}

static void a_job_that_ended_since_it_was_read_as_due_is_not_run_again(void **state) {
	static const struct job_hold hold = {let_it_end_meanwhile, say_away};
	struct runner *r = runner_new(&site);
	runner_job(r, "looked at first", run_until_it_may_end, 1, 1);
	runner_hold(r, "looked at first", &hold);
	runner_job(r, "once", run_until_it_may_end, 2, 1);
	runner_start(r);
	ok(tx_run(db, add, &S("once")));
	for (int i = 0; i < 1000 && !may_end; i++)
		usleep(10000);
	assert_true(may_end);
	usleep(500000);
	runner_stop(&r, 1000);
	assert_int_equal(runs, 1);
}

static void the_journal_is_trimmed_up_to_the_slowest_reader_and_keeps_its_newest_entry(void **state) {
	struct arena *a = arena_new();
	struct journal_entry *v;
	size_t n;
	int64_t xid, seq, hx, hs;
	bool found;
	write_note(db, J_MODERATED, 1);
	write_note(db, J_MODERATED, 1);
	ok(store_cursor_get(db, S("notes"), &xid, &seq, &found));
	ok(store_journal_trim(db, clock_ms() + 1000, 0, 10000, &n));
	assert_true(n > 0);
	ok(journal_after(db, a, 0, 0, 100, &v, &n));
	assert_true(n >= 2 && v[0].seq > seq);
	ok(journal_head(db, &hx, &hs));
	bool held;
	struct str me = db_engine(db) == ENGINE_SQLITE ? S("the only node") : S("me");
	ok(store_lease_take(db, S("notes"), me, 1000, &held));
	assert_true(held);
	ok(store_cursor_set(db, S("notes"), me, hx, hs));
	assert_int_equal(store_cursor_set(db, S("notes"), S("you"), hx, hs)->code, ERR_CONFLICT);
	ok(store_journal_trim(db, clock_ms() + 1000, 0, 10000, &n));
	ok(journal_after(db, a, 0, 0, 100, &v, &n));
	assert_int_equal(n, 1);
	assert_int_equal(v[0].seq, hs);
	ok(store_journal_trimmed(db, &xid, &seq));
	assert_true(seq == hs - 1 || db_engine(db) == ENGINE_POSTGRES);
	arena_free(&a);
}

static err join_standby(struct tx *tx, void *arg) {
	struct str name;
	struct arena *a = arg;
	TRY(store_standby_invite(tx, S("away"), S("token"), 1000));
	TRY(store_standby_join(a, tx, S("token"), 500, S("key"), &name));
	TRY(store_standby_seen(tx, S("away"), 2000, S("following")));
	return store_standby_reached(tx, S("away"), 2000, 0, 0);
}

static void the_journal_is_kept_for_a_standby_until_it_was_not_heard_for_long(void **state) {
	struct arena *a = arena_new();
	struct journal_entry *v;
	size_t n;
	int64_t xid, seq;
	bool held;
	struct str me = db_engine(db) == ENGINE_SQLITE ? S("the only node") : S("me");
	ok(tx_run(db, join_standby, a));
	write_note(db, J_MODERATED, 1);
	write_note(db, J_MODERATED, 1);
	ok(journal_head(db, &xid, &seq));
	ok(store_lease_take(db, S("notes"), me, 1000, &held));
	ok(store_cursor_set(db, S("notes"), me, xid, seq));
	ok(store_journal_trim(db, clock_ms() + 1000, 1999, 10000, &n));
	assert_int_equal(n, 0);
	ok(store_journal_trim(db, clock_ms() + 1000, 2001, 10000, &n));
	assert_true(n > 0);
	ok(journal_after(db, a, 0, 0, 100, &v, &n));
	assert_int_equal(n, 1);
	arena_free(&a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_reader_gets_what_it_wants_in_order_from_every_node_and_goes_on_after_a_restart),
	    cmocka_unit_test(of_two_runners_one_reads),
	    cmocka_unit_test(the_follower_sees_every_entry_of_every_node_soon),
	    cmocka_unit_test(a_job_runs_once_a_failing_one_waits_and_the_last_try_buries_it),
	    cmocka_unit_test(a_held_kind_waits_and_what_fails_because_somebody_is_away_is_not_buried),
	    cmocka_unit_test(a_job_that_ended_since_it_was_read_as_due_is_not_run_again),
	    cmocka_unit_test(the_journal_is_trimmed_up_to_the_slowest_reader_and_keeps_its_newest_entry),
	    cmocka_unit_test(the_journal_is_kept_for_a_standby_until_it_was_not_heard_for_long),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
