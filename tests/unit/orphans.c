/* Bytes that no row names: listed, found by their age and their name, and removed beside uploads of the same bytes. */
#include "base/clock.h"
#include "blob/files.h"
#include "config/config.h"
#include "core/media.h"
#include "core/orphan.h"
#include "core/site.h"
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

static struct config *config;
static struct site site;
static struct ctx c;

static int setup(void **state) {
	const struct str sets[] = {S("media.free_floor=0")};
	ok(config_read(&config, &(struct config_options){.data_dir = str_of(test_folder()), .sets = sets, .set_count = 1}));
	site = (struct site){.config = config, .secret = "the site's own and nobody else's"};
	ok(store_open(&site.store, test_url(), str_of(test_folder())));
	c = (struct ctx){.site = &site, .arena = arena_new()};
	ok(db_open(&c.db, site.store));
	ok(blob_files_open(&site.blobs, arena_printf(c.arena, "%s/media", test_folder()), site.secret));
	return 0;
}

static int teardown(void **state) {
	blob_close(&site.blobs);
	db_close(&c.db);
	arena_free(&c.arena);
	store_close(&site.store);
	config_free(&config);
	test_folder_remove();
	return 0;
}

static struct blob_name put(const char *secret, struct str bytes) {
	struct blob_name name;
	blob_name_of(secret, bytes, &name);
	ok(blob_put(site.blobs, &name, bytes));
	return name;
}

static bool there(const struct blob_name *n) {
	bool out;
	ok(blob_has(site.blobs, n, &out));
	return out;
}

static struct media keep(struct ctx *x, struct str bytes) {
	const struct picture p = {.bytes = bytes, .type = "image/png", .ending = "png", .width = 1, .height = 1};
	struct media m;
	ok(media_create(x, 1, MEDIA_IMAGE, &p, &(struct media_text){0}, &m));
	return m;
}

/* All bytes were put two hours ago. */
static void make_old(void) {
	char command[200];
	snprintf(command, sizeof command,
	         "find %s/media -type f -path '*/media/[0-9a-f]*' -exec touch -c -d '2 hours ago' {} + 2>/dev/null", test_folder());
	(void)!system(command);
}

/* As another site's process left it in the same folder two hours ago: its time bears the store's seal (blob/files.c). */
static void seal_long_ago(const struct blob_name *n, int64_t size) {
	char text[BLOB_NAME + 16], hex[2 * BLOB_NAME + 1], path[200];
	int64_t seconds = clock_ms() / 1000 - 7200;
	memcpy(text, n->b, BLOB_NAME);
	memcpy(text + BLOB_NAME, &seconds, 8);
	memcpy(text + BLOB_NAME + 8, &size, 8);
	for (int i = 0; i < BLOB_NAME; i++)
		snprintf(hex + 2 * i, 3, "%02x", n->b[i]);
	snprintf(path, sizeof path, "%s/media/%.2s/%.2s/%s", test_folder(), hex, hex + 2, hex);
	const struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {seconds, (long)(str_hash(str_mem(text, sizeof text)) % 1000000000)}};
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void sweep(struct ctx *x) {
	ok(orphans_sweep(x, &(struct job){.id = 1}));
	ok(media_sweep(x, &(struct job){.id = 2}));
}

struct listed {
	struct blob_name names[16];
	size_t n, most;
	int64_t oldest;
};

static err note(void *arg, const struct blob_item *item) {
	struct listed *l = arg;
	must(l->n < 16);
	l->names[l->n++] = item->name;
	l->oldest = !l->oldest || item->at < l->oldest ? item->at : l->oldest;
	return l->n == l->most ? err_private(ERR_INTERNAL, "enough") : NULL;
}

static void a_store_lists_its_names_in_order_from_anywhere(void **state) {
	struct listed all = {0}, rest = {0}, some = {.most = 2};
	for (int i = 0; i < 9; i++)
		put(site.secret, arena_printf(c.arena, "number %d", i));
	ok(blob_list(site.blobs, NULL, note, &all));
	assert_int_equal(all.n, 9);
	for (size_t i = 1; i < all.n; i++)
		assert_true(memcmp(all.names[i - 1].b, all.names[i].b, BLOB_NAME) < 0);
	assert_true(all.oldest > clock_ms() - 60000 && all.oldest <= clock_ms());
	ok(blob_list(site.blobs, &all.names[3], note, &rest));
	assert_int_equal(rest.n, 5);
	assert_memory_equal(rest.names[0].b, all.names[4].b, BLOB_NAME);
	assert_non_null(blob_list(site.blobs, NULL, note, &some));
	assert_int_equal(some.n, 2);
}

static void what_no_row_names_goes_once_it_is_old_if_it_is_ours(void **state) {
	const struct media kept = keep(&c, S("kept"));
	const struct blob_name lost = put(site.secret, S("lost")), foreign = put("another site's secret, of 32 bytes", S("foreign"));
	sweep(&c);
	assert_true(there(&lost));
	make_old();
	seal_long_ago(&foreign, 7);
	const struct blob_name young = put(site.secret, S("young"));
	sweep(&c);
	assert_false(there(&lost));
	assert_true(there(&foreign));
	assert_true(there(&young));
	assert_true(there(&kept.blob));
}

/* ── uploads and sweeps of the same bytes ── */

enum { CONTENTS = 6, UPLOADERS = 3, ROUNDS = 150 };
static _Atomic int uploading = UPLOADERS;

static struct str content(struct arena *a, int i) { return arena_printf(a, "content %d", i % CONTENTS); }

static struct ctx another(void) {
	struct ctx x = {.site = &site, .arena = arena_new(), .viewer = 1};
	ok(db_open(&x.db, site.store));
	return x;
}

static void end(struct ctx *x) {
	db_close(&x->db);
	arena_free(&x->arena);
}

/* A crash after the bytes, an upload, and a look whether what has a row has bytes. */
static void *upload(void *arg) {
	struct ctx x = another();
	for (int i = 0; i < ROUNDS; i++) {
		put(site.secret, content(x.arena, i));
		const struct media m = keep(&x, content(x.arena, i + 1));
		must(there(&m.blob));
		usleep(1000);
		must(there(&m.blob));
		if (i + CONTENTS < ROUNDS)
			ok(media_delete(&x, m.id));
		arena_reset(x.arena);
	}
	uploading--;
	end(&x);
	return NULL;
}

static void *make_old_always(void *arg) {
	while (uploading)
		make_old();
	return NULL;
}

static void uploads_and_sweeps_of_the_same_bytes_leave_every_upload_whole(void **state) {
	pthread_t threads[UPLOADERS + 1];
	struct listed left = {0};
	for (int i = 0; i < UPLOADERS; i++)
		must(!pthread_create(&threads[i], NULL, upload, NULL));
	must(!pthread_create(&threads[UPLOADERS], NULL, make_old_always, NULL));
	struct ctx x = another();
	while (uploading)
		sweep(&x);
	for (int i = 0; i <= UPLOADERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < CONTENTS; i++) {
		struct blob_name name;
		blob_name_of(site.secret, content(x.arena, i), &name);
		assert_true(there(&name));
	}
	put(site.secret, S("one more, that nothing names"));
	make_old();
	sweep(&x);
	ok(blob_list(site.blobs, NULL, note, &left));
	struct blob_name *named;
	size_t n;
	ok(store_blob_between(x.arena, x.db, &left.names[0], &left.names[left.n - 1], &named, &n));
	assert_int_equal(n + 1, left.n); /* the foreign one has no row and stays */
	end(&x);
}

static void there_is_one_sweep_for_tomorrow_however_often_it_starts(void **state) {
	struct job *jobs;
	size_t n;
	for (int i = 0; i < 3; i++)
		ok(orphans_begin(&c));
	ok(store_job_due(c.db, c.arena, S(ORPHANS_JOB), clock_ms(), 9, &jobs, &n));
	assert_int_equal(n, 1);
	ok(orphans_sweep(&c, &jobs[0]));
	ok(store_job_done(c.db, jobs[0].id));
	ok(store_job_due(c.db, c.arena, S(ORPHANS_JOB), clock_ms() + 25 * 3600 * 1000, 9, &jobs, &n));
	assert_int_equal(n, 1);
	assert_true(jobs[0].run_at > clock_ms() + 23 * 3600 * 1000);
	ok(orphans_begin(&c));
	ok(store_job_due(c.db, c.arena, S(ORPHANS_JOB), clock_ms(), 9, &jobs, &n));
	assert_int_equal(n, 1);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_store_lists_its_names_in_order_from_anywhere),
	    cmocka_unit_test(there_is_one_sweep_for_tomorrow_however_often_it_starts),
	    cmocka_unit_test(what_no_row_names_goes_once_it_is_old_if_it_is_ours),
	    cmocka_unit_test(uploads_and_sweeps_of_the_same_bytes_leave_every_upload_whole),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
