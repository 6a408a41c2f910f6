/* The journal's order: transactions that commit in another order than they began, and readers who look all the while.
 * On PostgreSQL a reader that went by seq alone would lose entries here. */
#include "base/clock.h"
#include "store/lease.h"
#include "unit.h"

#include <pthread.h>
#include <semaphore.h>

enum { WRITERS = 8 };

static struct store *store;
static struct db *db;
static int rounds = 60;
static unsigned seed;

static int setup(void **state) {
	ok(store_open(&store, test_url(), str_of(test_folder())));
	ok(db_open(&db, store));
	seed = getenv("SEED") ? (unsigned)atoi(getenv("SEED")) : (unsigned)clock_ms();
	print_message("seed %u\n", seed);
	if (getenv("LONG") && *getenv("LONG"))
		rounds *= 20;
	return 0;
}

static int teardown(void **state) {
	db_close(&db);
	store_close(&store);
	test_folder_remove();
	return 0;
}

/* ── two that cross ──────────────────────────────────────────────────────────────────────────────────────────────── */

struct crossing {
	sem_t begun, go_on;
};

/* Takes its transaction id with the lease, then waits while the other one takes the next id and the next seq, and commits. */
static err begin_early(struct tx *tx, void *arg) {
	struct crossing *c = arg;
	int64_t n;
	TRY(db_exec_changed(tx_db(tx), &n, LEASE_TAKE, T(S("early")), T(S("me")), I(1000)));
	sem_post(&c->begun);
	sem_wait(&c->go_on);
	sem_post(&c->go_on);
	return tx_journal(tx, J_SITE_CHANGED, 1, 0, 0);
}

static void *early(void *arg) {
	struct db *own;
	must(!db_open(&own, store) && !tx_run(own, begin_early, arg));
	db_close(&own);
	return NULL;
}

static err commit_at_once(struct tx *tx, void *arg) { return tx_journal(tx, J_SITE_CHANGED, 2, 0, 0); }

static size_t after(int64_t *xid, int64_t *seq, int64_t *last_a) {
	struct arena *a = arena_new();
	struct journal_entry *v;
	size_t n;
	ok(journal_after(db, a, *xid, *seq, 100, &v, &n));
	if (n) {
		*xid = v[n - 1].xid;
		*seq = v[n - 1].seq;
		*last_a = v[n - 1].a;
	}
	db_rest(db);
	arena_free(&a);
	return n;
}

static void an_entry_waits_for_those_that_began_before_it(void **state) {
	if (store_engine(store) == ENGINE_SQLITE)
		skip();
	struct crossing c;
	struct db *other;
	pthread_t thread;
	int64_t xid, seq, last;
	ok(db_open(&other, store));
	ok(journal_head(db, &xid, &seq));
	db_rest(db);
	sem_init(&c.begun, 0, 0);
	sem_init(&c.go_on, 0, 0);
	must(!pthread_create(&thread, NULL, early, &c));
	sem_wait(&c.begun);
	ok(tx_run(other, commit_at_once, NULL));
	assert_int_equal(after(&xid, &seq, &last), 0);
	sem_post(&c.go_on);
	pthread_join(thread, NULL);
	assert_int_equal(after(&xid, &seq, &last), 2);
	assert_int_equal(last, 2);
	db_close(&other);
}

/* ── many at once ────────────────────────────────────────────────────────────────────────────────────────────────── */

struct work {
	int64_t number;
	char lease[32];
	unsigned pause_us;
};

static err write_slowly(struct tx *tx, void *arg) {
	struct work *w = arg;
	int64_t n;
	bool late = w->pause_us & 1;
	if (late)
		TRY(db_exec_changed(tx_db(tx), &n, LEASE_TAKE, T(str_of(w->lease)), T(S("me")), I(1000)));
	if (late)
		usleep(w->pause_us);
	TRY(tx_journal(tx, J_MODERATED, w->number, 0, 0));
	if (!late && db_engine(tx_db(tx)) == ENGINE_POSTGRES)
		usleep(w->pause_us);
	return NULL;
}

static _Atomic int running;

static void *writer(void *arg) {
	int64_t me = (int64_t)(intptr_t)arg;
	unsigned random = seed + (unsigned)me;
	struct db *own;
	must(!db_open(&own, store));
	for (int i = 0; i < rounds; i++) {
		struct work w = {.number = me * 1000000 + i, .pause_us = (unsigned)rand_r(&random) % 4000};
		snprintf(w.lease, sizeof w.lease, "writer %lld", (long long)me);
		must(!tx_run(own, write_slowly, &w));
	}
	db_close(&own);
	running--;
	return NULL;
}

/* Reads on until the writers are done and nothing is left; checks that it sees each writer's numbers one after the other. */
static void read_all(int64_t xid, int64_t seq) {
	int64_t next[WRITERS] = {0};
	size_t total = 0;
	for (bool last = false; !last; usleep(500)) {
		last = !running;
		struct arena *a = arena_new();
		struct journal_entry *v;
		size_t n = 1;
		while (n) {
			ok(journal_after(db, a, xid, seq, 7, &v, &n));
			db_rest(db);
			for (size_t i = 0; i < n; i++) {
				int64_t who = v[i].a / 1000000;
				assert_int_equal(v[i].a % 1000000, next[who]);
				next[who]++;
				xid = v[i].xid;
				seq = v[i].seq;
			}
			total += n;
		}
		arena_free(&a);
	}
	assert_int_equal(total, WRITERS * rounds);
}

static void no_reader_loses_an_entry_however_commits_cross(void **state) {
	pthread_t threads[WRITERS];
	int64_t xid, seq;
	ok(journal_head(db, &xid, &seq));
	db_rest(db);
	running = WRITERS;
	for (intptr_t i = 0; i < WRITERS; i++)
		must(!pthread_create(&threads[i], NULL, writer, (void *)i));
	read_all(xid, seq);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_entry_waits_for_those_that_began_before_it),
	    cmocka_unit_test(no_reader_loses_an_entry_however_commits_cross),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
