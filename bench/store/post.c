/* What a bare SQLite loop commits: the rows that a post leaves (journal, post, counter, two images, their indexes), prepared once, in
 * groups with synchronous=FULL, by authors at random.
 *
 * usage: bench-store-post FILE GROUP SECONDS      FILE: a copy of a sown database, written to; GROUP: posts a commit */
#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static const char text[] = "The harbour froze over, number 12345678";

enum { JOURNAL, POST, COUNT, POST_IMAGE, COUNT_IMAGE, BEGIN, COMMIT, STATEMENTS };

static const char *const sql[STATEMENTS] = {
    [JOURNAL] = "INSERT INTO journal (seq, xid, at, kind, a, b, c) VALUES (?1, 0, ?1, 1, ?1, ?2, 0)",
    [POST] = "INSERT INTO status (id, author_id, flags, text, language, app_id) VALUES (?1, ?2, 0, ?3, 'en', 1)",
    [COUNT] = "UPDATE account_count SET statuses = statuses + 1, last_status_at = ?1 WHERE account_id = ?2",
    [POST_IMAGE] = "INSERT INTO change (seq, n, tbl, key, image) VALUES (?1, 1, 'status', ?3, ?4)",
    [COUNT_IMAGE] = "INSERT INTO change (seq, n, tbl, key, image) VALUES (?1, 2, 'account_count', NULL, ?3)",
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
};

static sqlite3 *h;
static sqlite3_stmt *stmts[STATEMENTS];

static void step(int s) {
	must(sqlite3_step(stmts[s]) == SQLITE_DONE);
	sqlite3_reset(stmts[s]);
}

static int64_t number(const char *query) {
	sqlite3_stmt *stmt;
	must(!sqlite3_prepare_v2(h, query, -1, &stmt, NULL) && sqlite3_step(stmt) == SQLITE_ROW);
	int64_t n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

static int64_t *authors(int64_t *n) {
	*n = number("SELECT count(*) FROM account_count");
	int64_t *ids = xmalloc(sizeof *ids * (size_t)*n);
	sqlite3_stmt *stmt;
	must(!sqlite3_prepare_v2(h, "SELECT account_id FROM account_count", -1, &stmt, NULL));
	for (int64_t i = 0; i < *n && sqlite3_step(stmt) == SQLITE_ROW; i++)
		ids[i] = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return ids;
}

static void post(int64_t seq, int64_t author) {
	int64_t id = id_new();
	char key[32], image[300], count[80];
	snprintf(key, sizeof key, "[%lld]", (long long)id);
	snprintf(image, sizeof image, "[%lld,%lld,0,null,null,null,null,null,\"%s\",null,\"en\",1,null]", (long long)id, (long long)author,
	         text);
	snprintf(count, sizeof count, "[%lld,%lld,0,0,%lld]", (long long)author, (long long)seq, (long long)id_ms(id));
	for (int s = JOURNAL; s <= COUNT_IMAGE; s++) {
		sqlite3_bind_int64(stmts[s], 1, s == POST ? id : seq);
		sqlite3_bind_int64(stmts[s], 2, author);
	}
	sqlite3_bind_text(stmts[POST], 3, text, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmts[POST_IMAGE], 3, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmts[POST_IMAGE], 4, image, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmts[COUNT_IMAGE], 3, count, -1, SQLITE_STATIC);
	for (int s = JOURNAL; s <= COUNT_IMAGE; s++)
		step(s);
}

int main(int argc, char **argv) {
	must(argc == 4);
	int group = atoi(argv[2]), seconds = atoi(argv[3]);
	must(group > 0 && seconds > 0 && !sqlite3_open_v2(argv[1], &h, SQLITE_OPEN_READWRITE, NULL));
	must(!sqlite3_exec(h, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=4000;",
	                   NULL, NULL, NULL));
	for (int i = 0; i < STATEMENTS; i++)
		must(!sqlite3_prepare_v2(h, sql[i], -1, &stmts[i], NULL));
	int64_t author_count, first = number("SELECT coalesce(max(seq), 0) FROM journal"), seq = first;
	int64_t *ids = authors(&author_count), from = clock_mono_ns();
	while (clock_mono_ns() - from < seconds * 1000000000LL) {
		step(BEGIN);
		for (int i = 0; i < group; i++)
			post(++seq, ids[random() % author_count]);
		step(COMMIT);
	}
	printf("bare loop in groups of %d: %.0f posts a second\n", group, (double)(seq - first) * 1e9 / (double)(clock_mono_ns() - from));
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(stmts[i]);
	sqlite3_close(h);
	free(ids);
	return 0;
}
