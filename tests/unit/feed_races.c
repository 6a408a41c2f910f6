/* Nothing late is ever kept: writers change their own posts and look at once, a moderator suspends authors and lets them back and looks at
 * once, through the memory of feeds, while readers with snapshots of every age load the same posts and hashtags into it. */
#include "api/view/pieces.h"
#include "base/clock.h"
#include "base/id.h"
#include "feed/merge.h"
#include "store/account.h"
#include "store/status.h"
#include "store/tag.h"
#include "unit.h"

#include <pthread.h>

enum { WRITERS = 3, READERS = 3, ROUNDS = 150 };

static struct store *store;
static struct site site;
static int64_t authors[WRITERS], posts[WRITERS];
static _Atomic bool over;

struct version {
	int64_t post, author;
	int number;
	bool first;
};

static err write_tx(struct tx *tx, void *arg) {
	const struct version *v = arg;
	char text[32];
	const int n = snprintf(text, sizeof text, "version %d.", v->number);
	const struct status s = {.id = v->post, .author_id = v->author, .thread_id = v->post, .text = str_mem(text, (size_t)n)};
	TRY(tx_journal(tx, v->first ? J_STATUS_CREATED : J_STATUS_EDITED, v->post, v->author, 0));
	return v->first ? store_status_insert(tx, &s) : store_status_update(tx, &s);
}

/* Whether the post reads so, or memory alone (db NULL) cannot tell. */
static bool reads(struct db *db, struct arena *a, int64_t post, struct str want, bool *told) {
	struct pass p = pass_of(site.feed, db, a, 0);
	bool same = false;
	do {
		pass_enter(&p);
		const struct status_piece *s = (const struct status_piece *)(const void *)pass_piece(&p, PIECE_STATUS, post);
		same = s && !s->head.piece.gone && str_find(piece_str(s, s->json), want) >= 0;
	} while (pass_leave(&p));
	*told = !p.missed && !p.error;
	return same;
}

static void *writer(void *arg) {
	const int i = *(const int *)arg;
	struct db *db;
	struct arena *a = arena_new();
	must(!db_open(&db, store));
	for (int round = 1; round <= ROUNDS; round++) {
		struct version v = {posts[i], authors[i], round, false};
		must(!tx_run(db, write_tx, &v));
		const struct str want = arena_printf(a, "version %d.", round);
		bool told;
		/* From memory, where others may have put it; then with the database; then again, where that may have put it. */
		for (int look = 0; look < 3; look++)
			must(reads(look == 1 ? db : NULL, a, posts[i], want, &told) || !told);
		db_rest(db);
		arena_reset(a);
	}
	db_close(&db);
	arena_free(&a);
	return NULL;
}

static void *reader(void *arg) {
	struct db *db;
	struct arena *a = arena_new();
	int64_t head;
	bool told;
	must(!db_open(&db, store));
	for (uint64_t n = 0; !over; n++) {
		/* A snapshot that is old by the time it is read from. */
		must(!journal_head(db, &head, &head));
		if (n % 2)
			usleep((useconds_t)(n % 7) * 300);
		for (int i = 0; i < WRITERS; i++)
			reads(db, a, posts[i], S("version"), &told);
		db_rest(db);
		arena_reset(a);
	}
	db_close(&db);
	arena_free(&a);
	return NULL;
}

static err cast_tx(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_BULK_LOADED, 0, 0, 0));
	for (int i = 0; i < WRITERS; i++) {
		char name[16];
		const int n = snprintf(name, sizeof name, "writer%d", i);
		const struct account_row row = {.id = authors[i], .username = str_mem(name, (size_t)n), .changed_at = 1};
		TRY(store_account_insert(tx, &row));
	}
	return NULL;
}

static void what_was_changed_is_read_changed(void **state) {
	pthread_t threads[WRITERS + READERS];
	int numbers[WRITERS];
	struct db *db;
	ok(db_open(&db, store));
	for (int i = 0; i < WRITERS; i++) {
		authors[i] = id_new();
		posts[i] = id_new();
	}
	ok(tx_run(db, cast_tx, NULL));
	for (int i = 0; i < WRITERS; i++) {
		struct version v = {posts[i], authors[i], 0, true};
		ok(tx_run(db, write_tx, &v));
	}
	for (int i = 0; i < READERS; i++)
		must(!pthread_create(&threads[WRITERS + i], NULL, reader, NULL));
	for (int i = 0; i < WRITERS; i++) {
		numbers[i] = i;
		must(!pthread_create(&threads[i], NULL, writer, &numbers[i]));
	}
	for (int i = 0; i < WRITERS + READERS; i++) {
		must(!pthread_join(threads[i], NULL));
		over = i >= WRITERS - 1;
	}
	db_close(&db);
}

/* ── decisions ── */

static int64_t tag;

static err tagged_tx(struct tx *tx, void *arg) {
	const int i = *(const int *)arg;
	const struct status s = {
	    .id = posts[i], .author_id = authors[i], .thread_id = posts[i], .flags = STATUS_HAS_TAGS, .text = S("#tag")};
	TRY(tx_journal(tx, J_STATUS_CREATED, s.id, s.author_id, 0));
	TRY(store_tag_ensure(tx, S("tag"), S("tag"), tag, &tag));
	TRY(store_status_insert(tx, &s));
	return store_tag_status_insert(tx, tag, s.id);
}

struct decision {
	int64_t author;
	bool suspended;
};

static err decide_tx(struct tx *tx, void *arg) {
	const struct decision *d = arg;
	TRY(tx_journal(tx, J_MODERATED, 1, d->author, 0));
	return store_account_flags_set(tx, d->author, d->suspended ? ACCOUNT_SUSPENDED : 0, d->suspended ? 0 : ACCOUNT_SUSPENDED);
}

/* Whether the hashtag's page shows the post. */
static bool shows(struct db *db, struct arena *a, int64_t post, bool *told) {
	const struct feed_query q = {.kind = FEED_TAGS, .id = tag, .limit = 20};
	struct pass p = pass_of(site.feed, db, a, 0);
	struct feed_page page;
	feed_open(site.feed, &q);
	do {
		pass_enter(&p);
		feed_merge(&p, &q, &page);
	} while (pass_leave(&p));
	*told = !p.missed && !p.error;
	for (size_t i = 0; i < page.n; i++)
		if (page.v[i].id == post)
			return true;
	return false;
}

static void *moderator(void *arg) {
	const int i = *(const int *)arg;
	struct db *db;
	struct arena *a = arena_new();
	must(!db_open(&db, store));
	for (int round = 0; round < ROUNDS; round++) {
		struct decision d = {authors[i], round % 2 == 0};
		must(!tx_run(db, decide_tx, &d));
		bool told;
		for (int look = 0; look < 3; look++)
			must(shows(look == 1 ? db : NULL, a, posts[i], &told) != d.suspended || !told);
		db_rest(db);
		arena_reset(a);
	}
	db_close(&db);
	arena_free(&a);
	return NULL;
}

static void *visitor(void *arg) {
	struct db *db;
	struct arena *a = arena_new();
	int64_t head;
	bool told;
	must(!db_open(&db, store));
	for (uint64_t n = 0; !over; n++) {
		must(!journal_head(db, &head, &head));
		if (n % 2)
			usleep((useconds_t)(n % 7) * 300);
		shows(db, a, posts[0], &told);
		db_rest(db);
		arena_reset(a);
	}
	db_close(&db);
	arena_free(&a);
	return NULL;
}

static void who_was_let_back_is_under_every_hashtag_again(void **state) {
	pthread_t threads[WRITERS + READERS];
	int numbers[WRITERS];
	struct db *db;
	ok(db_open(&db, store));
	tag = id_new();
	over = false;
	for (int i = 0; i < WRITERS; i++) {
		posts[i] = id_new();
		ok(tx_run(db, tagged_tx, &i));
	}
	for (int i = 0; i < READERS; i++)
		must(!pthread_create(&threads[WRITERS + i], NULL, visitor, NULL));
	for (int i = 0; i < WRITERS; i++) {
		numbers[i] = i;
		must(!pthread_create(&threads[i], NULL, moderator, &numbers[i]));
	}
	for (int i = 0; i < WRITERS + READERS; i++) {
		must(!pthread_join(threads[i], NULL));
		over = i >= WRITERS - 1;
	}
	db_close(&db);
}

static int setup(void **state) {
	ok(store_open(&store, test_url(), str_of(test_folder())));
	site = (struct site){.base_url = S("https://example.org"), .domain = S("example.org")};
	site.feed = feed_new(1 << 20);
	view_loaders(&site);
	store_on_commit(store, feed_apply, site.feed);
	return 0;
}

static int teardown(void **state) {
	store_close(&store);
	feed_free(&site.feed);
	test_folder_remove();
	return 0;
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_changed_is_read_changed),
	    cmocka_unit_test(who_was_let_back_is_under_every_hashtag_again),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
