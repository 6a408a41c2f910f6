/* Migrations: a new database, one that is older, one that is newer than the program, and nodes that start together. */
#include "store/schema_text.h"
#include "unit.h"

#include <glob.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>

static int setup(void **state) {
	test_folder(); /* made before threads ask for it */
	return 0;
}

static int teardown(void **state) {
	test_folder_remove();
	return 0;
}

/* Runs SQL around the store. */
static void run(const char *sql) {
	if (getenv("TEST_PG")) {
		PGconn *c = PQconnectdb(getenv("TEST_PG"));
		PGresult *res = PQexec(c, sql);
		must(PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK);
		PQclear(res);
		PQfinish(c);
		return;
	}
	char path[128];
	snprintf(path, sizeof path, "%s/freehold.db", test_folder());
	sqlite3 *h;
	must(!sqlite3_open(path, &h) && !sqlite3_exec(h, sql, NULL, NULL, NULL));
	sqlite3_close(h);
}

static err open_and_close(void) {
	struct store *s;
	TRY(store_open(&s, test_url(), str_of(test_folder())));
	store_close(&s);
	return NULL;
}

static void *node(void *arg) {
	must(!open_and_close());
	return NULL;
}

static void nodes_that_start_together_migrate_once(void **state) {
	pthread_t threads[6];
	for (int i = 0; i < 6; i++)
		must(!pthread_create(&threads[i], NULL, node, NULL));
	for (int i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
	ok(open_and_close());
}

/* A database as the first version of the schema left it. */
static void make_first(void) {
	test_folder_empty();
	if (getenv("TEST_PG"))
		run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
	run("CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL)");
	run("INSERT INTO schema_version VALUES (1, 0)");
	run(getenv("TEST_PG") ? schema_texts[0].postgres : schema_texts[0].sqlite);
	run("INSERT INTO site VALUES ('kept', 'yes')");
}

static size_t copies(void) {
	glob_t found;
	char pattern[128];
	snprintf(pattern, sizeof pattern, "%s/snapshots/schema-1-*.db", test_folder());
	size_t n = glob(pattern, 0, NULL, &found) ? 0 : found.gl_pathc;
	globfree(&found);
	return n;
}

static void an_older_database_is_brought_up_and_on_sqlite_copied_aside_before(void **state) {
	make_first();
	struct store *s;
	struct db *db;
	int64_t version;
	bool kept;
	ok(store_open(&s, test_url(), str_of(test_folder())));
	ok(db_open(&db, s));
	ok(db_i64(db, &version, NULL, SCHEMA_VERSION));
	assert_int_equal(version, schema_texts[schema_texts_n - 1].version);
	ok(db_i64(db, &version, &kept, SITE_GET, T(S("kept"))));
	assert_true(kept);
	db_close(&db);
	store_close(&s);
	assert_int_equal(copies(), getenv("TEST_PG") ? 0 : 1);
	ok(open_and_close());
	assert_int_equal(copies(), getenv("TEST_PG") ? 0 : 1);
}

static void of_many_copies_the_newest_three_stay(void **state) {
	make_first();
	char command[300];
	snprintf(command, sizeof command,
	         "mkdir %s/snapshots && cd %s/snapshots && touch schema-1-9.db schema-1-10.db schema-1-1000.db schema-1-1001.db notes",
	         test_folder(), test_folder());
	must(!system(command));
	ok(open_and_close());
	assert_int_equal(copies(), getenv("TEST_PG") ? 4 : 3);
	snprintf(command, sizeof command, "cd %s/snapshots && test -e schema-1-1001.db -a -e notes -a ! -e schema-1-9.db", test_folder());
	assert_int_equal(!system(command), !getenv("TEST_PG"));
}

static void a_newer_database_is_refused_with_one_line(void **state) {
	run("INSERT INTO schema_version VALUES (9999, 0)");
	err e = open_and_close();
	assert_non_null(e);
	assert_non_null(strstr(e->text, "9999"));
	assert_null(strchr(e->text, '\n'));
}

static void an_address_of_no_known_kind_is_refused(void **state) {
	struct store *s;
	assert_int_equal(store_open(&s, S("mysql://x"), str_of(test_folder()))->code, ERR_INVALID);
	assert_null(s);
	assert_int_equal(store_open(&s, S("postgres://nobody@127.0.0.1:1/nothing"), str_of(test_folder()))->code, ERR_UNAVAILABLE);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nodes_that_start_together_migrate_once),
	    cmocka_unit_test(an_older_database_is_brought_up_and_on_sqlite_copied_aside_before),
	    cmocka_unit_test(of_many_copies_the_newest_three_stay),
	    cmocka_unit_test(a_newer_database_is_refused_with_one_line),
	    cmocka_unit_test(an_address_of_no_known_kind_is_refused),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
