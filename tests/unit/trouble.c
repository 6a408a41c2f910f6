/* A full disk under SQLite and a PostgreSQL that goes away: errors say "not available", nothing acknowledged is lost, and the
 * same connections work again when the trouble is over. */
#include "unit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static struct store *store;
static struct db *db;

static int setup(void **state) {
	signal(SIGXFSZ, SIG_IGN);
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

static err write_number(struct tx *tx, void *arg) {
	static const char value[] = "a value of some length, so that files grow";
	char key[32];
	snprintf(key, sizeof key, "number %d", *(const int *)arg);
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	return db_exec(tx_db(tx), SITE_SET, T(str_of(key)), T(str_of(value)));
}

static void assert_there(int n) {
	char key[32];
	int64_t found;
	bool any;
	snprintf(key, sizeof key, "number %d", n);
	ok(db_i64(db, &found, &any, SITE_GET, T(str_of(key))));
	db_rest(db);
	assert_true(any);
}

static void a_full_disk_stops_writes_only_and_only_while_it_is_full(void **state) {
	struct rlimit before, small;
	struct stat wal;
	char path[128];
	snprintf(path, sizeof path, "%s/freehold.db-wal", test_folder());
	int n = 0;
	ok(tx_run(db, write_number, &n));
	must(!stat(path, &wal) && !getrlimit(RLIMIT_FSIZE, &before));
	small = (struct rlimit){(rlim_t)wal.st_size + 50000, before.rlim_max};
	must(!setrlimit(RLIMIT_FSIZE, &small));
	err e = NULL;
	while (!e && n < 10000) {
		n++;
		e = tx_run(db, write_number, &n);
	}
	assert_non_null(e);
	assert_int_equal(e->code, ERR_UNAVAILABLE);
	assert_int_equal(tx_run(db, write_number, &n)->code, ERR_UNAVAILABLE);
	for (int i = 0; i < n; i++)
		assert_there(i);
	must(!setrlimit(RLIMIT_FSIZE, &before));
	ok(tx_run(db, write_number, &n));
	assert_there(n);
}

static void pg_ctl(const char *how) {
	char command[512];
	snprintf(command, sizeof command, "%s %s/pg_ctl -D %s -s -w -m immediate -l %s/../log %s >/dev/null 2>&1",
	         geteuid() ? "" : "cd / && runuser -u postgres --", getenv("TEST_PG_BIN"), getenv("TEST_PG_DATA"), getenv("TEST_PG_DATA"),
	         how);
	must(!system(command));
}

static void a_postgres_that_goes_away_is_waited_for(void **state) {
	int n = 1;
	struct db *idle;
	ok(db_open(&idle, store));
	ok(tx_run(db, write_number, &n));
	pg_ctl("stop");
	n = 2;
	assert_int_equal(tx_run(db, write_number, &n)->code, ERR_UNAVAILABLE);
	int64_t found;
	assert_int_equal(db_i64(db, &found, NULL, SITE_GET, T(S("number 1")))->code, ERR_UNAVAILABLE);
	db_rest(db);
	pg_ctl("start");
	assert_there(1);
	ok(tx_run(db, write_number, &n));
	ok(tx_run(idle, write_number, &(int){3}));
	pg_ctl("restart");
	ok(tx_run(idle, write_number, &(int){4}));
	for (int i = 1; i <= 4; i++)
		assert_there(i);
	db_close(&idle);
}

int main(void) {
	const struct CMUnitTest sqlite[] = {cmocka_unit_test(a_full_disk_stops_writes_only_and_only_while_it_is_full)};
	const struct CMUnitTest postgres[] = {cmocka_unit_test(a_postgres_that_goes_away_is_waited_for)};
	return getenv("TEST_PG") ? cmocka_run_group_tests(postgres, setup, teardown) : cmocka_run_group_tests(sqlite, setup, teardown);
}
