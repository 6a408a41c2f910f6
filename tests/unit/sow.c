/* The made network: its numbers, that it can be made twice alike, and that its rows fit together. */
#include "ops/made_network.h"
#include "store/bulk.h"
#include "unit.h"

#include <sqlite3.h>

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

static void a_made_network_is_loaded_whole_and_a_second_time_not_at_all(void **state) {
	FILE *tokens = tmpfile();
	struct made_network made = {.accounts = 500, .follows = 6000, .posts = 3000, .seed = 7, .tokens = tokens};
	int64_t rows = 0, xid, seq;
	ok(made_network_load(store, &made, &rows));
	assert_true(rows > 500 * 4 + 6000 + 3000);
	assert_int_equal(ftell(tokens), 500 * 44);
	fclose(tokens);
	ok(journal_head(db, &xid, &seq));
	assert_true(seq > 0);
	db_rest(db);
	made.tokens = NULL;
	assert_int_equal(made_network_load(store, &made, &rows)->code, ERR_CONFLICT);
}

static void a_small_network_with_more_follows_than_fit_is_loaded_too(void **state) {
	struct store *small;
	int64_t rows;
	ok(store_open(&small, S("sqlite:small.db"), str_of(test_folder())));
	ok(made_network_load(small, &(struct made_network){.accounts = 12, .follows = 1000, .posts = 40, .seed = 8}, &rows));
	assert_true(rows > 12 * 11);
	store_close(&small);
	ok(store_open(&small, S("sqlite:smallest.db"), str_of(test_folder())));
	ok(made_network_load(small, &(struct made_network){.accounts = 2, .follows = 0, .posts = 0, .seed = 9}, &rows));
	store_close(&small);
}

static void rows_of_a_load_that_was_dropped_are_gone(void **state) {
	struct bulk *b;
	ok(bulk_begin(&b, store));
	ok(bulk_row(b, BULK_TAG, I(1), T(S("x")), T(S("x"))));
	bulk_drop(&b);
	ok(bulk_begin(&b, store));
	ok(bulk_row(b, BULK_TAG, I(1), T(S("x")), T(S("x"))));
	ok(bulk_end(&b, NULL));
}

/* A number that changes with any id, text or count of the file's network. */
static int64_t fingerprint(const char *name) {
	static const char sql[] =
	    "SELECT sum(h) FROM (SELECT sum(id % 1000003 * 3 + author_id % 1000003 + flags + length(text)) h FROM status UNION ALL "
	    "SELECT sum(account_id % 1000003 * 3 + target_id % 1000003 + id % 1000003) FROM follow UNION ALL "
	    "SELECT sum(account_id % 1000003 + status_id % 1000003 * 3 + id % 1000003) FROM favourite UNION ALL "
	    "SELECT sum(id % 1000003 + length(username) + coalesce(length(note), 0)) FROM account)";
	char url[64], path[128];
	struct store *s;
	int64_t rows;
	snprintf(url, sizeof url, "sqlite:%s", name);
	ok(store_open(&s, str_of(url), str_of(test_folder())));
	ok(made_network_load(s, &(struct made_network){.accounts = 200, .follows = 2000, .posts = 1000, .seed = 5}, &rows));
	store_close(&s);
	snprintf(path, sizeof path, "%s/%s", test_folder(), name);
	sqlite3 *h;
	sqlite3_stmt *stmt;
	must(!sqlite3_open(path, &h) && !sqlite3_prepare_v2(h, sql, -1, &stmt, NULL) && sqlite3_step(stmt) == SQLITE_ROW);
	int64_t v = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(h);
	return v;
}

static void the_same_seed_makes_the_same_network(void **state) {
	int64_t first = fingerprint("first.db");
	assert_true(first != 0);
	assert_true(first == fingerprint("second.db"));
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_made_network_is_loaded_whole_and_a_second_time_not_at_all),
	    cmocka_unit_test(a_small_network_with_more_follows_than_fit_is_loaded_too),
	    cmocka_unit_test(the_same_seed_makes_the_same_network),
	    cmocka_unit_test(rows_of_a_load_that_was_dropped_are_gone),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
