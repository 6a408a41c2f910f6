/* What a bare SQLite loop takes to load the rows of a sown network: one prepared INSERT per table in one transaction, its
 * indexes built after. The rows come from the sown file, and the time it takes to read them alone is taken off.
 *
 * usage: bench-store-load FILE         FILE is a database that `freehold sow` filled; compare with the rate that sow printed */
#include "base/clock.h"
#include "base/must.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static sqlite3 *from, *to;

static void run(sqlite3 *h, const char *sql) {
	char *why = NULL;
	if (sqlite3_exec(h, sql, NULL, NULL, &why)) {
		fprintf(stderr, "%s: %s\n", sql, why);
		exit(1);
	}
}

static sqlite3_stmt *prepared(sqlite3 *h, const char *sql) {
	sqlite3_stmt *stmt;
	must(!sqlite3_prepare_v2(h, sql, -1, &stmt, NULL));
	return stmt;
}

static int64_t copy(const char *table, int columns, bool write) {
	char sql[512];
	snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
	sqlite3_stmt *read = prepared(from, sql);
	int n = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
	for (int i = 1; i < columns; i++)
		n += snprintf(sql + n, sizeof sql - (size_t)n, ",?");
	snprintf(sql + n, sizeof sql - (size_t)n, ")");
	sqlite3_stmt *put = prepared(to, sql);
	int64_t rows = 0;
	for (; sqlite3_step(read) == SQLITE_ROW; rows++) {
		for (int i = 0; i < columns; i++)
			sqlite3_bind_value(put, i + 1, sqlite3_column_value(read, i));
		if (!write)
			continue;
		must(sqlite3_step(put) == SQLITE_DONE);
		sqlite3_reset(put);
	}
	sqlite3_finalize(read);
	sqlite3_finalize(put);
	return rows;
}

static int64_t copy_all(bool write) {
	static const char tables[] = "SELECT t.name, t.ncol FROM pragma_table_list AS t WHERE t.schema = 'main' AND t.type = 'table' "
	                             "AND substr(t.name, 1, 7) <> 'sqlite_'";
	sqlite3_stmt *list = prepared(from, tables);
	int64_t rows = 0;
	while (sqlite3_step(list) == SQLITE_ROW)
		rows += copy((const char *)sqlite3_column_text(list, 0), sqlite3_column_int(list, 1), write);
	sqlite3_finalize(list);
	return rows;
}

/* Without the search index, whose tables belong to an extension. */
static void make(const char *type) {
	char sql[512];
	snprintf(sql, sizeof sql,
	         "SELECT sql FROM sqlite_master WHERE type = '%s' AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%%' "
	         "AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type IN ('shadow', 'virtual'))",
	         type);
	sqlite3_stmt *list = prepared(from, sql);
	while (sqlite3_step(list) == SQLITE_ROW)
		run(to, (const char *)sqlite3_column_text(list, 0));
	sqlite3_finalize(list);
}

int main(int argc, char **argv) {
	must(argc == 2);
	char file[] = "./bench-load-XXXXXX";
	int fd = mkstemp(file);
	must(fd >= 0);
	close(fd);
	must(!sqlite3_open_v2(argv[1], &from, SQLITE_OPEN_READWRITE, NULL));
	must(!sqlite3_open(file, &to));
	run(to, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-131072; PRAGMA threads=4;");
	make("table");
	copy_all(false);
	int64_t start = clock_mono_ns();
	copy_all(false);
	int64_t reading = clock_mono_ns() - start;
	start = clock_mono_ns();
	run(to, "BEGIN IMMEDIATE");
	int64_t rows = copy_all(true);
	make("index");
	run(to, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
	double seconds = (double)(clock_mono_ns() - start - reading) / 1e9;
	printf("bare loop: %lld rows in %.1f s, %.0f a second (reading them took %.1f s more)\n", (long long)rows, seconds,
	       (double)rows / seconds, (double)reading / 1e9);
	sqlite3_close(from);
	sqlite3_close(to);
	char wal[64];
	unlink(file);
	snprintf(wal, sizeof wal, "%s-wal", file);
	unlink(wal);
	snprintf(wal, sizeof wal, "%s-shm", file);
	unlink(wal);
	return 0;
}
