/* The store as its users see it, on SQLite in a temporary folder or, when TEST_PG names one, on that PostgreSQL. */
#include "store/query_text.h"
#include "unit.h"

#include <pthread.h>

static struct store *store;
static struct db *db;

static int setup(void **state) {
	ok(store_open(&store, test_url(), str_of(test_folder())));
	ok(db_open(&db, store));
	return 0;
}

static int teardown(void **state) {
	db_close(&db);
	store_close(&store);
	test_folder_remove();
	return 0;
}

struct set {
	const char *key, *value;
	bool fail;
};

static err set(struct tx *tx, void *arg) {
	const struct set *s = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 1, 2, 3));
	TRY(db_exec(tx_db(tx), SITE_SET, T(str_of(s->key)), T(str_of(s->value))));
	return s->fail ? err_public(ERR_INVALID, "as asked") : NULL;
}

static void assert_site(const char *key, const char *value) {
	struct ROWS_AUTO *r = NULL;
	ok(db_query(db, &r, SITE_GET, T(str_of(key))));
	bool found = rows_next(r);
	assert_int_equal(found, value != NULL);
	if (found)
		assert_true(str_eq(rows_text(r, 0), str_of(value)));
	rows_end(&r);
	db_rest(db);
}

static void what_is_committed_is_read_and_what_failed_is_not(void **state) {
	ok(tx_run(db, set, &(struct set){"a", "1", false}));
	err e = tx_run(db, set, &(struct set){"b", "1", true});
	assert_int_equal(e->code, ERR_INVALID);
	assert_string_equal(e->text, "as asked");
	assert_site("a", "1");
	assert_site("b", NULL);
}

static size_t journal_length(struct db *on) {
	struct arena *a = arena_new();
	struct journal_entry *v;
	size_t n;
	ok(journal_after(on, a, 0, 0, 100000, &v, &n));
	for (size_t i = 1; i < n; i++)
		assert_true(v[i - 1].xid < v[i].xid || (v[i - 1].xid == v[i].xid && v[i - 1].seq < v[i].seq));
	arena_free(&a);
	return n;
}

static void a_snapshot_stands_still_until_the_connection_rests(void **state) {
	struct db *other;
	ok(db_open(&other, store));
	size_t before = journal_length(db);
	ok(tx_run(other, set, &(struct set){"c", "1", false}));
	assert_int_equal(journal_length(db), before);
	db_rest(db);
	assert_int_equal(journal_length(db), before + 1);
	db_rest(db);
	db_close(&other);
}

static void an_entry_comes_back_as_it_was_written(void **state) {
	struct arena *a = arena_new();
	int64_t xid, seq;
	ok(journal_head(db, &xid, &seq));
	ok(tx_run(db, set, &(struct set){"d", "1", false}));
	struct journal_entry *v;
	size_t n;
	ok(journal_after(db, a, xid, seq, 10, &v, &n));
	assert_int_equal(n, 1);
	assert_int_equal(v[0].kind, J_SITE_CHANGED);
	assert_true(v[0].a == 1 && v[0].b == 2 && v[0].c == 3);
	db_rest(db);
	arena_free(&a);
}

static void text_with_a_nul_is_refused(void **state) {
	int64_t found;
	err e = db_i64(db, &found, NULL, SITE_GET, T(str_mem("a\0b", 3)));
	assert_int_equal(e->code, ERR_INVALID);
	db_rest(db);
}

/* ── many writers ────────────────────────────────────────────────────────────────────────────────────────────────── */

enum { WRITERS = 64, ROUNDS = 50 };

static _Atomic int applied;

static void count_applied(void *ctx, struct db *on, const struct journal_entry *e) {
	if (e->kind == J_SITE_CHANGED && e->c == 77)
		applied++;
}

/* Reads a number and writes it back one greater; every seventh gives up after writing. */
struct raise {
	int round;
};

static err raise_it(struct tx *tx, void *arg) {
	const struct raise *w = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 77));
	int64_t n = 0;
	{
		struct ROWS_AUTO *r = NULL;
		TRY(db_query(tx_db(tx), &r, SITE_GET, T(S("n"))));
		if (rows_next(r))
			(void)str_i64(rows_text(r, 0), &n);
		TRY(rows_err(r));
	}
	char text[32];
	snprintf(text, sizeof text, "%lld", (long long)n + 1);
	TRY(db_exec(tx_db(tx), SITE_SET, T(S("n")), T(str_of(text))));
	return w->round % 7 == 0 ? err_public(ERR_INVALID, "given up") : NULL;
}

static void *writer(void *arg) {
	struct db *own;
	must(!db_open(&own, store));
	for (int i = 0; i < ROUNDS; i++) {
		err e = tx_run(own, raise_it, &(struct raise){i});
		must(i % 7 ? !e : e && e->code == ERR_INVALID);
	}
	db_close(&own);
	return NULL;
}

static void many_writers_lose_nothing_and_a_failing_one_harms_nobody(void **state) {
	pthread_t threads[WRITERS];
	int writers = store_engine(store) == ENGINE_SQLITE ? WRITERS : 8;
	int good = 0;
	for (int i = 0; i < ROUNDS; i++)
		good += i % 7 != 0;
	store_on_commit(store, count_applied, NULL);
	size_t before = journal_length(db);
	db_rest(db);
	for (int i = 0; i < writers; i++)
		must(!pthread_create(&threads[i], NULL, writer, NULL));
	for (int i = 0; i < writers; i++)
		pthread_join(threads[i], NULL);
	char expected[32];
	snprintf(expected, sizeof expected, "%d", writers * good);
	assert_site("n", expected);
	assert_int_equal(applied, writers * good);
	assert_int_equal(journal_length(db) - before, writers * good);
	db_rest(db);
}

/* ── alone ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void *lonely_writer(void *arg) {
	struct db *own;
	must(!db_open(&own, store));
	for (int i = 1; i <= ROUNDS; i++)
		must(!tx_run_alone(own, raise_it, &(struct raise){1}) && !tx_run(own, raise_it, &(struct raise){1}));
	must(tx_run_alone(own, raise_it, &(struct raise){7})->code == ERR_INVALID);
	db_close(&own);
	return NULL;
}

static void what_is_committed_alone_shares_no_commit_and_fails_for_itself(void **state) {
	enum { LONELY = 4 };
	pthread_t threads[LONELY];
	int64_t transactions, commits, before_transactions, before_commits;
	ok(tx_run(db, set, &(struct set){"n", "0", false}));
	store_counts(store, &before_transactions, &before_commits);
	for (int i = 0; i < LONELY; i++)
		must(!pthread_create(&threads[i], NULL, lonely_writer, NULL));
	for (int i = 0; i < LONELY; i++)
		pthread_join(threads[i], NULL);
	store_counts(store, &transactions, &commits);
	assert_int_equal(transactions - before_transactions, 2 * LONELY * ROUNDS);
	assert_in_range(commits - before_commits, LONELY * ROUNDS, 2 * LONELY * ROUNDS);
	char expected[32];
	snprintf(expected, sizeof expected, "%d", 2 * LONELY * ROUNDS);
	assert_site("n", expected);
	db_rest(db);
}

static void every_named_query_can_be_prepared(void **state) {
	for (int q = 0; q < QUERY_COUNT; q++)
		ok(db_check(db, (enum query)q));
}

/* Another process that opens the file and closes it must find it in use: SQLite's locks of this process are still held. */
static void on_sqlite_connections_keep_their_locks_when_others_are_opened(void **state) {
	if (store_engine(store) == ENGINE_POSTGRES)
		skip();
	struct db *other;
	ok(db_open(&other, store));
	ok(tx_run(other, set, &(struct set){"e", "1", false}));
	char command[300];
	snprintf(command, sizeof command,
	         "python3 -c \"import sqlite3; c = sqlite3.connect('%s/freehold.db'); c.execute('SELECT * FROM site').fetchall(); "
	         "c.close()\" && "
	         "test -s %s/freehold.db-wal",
	         test_folder(), test_folder());
	assert_int_equal(system(command), 0);
	db_close(&other);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_named_query_can_be_prepared),
	    cmocka_unit_test(what_is_committed_is_read_and_what_failed_is_not),
	    cmocka_unit_test(a_snapshot_stands_still_until_the_connection_rests),
	    cmocka_unit_test(an_entry_comes_back_as_it_was_written),
	    cmocka_unit_test(text_with_a_nul_is_refused),
	    cmocka_unit_test(on_sqlite_connections_keep_their_locks_when_others_are_opened),
	    cmocka_unit_test(many_writers_lose_nothing_and_a_failing_one_harms_nobody),
	    cmocka_unit_test(what_is_committed_alone_shares_no_commit_and_fails_for_itself),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
