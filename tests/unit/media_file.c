/* The files of an attachment: each is a use of its bytes, counts in the attachment's size, and lives and dies with its address. */
#include "store/media_file.h"
#include "base/id.h"
#include "store/account.h"
#include "store/media.h"
#include "unit.h"

static struct store *store;
static struct db *db;
static struct arena *arena;
static int64_t account, status = 77;
static struct media m;

static int setup(void **state) {
	arena = arena_new();
	ok(store_open(&store, test_url(), str_of(test_folder())));
	ok(db_open(&db, store));
	return 0;
}

static int teardown(void **state) {
	db_close(&db);
	store_close(&store);
	arena_free(&arena);
	test_folder_remove();
	return 0;
}

static struct blob_name name_of(int n) {
	struct blob_name name = {{(unsigned char)n}};
	return name;
}

static err make(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_ACCOUNT_CREATED, account, 0, 0));
	TRY(store_account_insert(tx, &(struct account_row){.id = account, .username = S("ada"), .display_name = S("Ada")}));
	return store_media_insert(tx, &m);
}

static err put(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_MEDIA_CHANGED, m.id, account, 0));
	return store_media_file_put(tx, arg);
}

static err drop(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_MEDIA_CHANGED, m.id, account, 0));
	return store_media_file_drop(tx, m.id, *(struct str *)arg);
}

static err attach(struct tx *tx, void *arg) {
	bool done;
	TRY(tx_journal(tx, J_MEDIA_CHANGED, m.id, account, status));
	return store_media_attach(tx, m.id, account, status, 0, &done);
}

static err release(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_MEDIA_CHANGED, m.id, account, status));
	return store_media_release(tx, status, NULL, 0);
}

static err drop_media(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_MEDIA_CHANGED, m.id, account, 0));
	return store_media_drop(tx, m.id);
}

static bool is_unused(int n) {
	struct blob_name *names, name = name_of(n);
	size_t count;
	db_rest(db);
	ok(store_blob_unused(arena, db, 100, &names, &count));
	for (size_t i = 0; i < count; i++)
		if (str_eq(blob_name_str(&names[i]), blob_name_str(&name)))
			return true;
	return false;
}

static int64_t size_now(void) {
	struct media now;
	bool found;
	db_rest(db);
	ok(store_media_by_id(arena, db, m.id, &now, &found));
	assert_true(found);
	return now.size;
}

static bool is_served(struct str key, const char *file) {
	struct media_file f;
	int64_t owner;
	bool found;
	db_rest(db);
	ok(store_media_file_served(arena, db, str_first(key, 32), str_of(file), &f, &owner, &found));
	return found;
}

static struct str key_now(void) {
	struct media now;
	bool found;
	db_rest(db);
	ok(store_media_by_id(arena, db, m.id, &now, &found));
	return now.key;
}

static void put_file(const char *name, int blob, int64_t size) {
	struct media_file f = {m.id, str_of(name), name_of(blob), S("video/mp4"), size};
	ok(tx_run(db, put, &f));
}

static void a_film_has_no_bytes_but_its_source_and_its_files(void **state) {
	account = id_new();
	m = (struct media){.id = id_new(),
	                   .account_id = account,
	                   .kind = MEDIA_VIDEO,
	                   .state = MEDIA_WAITING,
	                   .key = store_media_key(arena, S("mp4")),
	                   .type = S("video/mp4"),
	                   .size = 1000,
	                   .source = name_of(1),
	                   .has_source = true,
	                   .source_size = 1000};
	ok(tx_run(db, make, NULL));
	put_file("360.mp4", 2, 10);
	put_file("hls.m3u8", 3, 5);
	assert_int_equal(size_now(), 1015);
	assert_true(is_served(m.key, "360.mp4"));
	assert_false(is_served(m.key, "720.mp4"));
	assert_false(is_unused(1) || is_unused(2) || is_unused(3));
}

static void a_file_put_again_takes_the_place_of_the_old(void **state) {
	put_file("hls.m3u8", 4, 7);
	assert_int_equal(size_now(), 1017);
	assert_true(is_unused(3));
	put_file("hls.m3u8", 4, 7);
	assert_int_equal(size_now(), 1017);
	assert_false(is_unused(4));
}

static void a_dropped_file_gives_its_bytes_back(void **state) {
	struct str name = S("360.mp4");
	ok(tx_run(db, drop, &name));
	ok(tx_run(db, drop, &name));
	assert_int_equal(size_now(), 1007);
	assert_true(is_unused(2));
	assert_false(is_served(m.key, "360.mp4"));
}

static void off_its_post_an_attachment_s_files_have_new_addresses(void **state) {
	ok(tx_run(db, attach, NULL));
	assert_true(is_served(m.key, "hls.m3u8"));
	ok(tx_run(db, release, NULL));
	assert_false(is_served(m.key, "hls.m3u8"));
	assert_true(is_served(key_now(), "hls.m3u8"));
}

static void with_the_attachment_all_goes(void **state) {
	struct media_file *files;
	size_t n;
	ok(tx_run(db, drop_media, NULL));
	assert_true(is_unused(1) && is_unused(4));
	ok(store_media_files(arena, db, m.id, &files, &n));
	assert_int_equal(n, 0);
	db_rest(db);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_film_has_no_bytes_but_its_source_and_its_files),
	    cmocka_unit_test(a_file_put_again_takes_the_place_of_the_old),
	    cmocka_unit_test(a_dropped_file_gives_its_bytes_back),
	    cmocka_unit_test(off_its_post_an_attachment_s_files_have_new_addresses),
	    cmocka_unit_test(with_the_attachment_all_goes),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
