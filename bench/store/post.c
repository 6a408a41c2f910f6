/* What a post costs the store: 64 threads each writing posts through tx_run, beside a bare SQLite loop that commits equal
 * rows (journal, post, counter, two images, their indexes) in groups of 64 with synchronous=FULL.
 *
 * usage: bench-store-post [SECONDS] [DATABASE-URL]      the URL only for the first half; the bare loop is always SQLite */
#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "store/status.h"
#include "store/tx.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WRITERS = 64, ACCOUNTS = 1000 };

static const char text[] =
    "The harbour froze over last night and the whole town went walking on it, lanterns and all. Bring skates tomorrow!";
static struct store *store;
static _Atomic bool over;
static _Atomic int64_t posts;

static void ok(err e) {
	if (e) {
		fprintf(stderr, "%s: %s\n", e->text, e->cause);
		exit(1);
	}
}

static err add_accounts(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_BULK_LOADED, 0, 0, 0));
	for (int64_t i = 1; i <= ACCOUNTS; i++)
		TRY(db_exec(tx_db(tx), ACCOUNT_COUNT_INSERT, I(i)));
	return NULL;
}

static err add_post(struct tx *tx, void *arg) {
	const struct status *s = arg;
	TRY(tx_journal(tx, J_STATUS_CREATED, s->id, s->author_id, 0));
	TRY(store_status_insert(tx, s));
	return store_status_of_account_add(tx, s->author_id, 1, id_ms(s->id));
}

static void *writer(void *arg) {
	struct db *db;
	ok(db_open(&db, store));
	for (int64_t i = (int64_t)(intptr_t)arg; !over; i += WRITERS) {
		struct status s = {.id = id_new(), .author_id = i % ACCOUNTS + 1, .text = str_of(text), .language = S("en"), .app_id = 1};
		s.thread_id = s.id;
		ok(tx_run(db, add_post, &s));
		posts++;
	}
	db_close(&db);
	return NULL;
}

static double through_store(struct str url, const char *folder, int seconds) {
	ok(store_open(&store, url, str_of(folder)));
	struct db *db;
	ok(db_open(&db, store));
	ok(tx_run(db, add_accounts, NULL));
	db_close(&db);
	pthread_t threads[WRITERS];
	int64_t from = clock_mono_ns();
	for (intptr_t i = 0; i < WRITERS; i++)
		must(!pthread_create(&threads[i], NULL, writer, (void *)i));
	sleep((unsigned)seconds);
	over = true;
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	double rate = (double)posts * 1e9 / (double)(clock_mono_ns() - from);
	store_close(&store);
	return rate;
}

static void step(sqlite3_stmt *stmt) {
	must(sqlite3_step(stmt) == SQLITE_DONE);
	sqlite3_reset(stmt);
}

static double bare(const char *folder, int seconds) {
	ok(store_open(&store, S("sqlite:bare.db"), str_of(folder)));
	store_close(&store);
	char path[256];
	snprintf(path, sizeof path, "%s/bare.db", folder);
	sqlite3 *h;
	must(!sqlite3_open(path, &h));
	must(!sqlite3_exec(h, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768;", NULL, NULL, NULL));
	static const char *const sql[] = {
	    "INSERT INTO journal (seq, xid, at, kind, a, b, c) VALUES (?1, 0, ?1, 1, ?1, ?2, 0)",
	    "INSERT INTO status (id, author_id, flags, text, language, app_id) VALUES (?1, ?2, 0, ?3, 'en', 1)",
	    "UPDATE account_count SET statuses = statuses + 1, last_status_at = ?1 WHERE account_id = ?2",
	    "INSERT INTO change (seq, n, tbl, key, image) VALUES (?1, 1, 'status', ?3, ?4)",
	    "INSERT INTO change (seq, n, tbl, key, image) VALUES (?1, 2, 'account_count', NULL, ?3)",
	    "INSERT OR REPLACE INTO account_count VALUES (?1, 0, 0, 0, 0)",
	    "BEGIN IMMEDIATE",
	    "COMMIT"};
	sqlite3_stmt *stmts[8];
	for (int i = 0; i < 8; i++)
		must(!sqlite3_prepare_v2(h, sql[i], -1, &stmts[i], NULL));
	for (int i = 1; i <= ACCOUNTS; i++) {
		sqlite3_bind_int64(stmts[5], 1, i);
		step(stmts[5]);
	}
	int64_t n = 0, from = clock_mono_ns();
	while (clock_mono_ns() - from < seconds * 1000000000LL) {
		step(stmts[6]);
		for (int i = 0; i < WRITERS; i++) {
			n++;
			int64_t id = id_new(), author = n % ACCOUNTS + 1;
			char key[32], image[300], count[80];
			snprintf(key, sizeof key, "[%lld]", (long long)id);
			snprintf(image, sizeof image, "[%lld,%lld,0,null,null,null,null,null,\"%s\",null,\"en\",1,null]", (long long)id,
			         (long long)author, text);
			snprintf(count, sizeof count, "[%lld,%lld,0,0,%lld]", (long long)author, (long long)n, (long long)id_ms(id));
			for (int s = 0; s < 5; s++) {
				sqlite3_bind_int64(stmts[s], 1, s == 1 ? id : n);
				sqlite3_bind_int64(stmts[s], 2, author);
			}
			sqlite3_bind_text(stmts[1], 3, text, -1, SQLITE_STATIC);
			sqlite3_bind_text(stmts[3], 3, key, -1, SQLITE_STATIC);
			sqlite3_bind_text(stmts[3], 4, image, -1, SQLITE_STATIC);
			sqlite3_bind_text(stmts[4], 3, count, -1, SQLITE_STATIC);
			for (int s = 0; s < 5; s++)
				step(stmts[s]);
		}
		step(stmts[7]);
	}
	double rate = (double)n * 1e9 / (double)(clock_mono_ns() - from);
	for (int i = 0; i < 8; i++)
		sqlite3_finalize(stmts[i]);
	sqlite3_close(h);
	return rate;
}

int main(int argc, char **argv) {
	int seconds = argc > 1 ? atoi(argv[1]) : 5;
	char folder[] = "./bench-store-XXXXXX";
	must(mkdtemp(folder));
	double loop = bare(folder, seconds), ours = through_store(argc > 2 ? str_of(argv[2]) : S("sqlite:store.db"), folder, seconds);
	printf("posts a second: through tx_run from %d threads %.0f, bare loop in groups of %d %.0f, ratio %.2f\n", WRITERS, ours, WRITERS,
	       loop, ours / loop);
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}
