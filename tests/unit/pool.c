/* The pool: how many run at a time, who takes the place of one that waits, who stays. */
#include "net/pool.h"

#include "base/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

enum { RUNNING = 2, MOST = 6, JOBS = 20 };

static struct pool *pool;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int running, waiting, most_running, done; /* under lock */
static bool open_gate;

static void until(const int *value, int wanted) {
	pthread_mutex_lock(&lock);
	while (*value != wanted)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

static void add(int *value, int by) {
	*value += by;
	if (running > most_running)
		most_running = running;
	pthread_cond_broadcast(&changed);
}

static void wait_for_gate(int *count) {
	add(count, 1);
	while (!open_gate)
		pthread_cond_wait(&changed, &lock);
	add(count, -1);
}

static void run_long(struct job *j, void *worker_ctx) {
	pthread_mutex_lock(&lock);
	wait_for_gate(&running);
	add(&done, 1);
	pthread_mutex_unlock(&lock);
}

static void run_waiting(struct job *j, void *worker_ctx) {
	pool_waits(pool, true);
	pthread_mutex_lock(&lock);
	wait_for_gate(&waiting);
	pthread_mutex_unlock(&lock);
	pool_waits(pool, false);
	pthread_mutex_lock(&lock);
	add(&done, 1);
	pthread_mutex_unlock(&lock);
}

static int begin(void **state) {
	running = waiting = most_running = done = 0;
	open_gate = false;
	return pool_new(&pool, RUNNING, MOST, NULL, NULL, NULL) != NULL;
}

static int end(void **state) {
	pool_stop(&pool);
	return 0;
}

static void let_go(void) {
	pthread_mutex_lock(&lock);
	open_gate = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void submit(struct job *jobs, size_t n, void (*run)(struct job *, void *)) {
	for (size_t i = 0; i < n; i++) {
		jobs[i].run = run;
		pool_submit(pool, &jobs[i]);
	}
}

static void never_more_run_than_may(void **state) {
	struct job jobs[JOBS];
	submit(jobs, JOBS, run_long);
	until(&running, RUNNING);
	let_go();
	until(&done, JOBS);
	assert_int_equal(most_running, RUNNING);
}

static void those_that_wait_let_others_run(void **state) {
	struct job waits[MOST - RUNNING], runs[RUNNING];
	submit(waits, MOST - RUNNING, run_waiting);
	until(&waiting, MOST - RUNNING);
	submit(runs, RUNNING, run_long);
	until(&running, RUNNING);
	let_go();
	until(&done, MOST);
}

static void no_more_wait_than_there_may_be_workers(void **state) {
	struct job jobs[JOBS];
	int64_t busy, queued;
	submit(jobs, JOBS, run_waiting);
	until(&waiting, MOST);
	pool_load(pool, &busy, &queued);
	assert_int_equal(busy, MOST);
	assert_int_equal(queued, JOBS - MOST);
	let_go();
	until(&done, JOBS);
}

static void what_is_queued_is_run_before_the_end(void **state) {
	struct job jobs[JOBS];
	submit(jobs, JOBS, run_long);
	let_go();
	pool_stop(&pool);
	assert_int_equal(done, JOBS);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(never_more_run_than_may, begin, end),
	    cmocka_unit_test_setup_teardown(those_that_wait_let_others_run, begin, end),
	    cmocka_unit_test_setup_teardown(no_more_wait_than_there_may_be_workers, begin, end),
	    cmocka_unit_test_setup_teardown(what_is_queued_is_run_before_the_end, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
