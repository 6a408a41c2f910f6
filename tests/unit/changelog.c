/* What the change log keeps of changed rows, and what it forgets of people's words. */
#include "store/once.h"
#include "store/status.h"
#include "unit.h"

#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

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

/* The first value of the first row, asked around the store; "-" for NULL or no row. */
static const char *ask(const char *sql) {
	static char value[4096];
	strcpy(value, "-");
	if (store_engine(store) == ENGINE_POSTGRES) {
		PGconn *c = PQconnectdb(getenv("TEST_PG"));
		PGresult *res = PQexec(c, sql);
		if (PQntuples(res) && !PQgetisnull(res, 0, 0))
			snprintf(value, sizeof value, "%s", PQgetvalue(res, 0, 0));
		PQclear(res);
		PQfinish(c);
		return value;
	}
	char path[128];
	snprintf(path, sizeof path, "%s/freehold.db", test_folder());
	sqlite3 *h;
	sqlite3_stmt *stmt;
	must(!sqlite3_open(path, &h) && !sqlite3_prepare_v2(h, sql, -1, &stmt, NULL));
	if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		snprintf(value, sizeof value, "%s", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_close(h);
	return value;
}

/* The newest image of a table, without the spaces that PostgreSQL puts between values. */
static void assert_image(const char *table, const char *expected) {
	char sql[200], plain[4096];
	snprintf(sql, sizeof sql, "SELECT image FROM change WHERE tbl = '%s' ORDER BY seq DESC, n DESC LIMIT 1", table);
	size_t n = 0;
	for (const char *p = ask(sql); *p; p++)
		if (*p != ' ')
			plain[n++] = *p;
	plain[n] = 0;
	assert_string_equal(plain, expected);
}

static const char bytes[] = "\x00\xff\x7f";

static err add_once(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_ONCE_CHANGED, 0, 0, 0));
	struct once_row row = {.account_id = 5, .data = S("\"\xc3\xa4\\"), .expires_at = 9};
	return store_once_insert(tx, str_mem(bytes, 3), (enum once_kind)1, &row);
}

static void an_image_has_every_column_in_order_with_bytes_in_hexadecimal(void **state) {
	ok(tx_run(db, add_once, NULL));
	assert_image("once", "[\"00ff7f\",1,5,\"\\\"\xc3\xa4\\\\\",9]");
}

struct words {
	int64_t id;
	const char *text; /* NULL: delete */
	bool edited;
};

static err write_post(struct tx *tx, void *arg) {
	const struct words *w = arg;
	struct status s = {.id = w->id, .author_id = 1, .thread_id = w->id, .text = str_of(w->text)};
	TRY(tx_journal(tx, w->text ? J_STATUS_CREATED : J_STATUS_DELETED, w->id, 1, 0));
	if (!w->text)
		return store_status_delete(tx, w->id);
	return w->edited ? store_status_update(tx, &s) : store_status_insert(tx, &s);
}

static void what_was_written_is_gone_from_the_change_log_once_it_is_edited_or_deleted(void **state) {
	static const char first[] = "SELECT count(*) FROM change WHERE image LIKE '%first words%'";
	static const char second[] = "SELECT count(*) FROM change WHERE image LIKE '%second words%'";
	ok(tx_run(db, write_post, &(struct words){77, "first words", false}));
	assert_string_equal(ask(first), "1");
	ok(tx_run(db, write_post, &(struct words){77, "second words", true}));
	assert_string_equal(ask(first), "0");
	assert_string_equal(ask(second), "1");
	ok(tx_run(db, write_post, &(struct words){77, NULL, false}));
	assert_string_equal(ask(second), "0");
	assert_string_equal(ask("SELECT key FROM change WHERE tbl = 'status' AND image IS NULL"), "[77]");
}

static err change_silently(struct tx *tx, void *arg) { return db_exec(tx_db(tx), SITE_SET, T(S("a")), T(S("b"))); }

static void a_change_without_a_journal_entry_is_a_bug(void **state) {
	pid_t pid = fork();
	if (!pid) {
		struct store *own;
		struct db *mine;
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		must(freopen("/dev/null", "w", stderr));
		if (!store_open(&own, test_url(), str_of(test_folder())) && !db_open(&mine, own))
			(void)tx_run(mine, change_silently, NULL);
		_exit(0);
	}
	int status;
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_image_has_every_column_in_order_with_bytes_in_hexadecimal),
	    cmocka_unit_test(what_was_written_is_gone_from_the_change_log_once_it_is_edited_or_deleted),
	    cmocka_unit_test(a_change_without_a_journal_entry_is_a_bug),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
